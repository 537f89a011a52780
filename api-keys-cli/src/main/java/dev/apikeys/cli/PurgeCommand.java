package dev.apikeys.cli;

import dev.apikeys.spi.MaintenanceReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes keys that ended long ago. */
@Command(
        name = "purge",
        description = {
            "Removes keys that were revoked or expired long ago, as a running service does each hour. The audit trail"
                    + " stays.",
            "A token of a removed key is unknown; before, the trail noted why it was rejected."
        },
        footer = {"", "Example:", "  api-keys-cli purge --ended-before 90d --yes"})
final class PurgeCommand implements Callable<Integer> {
    /** What one transaction removes. */
    private static final int STEP = 1_000;

    /** Nodes may still need changes that are younger. */
    private static final Duration CHANGES_STAY = Duration.ofDays(1);

    private static final Duration SHORTEST = Duration.ofHours(1);

    private final Session session;

    @Option(
            names = "--ended-before",
            paramLabel = "DURATION",
            description = "How long ago they ended, from 1h; 90d by default.")
    private Duration endedBefore = Duration.ofDays(90);

    @Mixin
    private final Confirmation confirmation = new Confirmation();

    PurgeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (endedBefore.compareTo(SHORTEST) < 0) {
            throw CommandException.usage("--ended-before is an hour or more");
        }
        try (OpenDatabase database = session.open()) {
            Instant now = database.keys().now();
            confirmation.require(
                    session.surroundings(),
                    "This removes for good all keys that ended before " + KeyLine.shown(now.minus(endedBefore)) + ".");
            long keys = 0;
            MaintenanceReport step;
            do {
                Optional<MaintenanceReport> done =
                        database.store().maintain(now.minus(endedBefore), now.minus(CHANGES_STAY), STEP);
                step = done.orElseThrow(() -> new CommandException(
                        Exit.REFUSED, "a service is removing keys at this moment; try again later"));
                keys += step.keys();
            } while (step.keys() >= STEP || step.changes() >= STEP);
            session.output().message("Removed " + Counted.keys(keys) + ".");
            return Exit.OK.code();
        }
    }
}
