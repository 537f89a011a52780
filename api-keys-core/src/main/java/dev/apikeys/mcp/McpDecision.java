package dev.apikeys.mcp;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
     * @param missing the permission that would open the method; null unless that is what the policy lacks
     */
    record Denied(McpDenial reason, @Nullable McpPermission missing) implements McpDecision {
        /** Checks that a permission is named exactly where one is missing. */
        public Denied {
            Objects.requireNonNull(reason, "reason");
            if ((reason == McpDenial.PERMISSION_MISSING) != (missing != null)) {
                throw new IllegalArgumentException(
                        "a denial names a permission exactly when one is missing: " + reason);
            }
        }

        /** A denial for any reason but a missing permission. */
        public Denied(McpDenial reason) {
            this(reason, null);
        }
    }

    /** Tells whether the call may go on. */
    default boolean isAllowed() {
        return this instanceof Allowed;
    }
}
