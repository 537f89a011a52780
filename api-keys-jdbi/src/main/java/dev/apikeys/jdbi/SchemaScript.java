package dev.apikeys.jdbi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A script that makes the tables, or changes those of the version before. Split by the rule that it states itself:
 * Jdbi's reader of scripts leaves comments out, and in the one for MariaDB and MySQL some are meant to be executed.
 *
 * <p>Immutable and thread-safe.
 */
final class SchemaScript {
    private static final String CREATE_TABLE = "CREATE TABLE ";

    /** Such a table may hold something already. */
    private static final String CREATE_IF_MISSING = "CREATE TABLE IF NOT EXISTS ";

    private static final String CREATE_INDEX = "CREATE INDEX ";

    private final Database database;
    private final List<String> statements;

    /**
     * A script.
     *
     * @param resource beside this class on the class path
     */
    SchemaScript(Database database, String resource) {
        this(database, statementsOf(resource));
    }

    /** A script of these statements. */
    SchemaScript(Database database, List<String> statements) {
        this.database = database;
        this.statements = statements;
    }

    private static List<String> statementsOf(String resource) {
        return Arrays.stream(code(text(resource)).split(";\n"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    /** Its statements, in their order. */
    List<String> statements() {
        return statements;
    }

    /**
     * Runs the script completely or not at all. If the database commits each statement that creates a table, a failure
     * is followed by dropping the tables that this run created for sure; what an upgrade added besides stays, and does no
     * harm. Afterwards the connection has auto-commit on.
     *
     * @throws SQLException if a statement failed; failures to undo are suppressed in it
     */
    void run(Connection connection) throws SQLException {
        boolean oneTransaction = database.rollsBackSchemaChanges();
        Deque<String> tables = new ArrayDeque<>();
        connection.setAutoCommit(!oneTransaction);
        try {
            if (oneTransaction) {
                execute(connection, database.limitIdleTime());
            }
            for (String statement : statements) {
                executeUnlessDone(connection, statement);
                if (statement.startsWith(CREATE_TABLE) && !statement.startsWith(CREATE_IF_MISSING)) {
                    tables.push(statement.substring(CREATE_TABLE.length(), statement.indexOf(" (")));
                }
            }
            if (oneTransaction) {
                connection.commit();
            }
        } catch (SQLException failure) {
            if (oneTransaction) {
                connection.rollback();
            } else {
                drop(connection, tables, failure);
            }
            throw failure;
        }
        connection.setAutoCommit(true);
    }

    private static void drop(Connection connection, Deque<String> tables, SQLException failure) {
        for (String table : tables) {
            try {
                execute(connection, "DROP TABLE " + table);
            } catch (SQLException worse) {
                failure.addSuppressed(worse);
            }
        }
    }

    /** MySQL can't be told to create an index only where it is missing: a script that was killed may have created it. */
    private static void executeUnlessDone(Connection connection, String statement) throws SQLException {
        try {
            execute(connection, statement);
        } catch (SQLException failure) {
            if (!(statement.startsWith(CREATE_INDEX) && SqlFailure.isExistingIndex(failure))) {
                throw failure;
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String code(String text) {
        return text.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
    }

    /** The whole script, with its comments. */
    static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(SchemaScript.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
