package dev.apikeys.mcp.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What only the host knows of an agent's call: which project and instance it concerns, and whether a tool only reads.
 * {@link GuardFilter} asks for every request, and for every entry of a list; what fails here denies.
 *
 * <p>Without a host of one's own no call concerns a project or an instance that anybody knows of, so keys that are limited
 * to some can call nothing; and a tool only reads when the server's own list said so last.
 *
 * <p>Implementations must be thread-safe and quick.
 */
public interface CallClassifier {
    /**
     * The project that the call concerns; null when it is none, or unknown.
     *
     * @param request its body is read already
     * @param call what is called, or what stands in a list
     */
    default @Nullable String project(HttpServletRequest request, AgentCall call) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(call, "call");
        return null;
    }

    /**
     * The instance that the call concerns; null when it is none, or unknown.
     *
     * @param request its body is read already
     * @param call what is called, or what stands in a list
     */
    default @Nullable String instance(HttpServletRequest request, AgentCall call) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(call, "call");
        return null;
    }

    /**
     * Tells whether the tool is known to change nothing.
     *
     * @param tool the tool's exact name
     * @param listedReadOnly whether the server's latest list had it with {@code annotations.readOnlyHint}; false for a
     *     tool that this node saw in no list yet
     */
    default boolean isReadOnly(String tool, boolean listedReadOnly) {
        Objects.requireNonNull(tool, "tool");
        return listedReadOnly;
    }

    /**
     * A request of an agent, as a {@link CallClassifier} sees it. Everything in it was sent by a stranger.
     *
     * <p>Immutable and thread-safe.
     *
     * @param method for example {@code tools/call}
     * @param name the tool, prompt or resource that it is about, or null when it names none
     * @param arguments the arguments that are text or whole numbers, by name; empty for what stands in a list
     */
    record AgentCall(String method, @Nullable String name, Map<String, String> arguments) {
        /** Copies the map. */
        public AgentCall {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(arguments, "arguments");
            arguments = Map.copyOf(arguments);
        }

        /** A call that names nothing. */
        static AgentCall of(String method) {
            return new AgentCall(method, null, Map.of());
        }

        /** Without the arguments, which may be anybody's secrets. */
        @Override
        public String toString() {
            return "AgentCall[" + arguments.size() + " arguments]";
        }
    }
}
