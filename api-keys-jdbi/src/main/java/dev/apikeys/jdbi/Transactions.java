package dev.apikeys.jdbi;

import dev.apikeys.ApiKeyException;
import dev.apikeys.StoreUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work in a transaction of its own: READ COMMITTED whatever the pool's default, and a connection that goes back as
 * it came. Inside, locks are taken in the order owner, key, change, epoch, so that two transactions rarely wait for each
 * other in a circle; where they do, the loser is run again from its beginning, at most three times.
 *
 * <p>Thread-safe.
 */
final class Transactions {
    /** How often a transaction is run again after a deadlock or a serialization failure. */
    static final int RETRIES = 3;

    /** Upper bound of the pause before the first retry; doubles with each one. */
    private static final int PAUSE_MILLIS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final DataSource dataSource;
    private final Jdbi jdbi;
    private final Database database;
    private final Duration statementTimeout;

    Transactions(DataSource dataSource, Database database, Duration statementTimeout) {
        this.dataSource = dataSource;
        this.jdbi = Jdbi.create(dataSource);
        this.database = database;
        this.statementTimeout = statementTimeout;
        // Transactions are begun and ended here, not by handles.
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        jdbi.getConfig(SqlStatements.class)
                .setTemplateEngine(TemplateEngine.NOP)
                .setQueryTimeout(database.driverTimeoutSeconds(statementTimeout))
                // What is bound may be a hash, and recordings of the JVM are shown around.
                .setIncludeBindingsInTelemetry(false);
    }

    /** What to find out on a connection; may be run more than once, each time in a new transaction. */
    @FunctionalInterface
    interface Work<T> {
        T in(Handle handle) throws SQLException;
    }

    /** What to do on a connection; may be run more than once, each time in a new transaction. */
    @FunctionalInterface
    interface Action {
        void in(Handle handle) throws SQLException;
    }

    /** Sets the parameters of one SELECT, sends it and reads the answer. */
    @FunctionalInterface
    interface Question<T> {
        T ask(PreparedStatement select) throws SQLException;
    }

    /** What to do once the first question of the transaction was answered. */
    @FunctionalInterface
    interface Sequel<T> {
        void in(Handle handle, T answer) throws SQLException;
    }

    /** As {@link #run}, for work without a result. */
    void carryOut(String goal, Action action) {
        run(goal, handle -> {
            action.in(handle);
            return Boolean.TRUE;
        });
    }

    /**
     * As {@link #run}, for work that begins with one SELECT: where a database takes several statements at once, the
     * settings of the transaction need no round trip of their own.
     */
    <T> void carryOut(String goal, String select, Question<T> question, Sequel<T> sequel) {
        repeat(goal, handle -> {
            T answer;
            try (PreparedStatement statement = limited(
                    database.beginWith(select, handle.getConnection(), statementTimeout),
                    database.driverTimeoutSeconds(statementTimeout))) {
                answer = question.ask(statement);
            }
            sequel.in(handle, answer);
            return Boolean.TRUE;
        });
    }

    /**
     * Runs the work and commits it; rolls it back when it throws.
     *
     * @param goal what it is for, as in "could not <i>store the key</i>"
     * @throws StoreUnavailableException when the database failed, and did so again in each retry
     */
    <T> T run(String goal, Work<T> work) {
        return repeat(goal, handle -> {
            database.begin(handle.getConnection(), statementTimeout);
            return work.in(handle);
        });
    }

    private <T> T repeat(String goal, Work<T> work) {
        long startedAt = System.nanoTime();
        for (int attempt = 0; ; attempt++) {
            try {
                return once(work);
            } catch (ApiKeyException decided) {
                throw decided;
            } catch (SQLException | RuntimeException failure) {
                Throwable cause = SqlFailure.cause(failure);
                // Some databases call it a lock time-out when one statement has waited in vain: that isn't done thrice.
                boolean late = System.nanoTime() - startedAt >= statementTimeout.toNanos();
                if (attempt == RETRIES || late || !SqlFailure.isWorthAnotherTry(cause)) {
                    throw unavailable(goal, cause);
                }
                LOG.debug("could not {}, retry {} of {}", goal, attempt + 1, RETRIES);
                pause(attempt, goal, cause);
            }
        }
    }

    /**
     * Runs one SELECT that needs no transaction around it, on the connection itself: a request with a key that isn't
     * cached waits for it, and a handle costs as much as reading the row.
     *
     * @throws StoreUnavailableException when the database failed
     */
    <T> T readOnce(String goal, String select, Question<T> question) {
        try (Connection connection = dataSource.getConnection();
                BorrowedConnection borrowed = new BorrowedConnection(connection)) {
            borrowed.limitSilence(statementTimeout);
            try (PreparedStatement statement =
                    limited(connection.prepareStatement(select), database.driverTimeoutSeconds(statementTimeout))) {
                return question.ask(statement);
            }
        } catch (SQLException | RuntimeException failure) {
            throw unavailable(goal, SqlFailure.cause(failure));
        }
    }

    /** A statement with the store's time-out. */
    static PreparedStatement prepare(Handle handle, String sql) throws SQLException {
        return limited(
                handle.getConnection().prepareStatement(sql),
                handle.getConfig(SqlStatements.class).getQueryTimeout());
    }

    /** What a SELECT found that may stand behind other statements in its text. */
    static ResultSet rows(PreparedStatement select) throws SQLException {
        boolean found = select.execute();
        while (!found && select.getUpdateCount() >= 0) {
            found = select.getMoreResults();
        }
        return select.getResultSet();
    }

    private static PreparedStatement limited(PreparedStatement statement, int seconds) throws SQLException {
        // H2 keeps it for the connection, and setting it costs more than a look-up by id.
        if (statement.getQueryTimeout() != seconds) {
            statement.setQueryTimeout(seconds);
        }
        return statement;
    }

    static StoreUnavailableException unavailable(String goal, Throwable cause) {
        return SqlFailure.isTimeout(cause)
                ? StoreUnavailableException.timedOut("could not " + goal + " in time", cause)
                : new StoreUnavailableException("could not " + goal, cause);
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (Handle handle = jdbi.open();
                BorrowedConnection borrowed = new BorrowedConnection(handle.getConnection())) {
            borrowed.begin(database, statementTimeout);
            try {
                T result = work.in(handle);
                borrowed.commit();
                return result;
            } catch (Throwable failure) {
                borrowed.rollBack(failure);
                throw failure;
            }
        }
    }

    private static void pause(int attempt, String goal, Throwable cause) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, (long) PAUSE_MILLIS << attempt));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unavailable(goal, cause);
        }
    }
}
