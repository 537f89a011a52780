package dev.apikeys.jdbi;

import dev.apikeys.jdbi.JdbiApiKeyStore.SchemaHandling;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the tables are there when a store starts. Of several nodes that find an empty database at once, the
 * one that creates the first table creates them all; the others wait until it is done.
 */
final class Schema {
    /** The version that this library reads and writes; a later one may only add to it. */
    private static final int VERSION = 1;

    private static final int LOOK_AGAIN_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private final DataSource dataSource;
    private final Duration patience;

    /**
     * A schema on this database.
     *
     * @param patience how long to wait for another node that is creating the tables
     */
    Schema(DataSource dataSource, Duration patience) {
        this.dataSource = dataSource;
        this.patience = patience;
    }

    /**
     * Makes or checks the tables.
     *
     * @return which database it is
     * @throws IllegalStateException when the store could not work on this database; the message says what to do
     */
    Database prepare(SchemaHandling handling) {
        try (Connection connection = connect()) {
            Database database = Database.of(connection);
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            prepare(connection, database, handling);
            connection.setAutoCommit(autoCommit);
            return database;
        } catch (SQLException failure) {
            throw Transactions.unavailable("check the tables", failure);
        }
    }

    private Connection connect() {
        try {
            return dataSource.getConnection();
        } catch (SQLException | RuntimeException failure) {
            throw Transactions.unavailable("reach the database", failure);
        }
    }

    private void prepare(Connection connection, Database database, SchemaHandling handling) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean mayCreate = handling == SchemaHandling.APPLY;
        SQLException failure = null;
        SchemaState state = SchemaState.of(connection);
        while (!state.isComplete(VERSION)) {
            boolean patient = System.nanoTime() - deadline < 0;
            boolean hopeful = failure == null || (patient && SqlFailure.isWorthAnotherTry(failure));
            if (state.isEmpty() && mayCreate && hopeful) {
                failure = create(connection, database);
            } else if (state.isEmpty() || !mayCreate || !patient) {
                throw new IllegalStateException(complaint(state, database, failure), failure);
            } else {
                lookAgainLater();
            }
            state = SchemaState.of(connection);
        }
        SchemaState.requireRights(connection);
    }

    private static @Nullable SQLException create(Connection connection, Database database) throws SQLException {
        try {
            new SchemaScript(database).run(connection);
            LOG.info("created the tables of schema version {} for {}", VERSION, database);
            return null;
        } catch (SQLException failure) {
            connection.setAutoCommit(true);
            return failure;
        }
    }

    private static String complaint(SchemaState state, Database database, @Nullable SQLException failure) {
        String script = "classpath:dev/apikeys/jdbi/" + database.script();
        String grant = " and grant SELECT, INSERT, UPDATE and DELETE on the api_key tables to the store's user";
        if (!state.isEmpty()) {
            return "the database has only a part of schema version " + VERSION + ", " + state.lacking()
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
