package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.MaintenanceReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Removes keys that ended long ago and change rows that every node has read. It works in small transactions with rests
 * between them, on a thread of its own, so that no other call waits for it. The store lets only one node at a time do it.
 *
 * <p>Thread-safe.
 */
final class Maintenance {
    /** The most keys, and the most changes, of one step: others wait for its locks. */
    static final int STEP = 50;

    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final Duration CHANGES_KEPT = Duration.ofHours(24);
    private static final int MAX_STEPS = 10_000;

    private final ApiKeyStore store;
    private final BoundedTime time;
    private final Duration retention;
    private final Pace pace;
    private final Background thread = new Background("api-keys-maintenance");

    Maintenance(ApiKeyStore store, Lease time, Duration retention) {
        this.store = store;
        this.time = new BoundedTime(time);
        this.retention = retention;
        this.pace = new Pace(time::nanos);
    }

    void start() {
        thread.every(INTERVAL, "Maintenance", this::run);
    }

    /** Makes a run that is under way its last step, and lets the thread end. */
    void stop() {
        pace.end();
        thread.end();
    }

    void await(Duration atMost) {
        thread.await(atMost);
    }

    MaintenanceReport run() {
        Run run = new Run(time.now());
        int steps = 0;
        while (steps < MAX_STEPS && pace.step(run)) {
            steps++;
        }
        return new MaintenanceReport(run.keys, run.changes);
    }

    /** One run, with what it has removed so far. For one thread. */
    private final class Run implements Pace.Step {
        private final Instant now;
        private int keys;
        private int changes;

        Run(Instant now) {
            this.now = now;
        }

        @Override
        public boolean goesOn() {
            Optional<MaintenanceReport> report = store.maintain(now.minus(retention), now.minus(CHANGES_KEPT), STEP);
            if (report.isEmpty()) {
                return false;
            }
            keys += report.get().keys();
            changes += report.get().changes();
            // A step removes whole epochs, so that it may leave changes behind without having reached its limit.
            return report.get().keys() >= STEP || report.get().changes() > 0;
        }
    }
}
