package dev.apikeys.mcp;

/**
 * The answer to a call: a value for both outcomes.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface McpDecision {
    /** The call may go on to the server. */
    record Allowed() implements McpDecision {}

    /**
     * The call goes nowhere.
     *
     * @param reason the first rule that it broke
     */
    record Denied(McpDenial reason) implements McpDecision {}

    /** Tells whether the call may go on. */
    default boolean isAllowed() {
        return this instanceof Allowed;
    }
}
