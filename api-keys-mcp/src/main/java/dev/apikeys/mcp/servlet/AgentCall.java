package dev.apikeys.mcp.servlet;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of an agent, as a {@link CallClassifier} sees it. Everything in it was sent by a stranger.
 *
 * <p>Immutable and thread-safe.
 *
 * @param method for example {@code tools/call}
 * @param name the tool, prompt or resource that it is about, or null when it names none
 * @param arguments the arguments that are text or whole numbers, by name; empty for what stands in a list
 */
public record AgentCall(String method, @Nullable String name, Map<String, String> arguments) {
    /** Copies the map. */
    public AgentCall {
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
