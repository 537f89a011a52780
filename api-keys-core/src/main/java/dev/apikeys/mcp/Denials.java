package dev.apikeys.mcp;

import dev.apikeys.mcp.McpDecision.Denied;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** All possible denials, created in advance so that a decision allocates nothing. */
final class Denials {
    private static final Map<McpDenial, Denied> BY_REASON = new EnumMap<>(McpDenial.class);
    private static final Map<McpPermission, Denied> BY_MISSING = new EnumMap<>(McpPermission.class);

    static {
        for (McpDenial reason : McpDenial.values()) {
            if (reason != McpDenial.PERMISSION_MISSING) {
                BY_REASON.put(reason, new Denied(reason));
            }
        }
        for (McpPermission permission : McpPermission.values()) {
            BY_MISSING.put(permission, new Denied(McpDenial.PERMISSION_MISSING, permission));
        }
    }

    private Denials() {}

    /** A denial for any reason except a missing permission. */
    static Denied of(McpDenial reason) {
        return Objects.requireNonNull(BY_REASON.get(reason), "a denial for a missing permission must name it");
    }

    static Denied missing(McpPermission permission) {
        return Objects.requireNonNull(BY_MISSING.get(permission), "permission");
    }
}
