package dev.apikeys.mcp.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What only the host knows of an agent's call: which project and instance it concerns, and whether a tool only reads.
 * {@link GuardFilter} asks for every request, and for every entry of a list; what fails here denies.
 *
 * <p>Without a host of one's own no call concerns a project or an instance that anybody knows of, so keys that are limited
 * to some can call nothing; and a tool only reads when the server's own list for the key's owner said so last.
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
     * @param request of the key that calls it, or is shown it in a list; tenants may have different tools of one name
     * @param tool the tool's exact name
     * @param listedReadOnly whether the latest of the server's lists with this tool, for the key's owner, had it with
     *     {@code annotations.readOnlyHint}; false for a tool that this node saw in no such list yet
     */
    default boolean isReadOnly(HttpServletRequest request, String tool, boolean listedReadOnly) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(tool, "tool");
        return listedReadOnly;
    }

    /**
     * A call of an agent, or what stands in a list, as a {@link CallClassifier} sees it: what its method has, and nothing else
     * of what was sent. Everything in it was sent by a stranger.
     *
     * <p>Immutable and thread-safe.
     *
     * @param method for example {@code tools/call}
     * @param subject what kind of thing it is about
     * @param name the name of a tool or prompt, the URI of a resource, or the id of a task; null when it names none
     * @param arguments the arguments of a tool or prompt that are text or whole numbers, by name; empty for what stands in a
     *     list
     */
    record AgentCall(
            String method, Subject subject, @Nullable String name, Map<String, String> arguments) {
        /** What kind of thing a call is about. */
        public enum Subject {
            /** None. */
            NOTHING,
            /** A tool. */
            TOOL,
            /** A prompt. */
            PROMPT,
            /** A resource, a template of resources, or a skill. */
            RESOURCE,
            /** A task. */
            TASK
        }

        /** Copies the map, unless it is the guard's own. */
        public AgentCall {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(subject, "subject");
            Objects.requireNonNull(arguments, "arguments");
            // Map.copyOf takes quadratic time for names that a client chose for that.
            arguments =
                    Collections.unmodifiableMap(arguments instanceof Arguments ? arguments : new HashMap<>(arguments));
        }

        /** A call that names nothing. */
        static AgentCall of(String method) {
            return new AgentCall(method, Subject.NOTHING, null, Map.of());
        }

        /** Without the arguments, which may be anybody's secrets. */
        @Override
        public String toString() {
            return "AgentCall[" + subject + ", " + arguments.size() + " arguments]";
        }
    }
}
