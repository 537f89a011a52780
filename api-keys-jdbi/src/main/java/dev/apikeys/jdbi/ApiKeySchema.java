package dev.apikeys.jdbi;

import dev.apikeys.jdbi.JdbiApiKeyStore.SchemaHandling;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * The tables of a database, for operators: which version they have, the scripts that make them, and to run these.
 * Applications don't need it: {@link JdbiApiKeyStore#create} makes and upgrades tables by itself.
 *
 * <p>Thread-safe.
 */
public final class ApiKeySchema {
    /** The schema version that this library reads and writes. It also works on a later one. */
    public static final int LATEST_VERSION = Schema.SCRIPTS.size();

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Schema schema;

    /** As {@link #of}; waits so long for another one that is making or upgrading the tables. */
    ApiKeySchema(DataSource dataSource, Duration patience) {
        this.schema = new Schema(dataSource, patience);
    }

    /** The schema of this database. Asks nothing yet. */
    public static ApiKeySchema of(DataSource dataSource) {
        return new ApiKeySchema(Objects.requireNonNull(dataSource, "dataSource"), PATIENCE);
    }

    /** What can be said of the tables of a database. */
    public enum State {
        /** There are no tables of this library. */
        NONE,
        /** Only a part is there: somebody is making or upgrading the tables, or stopped half way. */
        INCOMPLETE,
        /** They are of an older version, and can be upgraded. Nodes of that version work. */
        OLDER,
        /** They are of the version that this library needs. */
        CURRENT,
        /** They are of a later version, which works too. */
        NEWER
    }

    /**
     * The state of a database.
     *
     * <p>Immutable and thread-safe.
     *
     * @param state what can be said of it
     * @param version the schema version of the database; 0 when it has none, or is incomplete
     * @param missing the missing tables, if it is incomplete
     */
    public record Status(State state, int version, List<String> missing) {
        /** Copies the list. */
        public Status {
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(missing, "missing");
            missing = List.copyOf(missing);
        }
    }

    /**
     * A script. Each one leads from the version before to its own.
     *
     * <p>Immutable and thread-safe.
     *
     * @param version the version after it
     * @param fileName its name, as Flyway expects it
     * @param text the whole script, with comments
     */
    public record Script(int version, String fileName, String text) {
        /** Checks that nothing is missing. */
        public Script {
            Objects.requireNonNull(fileName, "fileName");
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * The state of the database now. Changes nothing, and needs no more than the right to read.
     *
     * @throws IllegalStateException when a table may not be read or lacks a column, or the database is of another kind
     * @throws dev.apikeys.StoreUnavailableException when the database can't be reached
     */
    public Status status() {
        return schema.ask((connection, database) -> {
            SchemaState state = SchemaState.of(connection, LATEST_VERSION);
            return new Status(
                    judged(state, connection), state.version(), state.isEmpty() ? List.of() : state.missingNames());
        });
    }

    private static State judged(SchemaState state, Connection connection) throws SQLException {
        if (state.isEmpty()) {
            return State.NONE;
        }
        if (state.isOlder() && !state.isComplete(LATEST_VERSION)) {
            return isBegun(state.scriptVersion(), connection) ? State.INCOMPLETE : State.OLDER;
        }
        if (!state.isComplete(LATEST_VERSION)) {
            return State.INCOMPLETE;
        }
        return state.version() > LATEST_VERSION ? State.NEWER : State.CURRENT;
    }

    private static boolean isBegun(int version, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT id FROM " + Schema.upgradeMark(version) + " WHERE 1 = 0");
            return true;
        } catch (SQLException failure) {
            if (SqlFailure.isMissingTable(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /**
     * All scripts for this kind of database, in the order in which they are run.
     *
     * @throws dev.apikeys.StoreUnavailableException when the database can't be reached
     */
    public List<Script> scripts() {
        String folder = schema.ask((connection, database) -> database.folder());
        List<Script> scripts = new ArrayList<>();
        for (String resource : Schema.SCRIPTS) {
            String path = resource.formatted(folder);
            scripts.add(
                    new Script(scripts.size() + 1, path.substring(path.lastIndexOf('/') + 1), SchemaScript.text(path)));
        }
        return List.copyOf(scripts);
    }

    /**
     * Makes the tables on a database that has none of them.
     *
     * @return the status afterwards
     * @throws IllegalStateException when there are tables of another version or a part of them, or a right is missing; the
     *     message says what to do
     * @throws dev.apikeys.StoreUnavailableException when the database can't be reached
     */
    public Status create() {
        Status before = status();
        if (before.state() == State.OLDER || before.state() == State.NEWER) {
            throw new IllegalStateException("the database has tables of schema version " + before.version()
                    + "; only an empty one can be given new tables");
        }
        return prepared();
    }

    /**
     * Upgrades tables of an older version to {@link #LATEST_VERSION}. Nodes of the older version go on working. Several
     * calls at once upgrade once; the others wait. Does nothing where the tables are current or newer.
     *
     * @return the status afterwards
     * @throws IllegalStateException when there are no tables or a part of them, or a right is missing; the message says
     *     what to do
     * @throws dev.apikeys.StoreUnavailableException when the database can't be reached
     */
    public Status upgrade() {
        if (status().state() == State.NONE) {
            throw new IllegalStateException("there are no tables for API keys to upgrade");
        }
        return prepared();
    }

    private Status prepared() {
        schema.prepare(SchemaHandling.APPLY);
        return status();
    }
}
