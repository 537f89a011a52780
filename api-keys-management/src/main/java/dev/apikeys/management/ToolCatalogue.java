package dev.apikeys.management;

import dev.apikeys.mcp.McpCall;
import java.util.List;
import java.util.Objects;

/**
 * Tells which tools agents can call, so that people see what a policy means for each of them. It decides nothing: the guard
 * in front of the tools does. If it throws, people see no tools.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface ToolCatalogue {
    /**
     * The tools of the connected server, in display order.
     *
     * @param caller the caller from the {@link SessionResolver}
     * @return empty if they are not known
     */
    List<Tool> tools(Caller.Session caller);

    /**
     * A tool.
     *
     * <p>Immutable and thread-safe.
     *
     * @param name the name in the protocol
     * @param title the name for people; may be the same
     * @param effect whether a server that the host trusts says that the tool only reads
     */
    record Tool(String name, String title, McpCall.Effect effect) {
        /** Checks that nothing is missing. */
        public Tool {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(effect, "effect");
        }
    }
}
