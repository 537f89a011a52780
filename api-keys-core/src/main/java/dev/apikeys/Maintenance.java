package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.MaintenanceReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Removes keys that ended long ago and change rows that every node has read. It works in small transactions, so that no
 * other call waits for it. The store lets only one node at a time do it.
 *
 * <p>Thread-safe.
 */
final class Maintenance {
    static final Duration INTERVAL = Duration.ofHours(1);

    private static final Duration CHANGES_KEPT = Duration.ofHours(24);
    private static final int STEP = 500;
    private static final int MAX_STEPS = 100;

    private final ApiKeyStore store;
    private final BoundedTime time;
    private final Duration retention;
    private volatile boolean stopped;

    Maintenance(ApiKeyStore store, Lease time, Duration retention) {
        this.store = store;
        this.time = new BoundedTime(time);
        this.retention = retention;
    }

    /** Makes a run that is under way its last step: an interrupt would break some embedded databases. */
    void stop() {
        stopped = true;
    }

    MaintenanceReport run() {
        Instant now = time.now();
        int keys = 0;
        int changes = 0;
        for (int step = 0;
                step < MAX_STEPS && !stopped && !Thread.currentThread().isInterrupted();
                step++) {
            Optional<MaintenanceReport> report = store.maintain(now.minus(retention), now.minus(CHANGES_KEPT), STEP);
            if (report.isEmpty()) {
                break;
            }
            keys += report.get().keys();
            changes += report.get().changes();
            if (report.get().keys() < STEP && report.get().changes() < STEP) {
                break;
            }
        }
        return new MaintenanceReport(keys, changes);
    }
}
