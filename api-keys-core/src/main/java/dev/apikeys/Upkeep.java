package dev.apikeys;

import dev.apikeys.spi.MaintenanceReport;
import java.time.Duration;

/**
 * What a service does by itself: ask for changes, write what was noted, remove what ended long ago.
 *
 * <p>Thread-safe.
 */
final class Upkeep {
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final Poller poller;
    private final WriteBehind writeBehind;
    private final Maintenance maintenance;
    private final Background background = new Background(LONGEST_END);

    Upkeep(Poller poller, WriteBehind writeBehind, Maintenance maintenance) {
        this.poller = poller;
        this.writeBehind = writeBehind;
        this.maintenance = maintenance;
    }

    /** Asks for changes once, on the calling thread, and goes on by itself. */
    void start(Duration usageInterval) {
        poller.start();
        background.every(usageInterval, "Writing usage", writeBehind::flush);
        background.every(Maintenance.INTERVAL, "Maintenance", maintenance::run);
    }

    KeyServiceHealth health() {
        return poller.health();
    }

    void flush() {
        writeBehind.flush();
    }

    MaintenanceReport maintain() {
        return maintenance.run();
    }

    /** Writes what is noted and ends the threads. */
    void stop() {
        poller.close();
        background.closeAfter("The last write of usage", writeBehind::flush);
    }
}
