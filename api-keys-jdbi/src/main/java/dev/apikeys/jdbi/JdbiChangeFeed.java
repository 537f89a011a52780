package dev.apikeys.jdbi;

import dev.apikeys.Owner;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Continuity;
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
import org.jspecify.annotations.Nullable;

/**
 * Reads changes over one connection that it keeps. It runs two short statements: one reads the epoch, and, if the epoch
 * has changed, another one reads the changes. Each statement sees everything that was committed when it began. Each
 * change locks the epoch's row until its commit, so no change up to the epoch that was read can become visible later.
 *
 * <p>A new key moves no counter, since then issues would wait for each other. Its entry in the audit trail is the
 * witness: a database that lacks the entry that was once the newest was restored.
 *
 * <p>Used by one thread.
 */
final class JdbiChangeFeed implements ChangeFeed {
    /** How many epochs are read at once. */
    static final int BATCH = 1_000;

    /** How many rows are read at once: some changes name many tokens. */
    static final int MAX_ROWS = 5_000;

    /** How many epochs are caught up with one by one. To forget everything is cheaper than to read more. */
    static final int MAX_BEHIND = 50_000;

    private static final String WITNESS = "SELECT id FROM api_key_audit ORDER BY created_at DESC, id DESC LIMIT 1";
    private static final String CHANGES = "SELECT epoch, stamp, public_id, user_id, organization_id, workspace_id"
            + " FROM api_key_change WHERE epoch >= ? AND epoch <= ? ORDER BY epoch LIMIT " + MAX_ROWS;
    private static final String GOAL = "read what changed";

    private final Connection connection;
    private final PreparedStatement readEpoch;
    private final PreparedStatement readWitness;
    private final PreparedStatement readChanges;
    private final @Nullable PostgresHints hints;
    private final int usualNetworkTimeoutMillis;
    private final boolean usualAutoCommit;
    private boolean broken;

    JdbiChangeFeed(ConnectionOpener source, Database database, Duration timeout) {
        Connection opened = null;
        try {
            opened = source.open(timeout);
            this.connection = opened;
            this.usualNetworkTimeoutMillis = opened.getNetworkTimeout();
            // The driver's statement time-outs are whole seconds, so the socket has a shorter one. A little longer than
            // the database's: what is given up here must not go on there.
            opened.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis() * 5 / 4));
            this.usualAutoCommit = opened.getAutoCommit();
            opened.setAutoCommit(true);
            this.readEpoch = opened.prepareStatement(database.limited(
                    "SELECT epoch, stamp, incarnation, " + database.now() + ", (" + WITNESS + ") FROM api_key_epoch",
                    timeout));
            this.readWitness =
                    opened.prepareStatement(database.limited("SELECT id FROM api_key_audit WHERE id = ?", timeout));
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
            String witness = row.getString(5);
            now = new FeedPosition(row.getString(3), row.getLong(1), row.getLong(2), witness == null ? "" : witness);
            time = Instant.ofEpochMilli(row.getLong(4));
        }
        if (last == null || now.equals(last)) {
            return new ChangeBatch(now, Continuity.CONTINUOUS, List.of(), time);
        }
        if (isRewound(last, now)) {
            return new ChangeBatch(now, Continuity.REWOUND, List.of(), time);
        }
        if (now.epoch() == last.epoch()) {
            return new ChangeBatch(now, Continuity.CONTINUOUS, List.of(), time);
        }
        return now.epoch() - last.epoch() > MAX_BEHIND
                ? new ChangeBatch(now, Continuity.GAP, List.of(), time)
                : changesBetween(last, now, time);
    }

    private boolean isRewound(FeedPosition last, FeedPosition now) throws SQLException {
        boolean sameEpoch = now.epoch() == last.epoch();
        return !now.incarnation().equals(last.incarnation())
                || now.epoch() < last.epoch()
                || (sameEpoch && now.stamp() != last.stamp())
                || !(now.witness().equals(last.witness()) || isThere(last.witness()));
    }

    private boolean isThere(String witness) throws SQLException {
        if (witness.isEmpty()) {
            return true;
        }
        readWitness.setString(1, witness);
        try (ResultSet row = Transactions.rows(readWitness)) {
            return row.next();
        }
    }

    /** A row of the feed. */
    private record Row(long epoch, long stamp, ChangeBatch.Change change) {}

    /** Also reads the change of the last position. If its stamp is another one, the history was replaced. */
    private ChangeBatch changesBetween(FeedPosition last, FeedPosition now, Instant time) throws SQLException {
        long until = Math.min(now.epoch(), last.epoch() + BATCH);
        List<Row> rows = rows(last.epoch(), until);
        if (rows.size() == MAX_ROWS) {
            // The last epoch may go on behind what was read.
            until = rows.get(MAX_ROWS - 1).epoch() - 1;
        }
        List<ChangeBatch.Change> changes = new ArrayList<>();
        Set<Long> epochs = new HashSet<>();
        FeedPosition reached = now;
        for (Row row : rows) {
            if (row.epoch() == last.epoch() && row.stamp() != last.stamp()) {
                return new ChangeBatch(now, Continuity.REWOUND, List.of(), time);
            }
            if (row.epoch() <= until) {
                epochs.add(row.epoch());
                if (row.epoch() > last.epoch()) {
                    changes.add(row.change());
                }
            }
            if (row.epoch() == until && until < now.epoch()) {
                reached = new FeedPosition(now.incarnation(), until, row.stamp(), now.witness());
            }
        }
        long expected = until - last.epoch() + (last.epoch() == 0 ? 0 : 1);
        if (epochs.size() != expected || until == last.epoch()) {
            return new ChangeBatch(now, Continuity.GAP, List.of(), time);
        }
        return new ChangeBatch(
                reached, until < now.epoch() ? Continuity.PARTIAL : Continuity.CONTINUOUS, changes, time);
    }

    private List<Row> rows(long from, long until) throws SQLException {
        List<Row> rows = new ArrayList<>();
        readChanges.setLong(1, from);
        readChanges.setLong(2, until);
        try (ResultSet row = Transactions.rows(readChanges)) {
            while (row.next()) {
                rows.add(new Row(row.getLong(1), row.getLong(2), change(row)));
            }
        }
        return rows;
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
            readWitness.close();
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
