package dev.apikeys;

import java.time.Instant;

/**
 * Puts rejections of known keys into the audit trail. They are limited for each key and written in batches, so no
 * request causes a write.
 *
 * <p>Thread-safe.
 */
final class RejectionAudit {
    private final WriteBehind writeBehind;
    private final TimeOrderedIds ids;
    private final Lease time;

    RejectionAudit(WriteBehind writeBehind, TimeOrderedIds ids, Lease time) {
        this.writeBehind = writeBehind;
        this.ids = ids;
        this.time = time;
    }

    void note(CacheEntry key, Rejection reason, ClientRequest request) {
        note(key, key.notes().rejections(), event(reason), reason.name(), request);
    }

    void noteMcpDenied(CacheEntry key, String reason, ClientRequest request) {
        note(key, key.notes().mcpDenials(), AuditEvent.MCP_DENIED, reason, request);
    }

    private void note(CacheEntry key, AuditBudget budget, AuditEvent event, String reason, ClientRequest request) {
        Instant now = time.now();
        // Unknown ids use a budget too, so that they take the same time.
        if (budget.take(now.toEpochMilli()) && key.isKnown()) {
            writeBehind.noteAudit(key.audited(ids.next(), event, reason, request, now));
        }
    }

    private static AuditEvent event(Rejection reason) {
        return reason == Rejection.RATE_LIMITED ? AuditEvent.RATE_LIMITED : AuditEvent.AUTH_FAILED;
    }
}
