package dev.apikeys;

import dev.apikeys.spi.AuditExport;
import dev.apikeys.spi.Housekeeping;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Removes audit entries that are older than the retention, each batch after it was exported.
 *
 * <p>For one thread at a time.
 */
final class AuditTrimming {
    private static final int BATCH = 500;

    private final Duration retention;
    private final AuditExport export;
    private final Housekeeping store;
    private final SharedTask task;

    AuditTrimming(Duration retention, AuditExport export, Housekeeping store, SharedTask task) {
        this.retention = retention;
        this.export = export;
        this.store = store;
        this.task = task;
    }

    void run(Instant now) {
        Instant before = now.minus(retention);
        List<AuditEntry> batch = store.oldestAudit(before, BATCH);
        if (!batch.isEmpty()) {
            // Without the right to remove entries, the same ones would be exported at every run.
            store.removeAudit(List.of());
        }
        while (!batch.isEmpty() && task.goesOn()) {
            export.export(batch);
            store.removeAudit(batch);
            batch = store.oldestAudit(before, BATCH);
        }
    }
}
