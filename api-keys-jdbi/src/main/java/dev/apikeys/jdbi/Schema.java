package dev.apikeys.jdbi;

import dev.apikeys.jdbi.JdbiApiKeyStore.SchemaHandling;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the tables are there when a store starts, and are those of this version. Of several nodes that find an
 * empty database at once, the one that creates the first table creates them all; the others wait until it is done. In the
 * same way one of them upgrades older tables: the first statement of each script creates a table, which one node can.
 */
final class Schema {
    /**
     * The scripts of this library, each from the version before to its own; the number of the latest is the version that
     * the library reads and writes. A database may be ahead: a later version only adds. Released ones never change.
     */
    static final List<String> SCRIPTS = List.of("schema/%s/V1__api_keys.sql", "schema/%s/V2__metadata_and_notices.sql");

    /** Making tables may take longer than a statement of every day. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private static final int LOOK_AGAIN_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private final DataSource dataSource;
    private final Duration patience;
    private final List<String> scripts;

    /**
     * The schema of this database.
     *
     * @param patience how long to wait for another node that is creating the tables
     */
    Schema(DataSource dataSource, Duration patience) {
        this(dataSource, patience, SCRIPTS);
    }

    /** As {@link #Schema(DataSource, Duration)}, with other scripts. */
    Schema(DataSource dataSource, Duration patience, List<String> scripts) {
        this.dataSource = dataSource;
        this.patience = patience;
        this.scripts = scripts;
    }

    /**
     * Makes or checks the tables.
     *
     * @return which database it is
     * @throws IllegalStateException if the store can't work on this database; the message says what to do
     */
    Database prepare(SchemaHandling handling) {
        return prepare(handling, (connection, database) -> database);
    }

    /** As {@link #prepare(SchemaHandling)}, and then asks on the same connection. */
    <T> T prepare(SchemaHandling handling, Question<T> then) {
        return ask((connection, database) -> {
            DatabaseTraits.requireUnicode(connection, database);
            DatabaseTraits.requireUsualMode(connection, database);
            prepare(connection, database, handling);
            DatabaseTraits.requireExactComparison(connection);
            return then.ask(connection, database);
        });
    }

    /** Something to find out or to do on a connection with auto-commit. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Connection connection, Database database) throws SQLException;
    }

    /**
     * Asks on a connection with auto-commit.
     *
     * @throws dev.apikeys.StoreUnavailableException when the database failed
     */
    <T> T ask(Question<T> question) {
        try (BorrowedConnection borrowed = connect()) {
            Connection connection = borrowed.connection();
            borrowed.limitSilence(LONGEST_SILENCE);
            Database database = Database.of(connection);
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            T answer = question.ask(connection, database);
            connection.setAutoCommit(autoCommit);
            return answer;
        } catch (SQLException failure) {
            throw Transactions.unavailable("check the tables", failure);
        }
    }

    /**
     * Checks that connections which are not taken from the data source lead to the same tables. Pollers use them. That none
     * can be opened yet is no reason not to start.
     *
     * @param name what gives the connections, for messages
     * @throws IllegalStateException when they lead to others
     */
    void requireSameHistory(String name, ConnectionOpener others) {
        Connection poller;
        try {
            poller = others.open(patience);
        } catch (SQLException unreachable) {
            LOG.warn("The {} can't be opened: {}", name, SqlFailure.kind(unreachable));
            return;
        }
        try (BorrowedConnection other = BorrowedConnection.of(poller);
                BorrowedConnection borrowed = connect()) {
            other.limitSilence(patience);
            borrowed.limitSilence(patience);
            DatabaseTraits.requireSameHistory(borrowed.connection(), name, poller);
        } catch (SQLException failure) {
            throw Transactions.unavailable("compare the data source with the " + name, failure);
        }
    }

    private BorrowedConnection connect() {
        try {
            return BorrowedConnection.of(dataSource.getConnection());
        } catch (SQLException | RuntimeException failure) {
            throw Transactions.unavailable("reach the database", failure);
        }
    }

    private void prepare(Connection connection, Database database, SchemaHandling handling) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean mayCreate = handling == SchemaHandling.APPLY;
        SQLException failure = null;
        SchemaState state = SchemaState.of(connection, scripts.size());
        while (!state.isComplete(scripts.size())) {
            boolean patient = System.nanoTime() - deadline < 0;
            boolean hopeful = failure == null || (patient && SqlFailure.isWorthAnotherTry(failure));
            boolean mayRun = mayCreate && (state.isEmpty() || state.isOlder());
            if (mayRun && hopeful) {
                failure = run(connection, database, state.version());
            } else if (!mayCreate || !patient || state.isEmpty()) {
                throw new IllegalStateException(complaint(state, database, failure), failure);
            } else {
                lookAgainLater();
            }
            SchemaState next = SchemaState.of(connection, scripts.size());
            // What failed at one version says nothing of the next, which may be this node's to make.
            failure = next.version() > state.version() ? null : failure;
            state = next;
        }
        SchemaState.requireRights(connection, scripts.size());
    }

    /** Runs the script that follows this version. */
    private @Nullable SQLException run(Connection connection, Database database, int version) throws SQLException {
        try {
            new SchemaScript(database, script(database, version)).run(connection);
            LOG.info("made the tables of schema version {} for {}", version + 1, database);
            return null;
        } catch (SQLException failure) {
            connection.setAutoCommit(true);
            SchemaState.requireWritable(failure);
            return failure;
        }
    }

    /** The table that is there while a script changes the tables of the version before to its own. */
    static String upgradeMark(int version) {
        return "api_key_upgrade_" + version;
    }

    private String script(Database database, int version) {
        return scripts.get(version).formatted(database.folder());
    }

    private String complaint(SchemaState state, Database database, @Nullable SQLException failure) {
        String script = "classpath:dev/apikeys/jdbi/" + script(database, state.scriptVersion() - 1);
        String grant = " and grant SELECT, INSERT, UPDATE and DELETE on the api_key tables to the store's user";
        if (state.isOlder()) {
            return "the database has schema version " + state.version() + ", and this library needs version "
                    + scripts.size() + ". Run " + script + " with a user who may change tables. If there is a table "
                    + upgradeMark(state.scriptVersion())
                    + ", that began already: when nobody is at it any more, drop this table before";
        }
        if (!state.isEmpty()) {
            return "the database has only a part of schema version " + state.begun() + ", " + state.lacking()
                    + " missing: a script ended half way. Run what is left of " + script
                    + ", or drop the api_key tables if they hold nothing yet";
        }
        return (failure == null ? "there are no tables for API keys" : "the tables for API keys could not be created")
                + ". Run " + script + " with a user who may create tables," + grant;
    }

    private static void lookAgainLater() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Transactions.unavailable("wait for the tables", interrupted);
        }
    }
}
