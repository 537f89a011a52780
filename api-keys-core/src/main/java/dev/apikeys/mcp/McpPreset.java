package dev.apikeys.mcp;

import static dev.apikeys.mcp.McpPolicy.AllowlistMode.ALL;
import static dev.apikeys.mcp.McpPolicy.AllowlistMode.LISTED;

import java.util.EnumSet;
import java.util.Set;

/**
 * A named policy. It fixes whether writing is allowed, which tools are allowed, and the permissions. Projects and
 * instances belong to the key under every preset. A preset is stored by name, and its content is defined only here.
 *
 * <p>Immutable and thread-safe.
 */
public enum McpPreset {
    /** Nothing is allowed, not even {@code initialize}. */
    NONE(new McpRules(true, LISTED, Set.of())),

    /**
     * Reading: every tool that is known to be read-only, resources, prompts, completion, notifications of changes, and
     * the results of calls in the background.
     */
    READ_ONLY(new McpRules(
            true,
            ALL,
            EnumSet.of(
                    McpPermission.TOOLS_CALL,
                    McpPermission.RESOURCES_READ,
                    McpPermission.PROMPTS_GET,
                    McpPermission.COMPLETION_COMPLETE,
                    McpPermission.SUBSCRIPTIONS_LISTEN,
                    McpPermission.TASKS_GET))),

    /**
     * Working: every tool, and everything else that concerns only the agent's own calls. Not allowed are listing tasks,
     * which others may have started, and setting what the server logs.
     */
    STANDARD(new McpRules(
            false, ALL, EnumSet.complementOf(EnumSet.of(McpPermission.TASKS_LIST, McpPermission.LOGGING_SET_LEVEL)))),

    /** Everything that this library knows, now and in later versions. */
    FULL(new McpRules(false, ALL, EnumSet.allOf(McpPermission.class))),

    /**
     * What the caller says, field by field. It begins with reading only and no tool listed, so that no tool is open that
     * nobody named; and with the permissions of {@link #STANDARD}, so that naming tools is enough to open them.
     */
    CUSTOM(new McpRules(true, LISTED, STANDARD.rules.permissions()));

    // The set is immutable, but the checker knows that only for types with its own annotation.
    @SuppressWarnings("ImmutableEnumChecker")
    private final McpRules rules;

    McpPreset(McpRules rules) {
        this.rules = rules;
    }

    /** The fields that the preset fixes; for {@link #CUSTOM}, its initial fields. */
    McpRules rules() {
        return rules;
    }
}
