package dev.apikeys.mcp;

import dev.apikeys.text.VisibleAscii;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * A granular permission. Each opens some methods and no other; each method is opened by
 * exactly one, and a few that carry no data ({@code initialize}, {@code ping}, …) need none. A list is opened by the
 * permission for what it lists, so that nothing is listed that could not be used.
 *
 * <p>Immutable and thread-safe.
 */
public enum McpPermission {
    /** {@code mcp:tools:call}: list tools, and call those that the other rules allow. */
    TOOLS_CALL("mcp:tools:call"),
    /** {@code mcp:resources:read}: list and read resources, their templates and directories, and skills. */
    RESOURCES_READ("mcp:resources:read"),
    /** {@code mcp:prompts:get}: list and get prompts. */
    PROMPTS_GET("mcp:prompts:get"),
    /** {@code mcp:completion:complete}: complete the arguments of prompts and resource templates. */
    COMPLETION_COMPLETE("mcp:completion:complete"),
    /** {@code mcp:subscriptions:listen}: receive changes of resources and lists. */
    SUBSCRIPTIONS_LISTEN("mcp:subscriptions:listen"),
    /** {@code mcp:tasks:get}: ask for the state and the result of a call that runs in the background. */
    TASKS_GET("mcp:tasks:get"),
    /**
     * {@code mcp:tasks:update}: answer the questions of such a call, or cancel it; denied if the policy is read-only.
     */
    TASKS_UPDATE("mcp:tasks:update"),
    /** {@code mcp:tasks:list}: list such calls; on some servers also those of other clients. */
    TASKS_LIST("mcp:tasks:list"),
    /** {@code mcp:logging:set-level}: choose what the server logs; on some servers for every client. */
    LOGGING_SET_LEVEL("mcp:logging:set-level");

    private final String word;

    McpPermission(String word) {
        this.word = word;
    }

    /**
     * Parses the text of {@link #toString()}, without wildcards.
     *
     * @throws IllegalArgumentException when there is no such permission
     */
    public static McpPermission parse(String word) {
        Objects.requireNonNull(word, "word");
        for (McpPermission permission : values()) {
            if (permission.word.equals(word)) {
                return permission;
            }
        }
        throw new IllegalArgumentException("no such MCP permission: " + VisibleAscii.quoted(word));
    }

    /** The names of the methods that the permission allows, at least one. */
    Set<String> methods() {
        Set<String> methods = new LinkedHashSet<>();
        for (McpMethod method : McpMethod.values()) {
            if (method.needs() == this) {
                methods.add(method.toString());
            }
        }
        return Collections.unmodifiableSet(methods);
    }

    /** The permission's name in text, for example {@code mcp:tools:call}. */
    @Override
    public String toString() {
        return word;
    }
}
