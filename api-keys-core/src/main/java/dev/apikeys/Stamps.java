package dev.apikeys;

import java.time.Instant;

/**
 * The time of a change and its entry in the audit trail.
 *
 * <p>Thread-safe.
 */
final class Stamps {
    private final Lease time;
    private final TimeOrderedIds auditIds;

    Stamps(Lease time, TimeOrderedIds auditIds) {
        this.time = time;
        this.auditIds = auditIds;
    }

    Instant now() {
        return time.now();
    }

    AuditEntry audit(ApiKey key, AuditEvent event, String reason, Actor actor, Instant now) {
        return AuditEntry.of(auditIds.next(), key, event, reason, actor, now);
    }
}
