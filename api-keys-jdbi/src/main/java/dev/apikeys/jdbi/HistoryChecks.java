package dev.apikeys.jdbi;

import dev.apikeys.LeasePolicy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the epoch is that of this history, and is read in time. */
final class HistoryChecks {
    private static final int POLLS = 5;

    /** Nodes need changes for a day, and remove them once an hour. */
    private static final Duration OLDEST_CHANGE = Duration.ofDays(3);

    /** One statement, because services go on: between two of them the epoch and its changes would grow. */
    private static final String AHEAD = "SELECT (SELECT MAX(epoch) FROM api_key_change) - epoch FROM api_key_epoch";

    private final Probe probe;
    private final Database database;

    HistoryChecks(Probe probe, Database database) {
        this.probe = probe;
        this.database = database;
    }

    /** How far it has come. */
    HistoryPoint now() throws SQLException {
        return new HistoryPoint(
                probe.text("SELECT incarnation FROM api_key_epoch"), probe.number("SELECT epoch FROM api_key_epoch"));
    }

    List<Finding> look(@Nullable HistoryPoint remembered) throws SQLException {
        List<Finding> found = new ArrayList<>();
        HistoryPoint now = now();
        long ahead = probe.number(AHEAD);
        boolean otherStamp = probe.number("SELECT COUNT(*) FROM api_key_change c JOIN api_key_epoch e"
                        + " ON e.epoch = c.epoch WHERE c.stamp <> e.stamp")
                > 0;
        if (ahead > 0 || otherStamp) {
            found.add(restored(
                    "the epoch is " + now.epoch() + ", and "
                            + (ahead > 0 ? "the changes are " + ahead + " ahead" : "its change has another stamp")
                            + ": a part of the tables was restored",
                    "restore all api_key tables from one backup"));
        }
        if (remembered != null && !remembered.incarnation().equals(now.incarnation())) {
            found.add(restored(
                    "this is another database than the last time",
                    "if it was rebuilt from a copy, revoke again what was revoked since, with api-keys-cli revoke"
                            + " --from-audit"));
        } else if (remembered != null && remembered.epoch() > now.epoch()) {
            found.add(restored(
                    "the epoch fell from " + remembered.epoch() + " to " + now.epoch()
                            + ": the database was restored to an older state",
                    "revoke again what was revoked since, with api-keys-cli revoke --from-audit and an audit trail"
                            + " that has it; keys that were issued since are gone"));
        }
        if (found.isEmpty()) {
            found.add(Finding.ok("epoch", "the epoch is " + now.epoch()));
        }
        changes().ifPresent(found::add);
        return found;
    }

    private static Finding restored(String found, String advice) {
        return Finding.problem("epoch", found, advice);
    }

    private Optional<Finding> changes() throws SQLException {
        long oldest = probe.number("SELECT MIN(changed_at) FROM api_key_change");
        long now = probe.number("SELECT " + database.now());
        long days = Duration.ofMillis(now - oldest).toDays();
        return oldest == 0 || days < OLDEST_CHANGE.toDays()
                ? Optional.empty()
                : Optional.of(Finding.warning(
                        "epoch",
                        "changes of " + days + " days ago are still there: maintenance does not run",
                        "a running service does it each hour; look at the logs of the nodes, or purge by hand"));
    }

    /** How long a poll takes, compared with what pollers allow by default. */
    Finding lease() throws SQLException {
        long slowest = 0;
        for (int i = 0; i < POLLS; i++) {
            long began = System.nanoTime();
            probe.number("SELECT epoch FROM api_key_epoch");
            slowest = Math.max(slowest, System.nanoTime() - began);
        }
        long millis = Duration.ofNanos(slowest).toMillis();
        long allowed = LeasePolicy.DEFAULT.pollTimeout().toMillis();
        String found = "the slowest of " + POLLS + " polls took " + millis + " ms; services allow " + allowed + " ms";
        if (millis * 2 < allowed) {
            return Finding.ok("lease", found);
        }
        String advice = "put the services nearer to the database, or give them a LeasePolicy with more time";
        return millis < allowed ? Finding.warning("lease", found, advice) : Finding.problem("lease", found, advice);
    }
}
