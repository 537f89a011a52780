package dev.apikeys.mcp;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The decision about a call: allowed or denied.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface McpDecision {
    /** The call may go on to the server. */
    record Allowed() implements McpDecision {}

    /**
     * The call is denied.
     *
     * @param reason the first rule that the call broke
     * @param missing the missing permission; null for every other reason
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

        /** A denial for any reason except a missing permission. */
        public Denied(McpDenial reason) {
            this(reason, null);
        }
    }

    /** Tells whether the call may go on. */
    default boolean isAllowed() {
        return this instanceof Allowed;
    }
}
