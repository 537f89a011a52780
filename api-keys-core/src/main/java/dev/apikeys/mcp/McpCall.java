package dev.apikeys.mcp;

import dev.apikeys.text.VisibleAscii;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message of a client, after parsing: a method, what it is about, and where. Of a batch, each element is a call of
 * its own. Nothing here is trusted, trimmed or folded; only the host knows whether a tool is read-only, and which
 * project and instance a request is for.
 *
 * <p>Immutable and thread-safe.
 *
 * @param method the method's name, as it was sent
 * @param name the tool, prompt or resource that it is about, or null when it names none
 * @param effect what is known about the tool
 * @param project the project that it is about, or null when it is about none or nobody knows
 * @param instance the instance that it is about, or null when it is about none or nobody knows
 */
public record McpCall(
        String method,
        @Nullable String name,
        Effect effect,
        @Nullable String project,
        @Nullable String instance) {
    /** What is known about a tool before it runs. */
    public enum Effect {
        /** Nothing; so it counts as writing. */
        UNKNOWN,
        /** It only reads, says a server that the host trusts. */
        READ_ONLY
    }

    /** Checks that there is a method. */
    public McpCall {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(effect, "effect");
    }

    /** A call of a method that names no tool, resource or prompt, or one that no rule asks for. */
    public static McpCall of(String method) {
        return new McpCall(method, null, Effect.UNKNOWN, null, null);
    }

    /**
     * A call of a tool that nothing is known about. A list of tools asks {@link McpPolicy#lists} with the same value.
     *
     * @param name the tool, or null when the message names none
     */
    public static McpCall tool(@Nullable String name) {
        return new McpCall(McpMethod.TOOLS_CALL.toString(), name, Effect.UNKNOWN, null, null);
    }

    /** The same call of a tool that a trusted server declares read-only; of other calls it changes nothing. */
    public McpCall knownReadOnly() {
        return new McpCall(method, name, Effect.READ_ONLY, project, instance);
    }

    /** The same call about a project; null when it is about none or nobody knows. */
    public McpCall inProject(@Nullable String id) {
        return new McpCall(method, name, effect, id, instance);
    }

    /** The same call about an instance; null when it is about none or nobody knows. */
    public McpCall onInstance(@Nullable String id) {
        return new McpCall(method, name, effect, project, id);
    }

    /** What is called, on one line and in ASCII, whatever the client sent. */
    @Override
    public String toString() {
        String about = name == null ? "" : " of " + VisibleAscii.quoted(name);
        return "McpCall[" + VisibleAscii.quoted(method) + about + "]";
    }
}
