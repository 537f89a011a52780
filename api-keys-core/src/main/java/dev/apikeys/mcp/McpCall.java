package dev.apikeys.mcp;

import dev.apikeys.text.VisibleAscii;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One parsed message of a client: the method, its subject, and its project and instance. Each element of a batch is a
 * separate call. The texts are exactly as the client sent them. Only the host knows whether a tool is read-only, and
 * which project and instance a call is for.
 *
 * <p>Immutable and thread-safe.
 *
 * @param method the method's name, as the client sent it
 * @param name the tool, prompt or resource of the call, or null if it names none
 * @param effect what is known about the tool
 * @param project the project of the call, or null if there is none or it is unknown
 * @param instance the instance of the call, or null if there is none or it is unknown
 */
public record McpCall(
        String method,
        @Nullable String name,
        Effect effect,
        @Nullable String project,
        @Nullable String instance) {
    /** What is known about a tool before it runs. */
    public enum Effect {
        /** Nothing is known, so the tool counts as writing. */
        UNKNOWN,
        /** The tool only reads, according to a server that the host trusts. */
        READ_ONLY
    }

    /** Checks that there is a method. */
    public McpCall {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(effect, "effect");
    }

    /** A call of a method without a tool, resource or prompt, or with one that no rule checks. */
    public static McpCall of(String method) {
        return new McpCall(method, null, Effect.UNKNOWN, null, null);
    }

    /**
     * A call of a tool about which nothing is known. To filter a list of tools, pass the same value to
     * {@link McpPolicy#lists}.
     *
     * @param name the tool, or null if the message names none
     */
    public static McpCall tool(@Nullable String name) {
        return new McpCall(McpMethod.TOOLS_CALL.toString(), name, Effect.UNKNOWN, null, null);
    }

    /** The same call for a tool that a trusted server declares read-only. Other calls stay as they are. */
    public McpCall knownReadOnly() {
        return new McpCall(method, name, Effect.READ_ONLY, project, instance);
    }

    /** The same call for a project; null if there is none or it is unknown. */
    public McpCall inProject(@Nullable String id) {
        return new McpCall(method, name, effect, id, instance);
    }

    /** The same call for an instance; null if there is none or it is unknown. */
    public McpCall onInstance(@Nullable String id) {
        return new McpCall(method, name, effect, project, id);
    }

    /** The call on one line, in ASCII, for any text that the client sent. */
    @Override
    public String toString() {
        String about = name == null ? "" : " of " + VisibleAscii.quoted(name);
        return "McpCall[" + VisibleAscii.quoted(method) + about + "]";
    }
}
