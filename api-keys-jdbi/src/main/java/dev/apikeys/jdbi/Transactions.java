package dev.apikeys.jdbi;

import dev.apikeys.ApiKeyException;
import dev.apikeys.StoreUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work in a separate transaction. It is READ COMMITTED for every default of the pool, and the connection is
 * returned with its original settings. Locks are taken in the order owner, key, change, epoch, so that deadlocks are
 * rare. After a deadlock the transaction is run again from its beginning, at most three times.
 *
 * <p>Thread-safe.
 */
final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final CallConnections connections;
    private final Jdbi jdbi;
    private final Database database;
    private final Duration statementTimeout;
    private final Map<String, String> limitedTexts = new ConcurrentHashMap<>();
    private final LongAdder retries = new LongAdder();
    private volatile @Nullable Durability durability;

    Transactions(CallConnections connections, Database database, Duration statementTimeout) {
        this.connections = connections;
        this.jdbi = Jdbi.create(new Source());
        this.database = database;
        this.statementTimeout = statementTimeout;
        // This class begins and ends transactions, not the handles.
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        jdbi.getConfig(SqlStatements.class)
                .setTemplateEngine(TemplateEngine.NOP)
                .setQueryTimeout(database.driverTimeoutSeconds(statementTimeout))
                // Bound values may be hashes, and recordings of the JVM may be passed on.
                .setIncludeBindingsInTelemetry(false);
    }

    /** Work without a result. It may be run more than once, each time in a new transaction. */
    @FunctionalInterface
    interface Work<T> {
        T in(Handle handle) throws SQLException;

        /**
         * Told when the COMMIT of the latest run went unanswered. The next run finds out whether it was carried out: its
         * locks may still be held, so the question comes after a statement that waits for them.
         */
        default void commitWentUnanswered() {}
    }

    /** Work that begins with one SELECT, which can travel together with the settings of the transaction. */
    interface WorkAfterSelect extends Work<Boolean> {
        String firstSelect();

        /** Sets the parameters of the SELECT, sends it and reads the answer. */
        void ask(PreparedStatement select) throws SQLException;
    }

    /** Work without a result. It may be run more than once, each time in a new transaction. */
    @FunctionalInterface
    interface Action {
        void in(Handle handle) throws SQLException;
    }

    /** Sets the parameters of one SELECT, sends it and reads the answer. */
    @FunctionalInterface
    interface Question<T> {
        T ask(PreparedStatement select) throws SQLException;
    }

    /** As {@link #change(String, Work)}, for work without a result. */
    void carryOut(String goal, Action action) {
        change(goal, handle -> {
            action.in(handle);
            return Boolean.TRUE;
        });
    }

    /** As {@link #change(String, Work)}; the settings of the transaction need no round trip of their own where possible. */
    void change(String goal, WorkAfterSelect work) {
        repeat(goal, work, handle -> {
            try (PreparedStatement statement = limited(
                    database.beginWith(work.firstSelect(), handle.getConnection(), statementTimeout),
                    database.driverTimeoutSeconds(statementTimeout))) {
                work.ask(statement);
            }
            boolean done = work.in(handle);
            return new Outcome<>(done, durability(handle.getConnection()));
        });
    }

    /**
     * Runs the work and commits it; rolls it back when it throws. When it returns, the change survives a crash.
     *
     * @param goal the purpose, as in "could not <i>store the key</i>"
     * @throws StoreUnavailableException if the database failed, also in each retry
     */
    <T> T change(String goal, Work<T> work) {
        return repeat(goal, work, handle -> {
            database.begin(handle.getConnection(), statementTimeout);
            T result = work.in(handle);
            return new Outcome<>(result, durability(handle.getConnection()));
        });
    }

    /** As {@link #change(String, Work)}, for work that changes nothing. */
    <T> T read(String goal, Work<T> work) {
        return repeat(goal, work, handle -> {
            database.beginList(handle.getConnection(), statementTimeout);
            return new Outcome<>(work.in(handle), Durability.OF_COMMIT);
        });
    }

    /** Handles take connections here; {@link BorrowedConnection} gives them back. */
    private final class Source implements ConnectionFactory {
        @Override
        public Connection openConnection() throws SQLException {
            return connections.take();
        }

        @Override
        public void closeConnection(Connection connection) {
            connections.returned(connection);
        }
    }

    /** What came of the work, and what is to be done for it after its commit. */
    private record Outcome<T>(T result, Durability durability) {}

    private Durability durability(Connection connection) throws SQLException {
        Durability known = durability;
        if (known == null) {
            known = Durability.of(database, connection);
            durability = known;
        }
        return known;
    }

    /** Finds out how commits survive a crash, so that a warning about it is logged when the store starts. */
    void prepare() {
        try (Handle handle = jdbi.open();
                BorrowedConnection borrowed = BorrowedConnection.of(handle.getConnection())) {
            durability(borrowed.connection());
        } catch (SQLException | RuntimeException later) {
            // The first change finds out.
            LOG.debug(
                    "Whether commits are durable is not known yet: {}",
                    later.getClass().getName());
        }
    }

    private <T> T repeat(String goal, Work<T> told, Work<Outcome<T>> work) {
        Attempts attempts = new Attempts(goal, statementTimeout);
        Work<Outcome<T>> next = work;
        while (true) {
            try {
                return once(next);
            } catch (ApiKeyException decided) {
                throw decided;
            } catch (SQLException | RuntimeException failure) {
                if (failure instanceof UnansweredCommit) {
                    told.commitWentUnanswered();
                    next = handle -> afterUnanswered(work, handle);
                }
                attempts.failed(failure);
                retries.increment();
            }
        }
    }

    /** How many transactions were run again. */
    long retries() {
        return retries.sum();
    }

    /** What was committed already must be where a change made now would be when its COMMIT is answered. */
    private <T> Outcome<T> afterUnanswered(Work<Outcome<T>> work, Handle handle) throws SQLException {
        Outcome<T> outcome = work.in(handle);
        database.waitForStandbyAtCommit(handle.getConnection());
        return outcome;
    }

    /**
     * Runs one SELECT without a transaction, on the connection itself. A request with a key that isn't cached waits for
     * it, and a JDBI handle costs as much as reading the row.
     *
     * @throws StoreUnavailableException when the database failed
     */
    <T> T readOnce(String goal, String select, Question<T> question) {
        Connection connection = null;
        try {
            connection = connections.take();
            return readOnce(connection, select, question);
        } catch (SQLException | RuntimeException failure) {
            throw unavailable(goal, SqlFailure.cause(failure));
        } finally {
            if (connection != null) {
                connections.returned(connection);
            }
        }
    }

    private <T> T readOnce(Connection connection, String select, Question<T> question) throws SQLException {
        try (BorrowedConnection borrowed = BorrowedConnection.of(connection)) {
            borrowed.limitSilence(statementTimeout);
            borrowed.beginReading();
            String text =
                    limitedTexts.computeIfAbsent(select, unlimited -> database.limited(unlimited, statementTimeout));
            try (PreparedStatement statement =
                    limited(connection.prepareStatement(text), database.driverTimeoutSeconds(statementTimeout))) {
                return question.ask(statement);
            }
        }
    }

    /** A statement with the store's time-out. */
    static PreparedStatement prepare(Handle handle, String sql) throws SQLException {
        return limited(
                handle.getConnection().prepareStatement(sql),
                handle.getConfig(SqlStatements.class).getQueryTimeout());
    }

    /** What a SELECT found that stands behind others in its text: the rows of the last one. */
    static ResultSet rows(PreparedStatement select) throws SQLException {
        ResultSet last = null;
        boolean found = select.execute();
        while (found || select.getUpdateCount() >= 0) {
            if (found) {
                last = select.getResultSet();
            }
            found = select.getMoreResults(Statement.KEEP_CURRENT_RESULT);
        }
        if (last == null) {
            throw new SQLException("the statement gave no rows");
        }
        return last;
    }

    private static PreparedStatement limited(PreparedStatement statement, int seconds) throws SQLException {
        // H2 keeps the time-out for the connection, and setting it costs more than a look-up by id.
        if (statement.getQueryTimeout() != seconds) {
            statement.setQueryTimeout(seconds);
        }
        return statement;
    }

    static StoreUnavailableException unavailable(String goal, Throwable cause) {
        return Attempts.unavailable(goal, cause);
    }

    private <T> T once(Work<Outcome<T>> work) throws SQLException {
        try (Handle handle = jdbi.open();
                BorrowedConnection borrowed = BorrowedConnection.of(handle.getConnection())) {
            borrowed.begin(database, statementTimeout);
            try {
                Outcome<T> outcome = work.in(handle);
                borrowed.commit();
                keep(outcome.durability(), borrowed);
                return outcome.result();
            } catch (Throwable failure) {
                borrowed.rollBack(failure);
                throw failure;
            }
        }
    }

    /** Until it is written, nobody may be told of the commit. */
    private static void keep(Durability durability, BorrowedConnection committed) throws SQLException {
        try {
            durability.keep(committed.connection());
        } catch (SQLException notWritten) {
            throw new UnansweredCommit(notWritten);
        }
    }
}
