package dev.apikeys.management;

import dev.apikeys.AuditEntry;
import dev.apikeys.Rejection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The words of the contract for what the audit trail records, the same in every family. */
final class AuditWords {
    private AuditWords() {}

    static String event(AuditEntry entry) {
        return entry.event().name().toLowerCase(Locale.ROOT);
    }

    /** The words of the contract for rejections; other reasons as they were given; null where there is none. */
    static @Nullable String reason(AuditEntry entry) {
        String reason = entry.rejection().map(AuditWords::word).orElse(entry.reason());
        return reason.isEmpty() ? null : reason;
    }

    private static String word(Rejection rejection) {
        return switch (rejection) {
            case REVOKED -> "revoked";
            case EXPIRED -> "expired";
            case PAUSED -> "paused";
            case OWNER_INACTIVE -> "user_inactive";
            case IP_NOT_ALLOWED -> "ip_not_allowed";
            // The event says it.
            case RATE_LIMITED -> "";
            case SECRET_MISMATCH, UNKNOWN, MALFORMED, OTHER_ENVIRONMENT, MISSING -> "invalid_secret";
        };
    }
}
