package dev.apikeys;

import dev.apikeys.spi.MaintenanceReport;
import java.time.Duration;

/**
 * What a service does by itself: ask for changes, write what was noted, remove what ended long ago, check what is cached.
 * Each has a thread of its own, so that what is noted is written, and what is cached is checked, while maintenance rests.
 * Listeners and exports of the host are called on another one, since they may take their time.
 *
 * <p>Thread-safe.
 */
final class Upkeep {
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(4);
    /** For each of the four other threads. They end at the same time, and nothing that they do is lost. */
    private static final Duration LONGEST_STEP = Duration.ofMillis(250);

    private final Poller poller;
    private final WriteBehind writeBehind;
    private final Maintenance maintenance;
    private final CacheUpkeep cache;
    private final Background writing = new Background("api-keys-flush");
    private final Chores chores;
    private final Background chore = new Background("api-keys-chores");

    Upkeep(Poller poller, WriteBehind writeBehind, Maintenance maintenance, CacheUpkeep cache, Chores chores) {
        this.poller = poller;
        this.writeBehind = writeBehind;
        this.maintenance = maintenance;
        this.cache = cache;
        this.chores = chores;
    }

    /** Asks for changes once on the calling thread, and then in the background. */
    void start(Duration usageInterval) {
        try {
            poller.start();
        } catch (Throwable unfit) {
            stop();
            throw unfit;
        }
        writing.every(usageInterval, "Writing usage", writeBehind::flush);
        writeBehind.whenNearlyFull(writing::soon);
        maintenance.start();
        cache.start();
        if (chores.isWanted()) {
            chore.every(Chores.INTERVAL, "Giving notices and trimming the audit trail", chores::run);
        }
    }

    void flush() {
        writeBehind.flush();
    }

    MaintenanceReport maintain() {
        return maintenance.run();
    }

    KeyServiceHealth health() {
        return poller.health();
    }

    /** Writes everything that is noted, and ends the threads. */
    void stop() {
        maintenance.stop();
        chores.stop();
        cache.stop();
        chore.end();
        writing.endWith("The last write of usage", writeBehind::flush);
        poller.close();
        writing.await(LONGEST_WRITE);
        maintenance.await(LONGEST_STEP);
        cache.await(LONGEST_STEP);
        chore.await(LONGEST_STEP);
        chores.interruptHost();
    }
}
