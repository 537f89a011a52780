package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;

/**
 * A connection for the time of one transaction, which gets its settings back afterwards. Not thread-safe.
 *
 * <p>Jdbi's own transactions would take a connection that comes without auto-commit, as some pools hand them out, for
 * one in the middle of somebody else's transaction, and never commit.
 */
final class BorrowedConnection implements AutoCloseable {
    /** Lets the database end a statement in time before the connection is given up. */
    private static final Duration BEFORE_GIVING_UP = Duration.ofSeconds(1);

    private static final int UNCHANGED = -1;

    private final Connection connection;
    private final boolean autoCommit;
    private int isolation = Connection.TRANSACTION_READ_COMMITTED;
    private int networkTimeout = UNCHANGED;
    private boolean ended;
    private boolean broken;

    BorrowedConnection(Connection connection) throws SQLException {
        this.connection = connection;
        this.autoCommit = connection.getAutoCommit();
    }

    /** Begins a transaction, whose settings are still to be sent. */
    void begin(Database database, Duration statementTimeout) throws SQLException {
        limitSilence(statementTimeout);
        isolation = database.isolationToKeep(connection);
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
    }

    void commit() throws SQLException {
        connection.commit();
        ended = true;
    }

    /** Rolls back; if even that fails, the connection stays as it is, since switching auto-commit on would commit. */
    void rollBack(Throwable failure) {
        try {
            connection.rollback();
            ended = true;
        } catch (SQLException worse) {
            broken = true;
            failure.addSuppressed(worse);
        }
    }

    @Override
    public void close() throws SQLException {
        if (broken) {
            return;
        }
        if (!autoCommit && !ended) {
            // A SELECT alone begins a transaction as well.
            connection.rollback();
        }
        if (autoCommit && !connection.getAutoCommit()) {
            connection.setAutoCommit(true);
        }
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(isolation);
        }
        if (networkTimeout != UNCHANGED) {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        }
    }

    /** Gives the connection up when nothing comes from the database for longer than a statement may take. */
    void limitSilence(Duration statementTimeout) throws SQLException {
        int limit = Math.toIntExact(statementTimeout.plus(BEFORE_GIVING_UP).toMillis());
        try {
            int before = connection.getNetworkTimeout();
            if (before == 0 || before > limit) {
                connection.setNetworkTimeout(Runnable::run, limit);
                networkTimeout = before;
            }
        } catch (SQLFeatureNotSupportedException unsupported) {
            // Then the driver's own settings are all there is.
        }
    }
}
