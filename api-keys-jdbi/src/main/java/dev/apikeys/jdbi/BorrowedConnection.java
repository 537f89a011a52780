package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection for the time of one transaction, which goes back with the settings that it had. Not thread-safe.
 *
 * <p>Some pools give out connections without auto-commit. Jdbi's own transactions would treat such a connection as one
 * inside another transaction, and would never commit.
 */
final class BorrowedConnection implements AutoCloseable {
    /** How much earlier the database ends a statement than the connection is given up. */
    private static final Duration BEFORE_GIVING_UP = Duration.ofSeconds(1);

    private static final int UNCHANGED = -1;
    private static final Logger LOG = LoggerFactory.getLogger(BorrowedConnection.class);

    private final Connection connection;
    private final boolean autoCommit;
    private int isolation = Connection.TRANSACTION_READ_COMMITTED;
    private int networkTimeout = UNCHANGED;
    private @Nullable Database limited;
    private boolean ended;
    private boolean broken;

    private BorrowedConnection(Connection connection) throws SQLException {
        this.connection = connection;
        this.autoCommit = connection.getAutoCommit();
    }

    /** A connection that was taken from the pool, to be given back. */
    static BorrowedConnection of(Connection connection) throws SQLException {
        try {
            return new BorrowedConnection(connection);
        } catch (SQLException | RuntimeException failure) {
            Connections.discard(connection, failure);
            throw failure;
        }
    }

    Connection connection() {
        return connection;
    }

    /** Begins a transaction. Its settings are sent later. */
    void begin(Database database, Duration statementTimeout) throws SQLException {
        limitSilence(statementTimeout);
        isolation = database.isolationToKeep(connection);
        if (autoCommit) {
            connection.setAutoCommit(false);
        } else {
            endCheckOfPool();
        }
        limited = database;
    }

    /**
     * Makes each statement a transaction of its own. In one transaction a SELECT would have the isolation level of the pool, and
     * in MariaDB and MySQL lock what it reads if that is SERIALIZABLE.
     */
    void beginReading() throws SQLException {
        if (!autoCommit) {
            endCheckOfPool();
            connection.setAutoCommit(true);
            ended = true;
        }
    }

    /** A pool that checks connections by a query has begun a transaction by it, which could not be made READ COMMITTED. */
    private void endCheckOfPool() throws SQLException {
        connection.rollback();
    }

    /**
     * Commits.
     *
     * @throws UnansweredCommit when it may have been committed or not
     */
    void commit() throws SQLException {
        try {
            if (limited == null) {
                connection.commit();
            } else {
                limited.commit(connection);
            }
        } catch (UnansweredCommit unconfirmed) {
            throw unconfirmed;
        } catch (SQLException failure) {
            throw SqlFailure.isRolledBack(failure) ? failure : new UnansweredCommit(failure);
        } catch (RuntimeException failure) {
            throw new UnansweredCommit(failure);
        }
        ended = true;
    }

    /** Rolls back. If that fails too, the connection stays as it is, because switching auto-commit on would commit. */
    void rollBack(Throwable failure) {
        try {
            connection.rollback();
            ended = true;
        } catch (SQLException | RuntimeException worse) {
            broken = true;
            failure.addSuppressed(worse);
        }
    }

    /** Gives the connection back. Never throws: what was done is done, whatever becomes of the connection. */
    @Override
    public void close() {
        if (!broken) {
            try {
                restore();
                connection.close();
                return;
            } catch (SQLException | RuntimeException lost) {
                LOG.debug(
                        "A connection can't be given back as it was: {}",
                        lost.getClass().getName());
            }
        }
        Connections.discard(connection, null);
    }

    private void restore() throws SQLException {
        if (!autoCommit && !ended) {
            // A SELECT begins a transaction too.
            connection.rollback();
        }
        if (limited != null) {
            limited.end(connection);
        }
        if (autoCommit != connection.getAutoCommit()) {
            connection.setAutoCommit(autoCommit);
        }
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(isolation);
        }
        if (networkTimeout != UNCHANGED) {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        }
    }

    /** Gives the connection up if the database sends nothing for longer than a statement may take. */
    void limitSilence(Duration statementTimeout) throws SQLException {
        int limit = Math.toIntExact(statementTimeout.plus(BEFORE_GIVING_UP).toMillis());
        try {
            int before = connection.getNetworkTimeout();
            if (before == 0 || before > limit) {
                connection.setNetworkTimeout(Runnable::run, limit);
                networkTimeout = before;
            }
        } catch (SQLFeatureNotSupportedException unsupported) {
            // Then only the driver's own settings apply.
        }
    }
}
