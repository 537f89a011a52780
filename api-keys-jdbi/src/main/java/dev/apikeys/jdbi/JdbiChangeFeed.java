package dev.apikeys.jdbi;

import dev.apikeys.Owner;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads what changed over one connection that it keeps. Two short statements: where the counter stands, and, when it has
 * moved, what moved it. Each sees what was committed when it began; the counter's row was locked by every change until
 * its commit, so nothing with a number up to the one that was read can still be on its way.
 *
 * <p>Used by one thread.
 */
final class JdbiChangeFeed implements ChangeFeed {
    private static final String CHANGES = "SELECT epoch, stamp, public_id, user_id, organization_id, workspace_id"
            + " FROM api_key_change WHERE epoch >= ? AND epoch <= ? ORDER BY epoch";
    private static final String GOAL = "read what changed";

    private final Connection connection;
    private final PreparedStatement readEpoch;
    private final PreparedStatement readChanges;
    private final @Nullable PostgresHints hints;
    private final int usualNetworkTimeoutMillis;
    private final boolean usualAutoCommit;
    private boolean broken;

    JdbiChangeFeed(ConnectionFactory source, Database database, Duration timeout) {
        Connection opened = null;
        try {
            opened = source.openConnection();
            this.connection = opened;
            this.usualNetworkTimeoutMillis = opened.getNetworkTimeout();
            // The driver counts statement time-outs in whole seconds; the socket's own is as short as it has to be.
            // A little longer than the database's: what is given up here must not go on there.
            opened.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis() * 5 / 4));
            this.usualAutoCommit = opened.getAutoCommit();
            opened.setAutoCommit(true);
            this.readEpoch = opened.prepareStatement(database.limited(
                    "SELECT epoch, stamp, incarnation, " + database.now() + " FROM api_key_epoch", timeout));
            this.readChanges = opened.prepareStatement(database.limited(CHANGES, timeout));
            this.hints = database.givesHints() ? PostgresHints.listen(opened) : null;
        } catch (SQLException | RuntimeException failure) {
            Connections.discard(opened, failure);
            throw Transactions.unavailable(GOAL, SqlFailure.cause(failure));
        }
    }

    @Override
    public ChangeBatch read(@Nullable FeedPosition last) {
        try {
            return readAfter(last);
        } catch (SQLException | RuntimeException failure) {
            broken = true;
            throw Transactions.unavailable(GOAL, SqlFailure.cause(failure));
        }
    }

    private ChangeBatch readAfter(@Nullable FeedPosition last) throws SQLException {
        FeedPosition now;
        Instant time;
        try (ResultSet row = Transactions.rows(readEpoch)) {
            if (!row.next()) {
                throw new SQLException("the row in api_key_epoch is gone");
            }
            now = new FeedPosition(row.getString(3), row.getLong(1), row.getLong(2));
            time = Instant.ofEpochMilli(row.getLong(4));
        }
        if (last == null || now.equals(last)) {
            return new ChangeBatch(now, ChangeBatch.Continuity.CONTINUOUS, List.of(), time);
        }
        if (!now.incarnation().equals(last.incarnation()) || now.epoch() <= last.epoch()) {
            return new ChangeBatch(now, ChangeBatch.Continuity.REWOUND, List.of(), time);
        }
        return changesBetween(last, now, time);
    }

    /** Reads the change of the last position too: if its stamp is another one, the past was replaced behind our back. */
    private ChangeBatch changesBetween(FeedPosition last, FeedPosition now, Instant time) throws SQLException {
        List<ChangeBatch.Change> changes = new ArrayList<>();
        Set<Long> epochs = new HashSet<>();
        readChanges.setLong(1, last.epoch());
        readChanges.setLong(2, now.epoch());
        try (ResultSet row = Transactions.rows(readChanges)) {
            while (row.next()) {
                long epoch = row.getLong(1);
                if (epoch > last.epoch()) {
                    epochs.add(epoch);
                    changes.add(change(row));
                } else if (row.getLong(2) != last.stamp()) {
                    return new ChangeBatch(now, ChangeBatch.Continuity.REWOUND, List.of(), time);
                } else {
                    epochs.add(epoch);
                }
            }
        }
        long expected = now.epoch() - last.epoch() + (last.epoch() == 0 ? 0 : 1);
        return new ChangeBatch(
                now,
                epochs.size() == expected ? ChangeBatch.Continuity.CONTINUOUS : ChangeBatch.Continuity.GAP,
                changes,
                time);
    }

    private static ChangeBatch.Change change(ResultSet row) throws SQLException {
        String publicId = row.getString(3);
        return publicId.isEmpty()
                ? new ChangeBatch.Change.OfOwners(new Owner(row.getString(4), row.getString(5), row.getString(6)))
                : new ChangeBatch.Change.OfCredential(publicId);
    }

    @Override
    public Hint awaitHint(Duration atMost) {
        if (hints == null) {
            return Hint.UNSUPPORTED;
        }
        try {
            return hints.await(atMost) ? Hint.ARRIVED : Hint.NONE;
        } catch (SQLException failure) {
            broken = true;
            throw Transactions.unavailable(GOAL, failure);
        }
    }

    @Override
    public void close() {
        if (broken) {
            Connections.discard(connection, null);
            return;
        }
        try (connection) {
            readEpoch.close();
            readChanges.close();
            if (hints != null) {
                hints.stop();
            }
            connection.setAutoCommit(usualAutoCommit);
            connection.setNetworkTimeout(Runnable::run, usualNetworkTimeoutMillis);
        } catch (SQLException failure) {
            Connections.discard(connection, failure);
        }
    }
}
