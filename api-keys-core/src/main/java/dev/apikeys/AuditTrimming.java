package dev.apikeys;

import dev.apikeys.spi.AuditExport;
import dev.apikeys.spi.AuditRemoval;
import dev.apikeys.spi.Housekeeping;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes audit entries from before an instant, in steps with rests between them. With an export each batch is read and
 * exported first. A run that ends in the middle leaves the rest to the next one.
 *
 * <p>For one thread, once.
 */
final class AuditTrimming {
    private static final int BATCH = 500;
    private static final long REPORTED = 100_000;
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrimming.class);

    private final Instant before;
    private final AuditExport export;
    private final Housekeeping store;
    private final SharedTask task;
    private Instant reached = Instant.EPOCH;
    private long removed;

    AuditTrimming(Instant before, AuditExport export, Housekeeping store, SharedTask task) {
        this.before = before;
        this.export = export;
        this.store = store;
        this.task = task;
    }

    void run() {
        Pace.Step step = isExported() ? this::exportAndRemove : this::removeUnread;
        boolean more = true;
        while (more) {
            more = task.step(step);
        }
        if (removed > 0) {
            report();
        }
    }

    @SuppressWarnings("ReferenceEquality") // The very object means that there is none.
    private boolean isExported() {
        return export != AuditExport.NONE;
    }

    private boolean removeUnread() {
        return note(store.removeOldestAudit(reached, before, BATCH));
    }

    private boolean exportAndRemove() {
        List<AuditEntry> batch = store.oldestAudit(reached, before, BATCH);
        if (batch.isEmpty()) {
            return false;
        }
        if (removed == 0) {
            // Without the right to remove entries, the same ones would be exported at every run.
            store.removeAudit(List.of());
        }
        if (!task.goesOn()) {
            // The service was closed meanwhile, and the host may have been as well.
            return false;
        }
        task.call(() -> export.export(batch));
        store.removeAudit(batch);
        return note(new AuditRemoval(batch.size(), batch.get(batch.size() - 1).at()));
    }

    private boolean note(AuditRemoval step) {
        long reports = removed / REPORTED;
        removed += step.entries();
        reached = step.reached();
        if (removed / REPORTED > reports) {
            report();
        }
        return step.entries() > 0;
    }

    private void report() {
        LOG.info("Removed {} audit entries; none from before {} is left", removed, reached);
    }
}
