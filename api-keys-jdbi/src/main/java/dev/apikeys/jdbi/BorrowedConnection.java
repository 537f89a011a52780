package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection for the time of one transaction, which gets its settings back afterwards. Not thread-safe.
 *
 * <p>Jdbi's own transactions would take a connection that comes without auto-commit, as some pools hand them out, for
 * one in the middle of somebody else's transaction, and never commit.
 */
final class BorrowedConnection implements AutoCloseable {
    private final Connection connection;
    private final Database database;
    private final boolean autoCommit;
    private final int isolation;
    private boolean broken;

    BorrowedConnection(Connection connection, Database database) throws SQLException {
        this.connection = connection;
        this.database = database;
        this.autoCommit = connection.getAutoCommit();
        this.isolation = database.isolationToKeep(connection);
    }

    void begin() throws SQLException {
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        database.readCommitted(connection);
    }

    void commit() throws SQLException {
        connection.commit();
    }

    /** Rolls back; if even that fails, the connection stays as it is, since switching auto-commit on would commit. */
    void rollBack(Throwable failure) {
        try {
            connection.rollback();
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
        if (autoCommit) {
            connection.setAutoCommit(true);
        }
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(isolation);
        }
    }
}
