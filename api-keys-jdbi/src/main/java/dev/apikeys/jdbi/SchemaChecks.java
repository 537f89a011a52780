package dev.apikeys.jdbi;

import dev.apikeys.jdbi.SchemaTable.Right;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether the tables, their indexes and the rights on them are there. Not thread-safe. */
final class SchemaChecks {
    /** MariaDB reads more in it than MySQL does. */
    private static final Pattern INDEX = Pattern.compile(
            "CREATE (?:UNIQUE )?INDEX (?:/\\*M! )?(?:IF NOT EXISTS )?(?:\\*/ )?(\\w+) ON (\\w+) .*", Pattern.DOTALL);

    private final Connection connection;
    private final Database database;
    private final List<SchemaTable> missingTables = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private boolean complete;
    private boolean readOnly;

    SchemaChecks(Connection connection, Database database) {
        this.connection = connection;
        this.database = database;
    }

    /** Whether this version is there, with every table; known after {@link #look}. */
    boolean isComplete() {
        return complete;
    }

    List<Finding> look() throws SQLException {
        int wanted = Schema.SCRIPTS.size();
        int version = SchemaState.namedVersion(connection);
        if (version > 0 && version < wanted) {
            return List.of(Finding.problem(
                    "schema",
                    "the database has schema version " + version + ", and this library needs version " + wanted,
                    "run " + script(version) + " with a user who may change tables"));
        }
        lookAtTables();
        complete = missingTables.isEmpty() && version >= wanted && !readOnlyOrBroken();
        findings.add(0, schema(version, wanted));
        if (missingTables.isEmpty()) {
            lookAtIndexes();
        }
        if (complete && DatabaseTraits.comparesLoosely(connection)) {
            findings.add(Finding.problem(
                    "schema",
                    "the tables compare texts without regard to case or to blanks at their end",
                    "give the columns the collations of " + script(0) + ", and of the scripts behind it"));
        }
        return findings;
    }

    private boolean readOnlyOrBroken() {
        return findings.stream().anyMatch(finding -> finding.check().equals("schema"));
    }

    private Finding schema(int version, int wanted) {
        if (missingTables.size() == SchemaTable.ALL.size()) {
            return Finding.problem(
                    "schema",
                    "there are no tables for API keys",
                    "run " + script(0) + " with a user who may create tables");
        }
        if (!missingTables.isEmpty()) {
            return Finding.problem(
                    "schema",
                    "a script ended half way: missing are "
                            + missingTables.stream().map(SchemaTable::name).collect(Collectors.joining(", ")),
                    "run what is left of " + script(missingTables.get(0).since() - 1)
                            + ", or drop the api_key tables if they hold nothing yet");
        }
        if (version == 0) {
            return Finding.problem(
                    "schema",
                    "a script ended half way: the row in api_key_epoch is missing or can't be read",
                    "run what is left of " + script(0));
        }
        return version > wanted
                ? Finding.warning(
                        "schema",
                        "schema version " + version + " is newer than this library, which knows version " + wanted,
                        "use the newer library on every node")
                : Finding.ok("schema", "schema version " + version + ", all " + SchemaTable.ALL.size() + " tables");
    }

    private void lookAtTables() throws SQLException {
        boolean lacking = false;
        for (SchemaTable table : SchemaTable.ALL) {
            for (Right right : table.rights()) {
                if (missingTables.contains(table)) {
                    break;
                }
                lacking |= !mayDo(table, right);
            }
        }
        if (!lacking && missingTables.size() < SchemaTable.ALL.size()) {
            findings.add(Finding.ok("rights", "this user may do what the store does"));
        }
    }

    /** Tells whether the user has the right, and notes why not. A missing table is noted, and is no missing right. */
    private boolean mayDo(SchemaTable table, Right right) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(table.probe(right));
            return true;
        } catch (SQLException failure) {
            if (SqlFailure.isMissingTable(failure)) {
                missingTables.add(table);
                return true;
            }
            note(table, right, failure);
            return false;
        }
    }

    private void note(SchemaTable table, Right right, SQLException failure) throws SQLException {
        if (SqlFailure.isReadOnly(failure)) {
            if (!readOnly) {
                findings.add(Finding.problem(
                        "rights",
                        "the database is read-only: it is a replica, or it or this user was set so",
                        "connect to the primary"));
            }
            readOnly = true;
        } else if (SqlFailure.isMissingRight(failure)) {
            findings.add(Finding.problem(
                    "rights", "this user may not " + right + " on " + table.name(), "grant " + right + " on it"));
        } else if (SqlFailure.isMissingColumn(failure)) {
            findings.add(Finding.problem(
                    "schema",
                    "the table " + table.name() + " lacks a column",
                    "compare it with " + script(table.since() - 1) + "; it may belong to another application"));
        } else {
            throw failure;
        }
    }

    private void lookAtIndexes() throws SQLException {
        Indexes indexes = new Indexes(connection, database);
        int expected = 0;
        int missing = 0;
        for (String statement : statements()) {
            Matcher index = INDEX.matcher(statement);
            if (!index.matches()) {
                continue;
            }
            expected++;
            Indexes.State state = indexes.state(index.group(2), index.group(1));
            if (state != Indexes.State.READ) {
                missing++;
                findings.add(unread(index, state, statement));
            }
        }
        if (missing == 0) {
            findings.add(Finding.ok("indexes", "all " + expected + " indexes are there"));
        }
        findings.add(search());
    }

    private static Finding unread(Matcher index, Indexes.State state, String statement) {
        String name = index.group(1);
        String effect = ": calls read the whole table " + index.group(2);
        return state == Indexes.State.MISSING
                ? Finding.problem("indexes", "the index " + name + " is missing" + effect, "run " + statement)
                : Finding.problem(
                        "indexes",
                        "the index " + name + " is invalid: it is still being made, or that was stopped" + effect,
                        "when nobody makes it any more, run DROP INDEX " + name + "; and then " + statement);
    }

    private Finding search() throws SQLException {
        if (TextSearch.hasTrigrams(connection, database)) {
            return Finding.ok("search", "searches use the index api_key_by_text");
        }
        String found = "a search in every part of names and owners reads every key";
        return database == Database.POSTGRESQL
                ? Finding.warning(
                        "search",
                        found,
                        "run CREATE EXTENSION pg_trgm, DROP INDEX IF EXISTS api_key_by_text and CREATE INDEX CONCURRENTLY"
                                + " api_key_by_text ON api_key USING gin (search_text gin_trgm_ops), and start the services"
                                + " again; or use KeySearch.BEGINNING")
                : Finding.ok("search", found + "; with more than 100,000 keys use KeySearch.BEGINNING");
    }

    private List<String> statements() {
        return Schema.SCRIPTS.stream()
                .flatMap(
                        script -> new SchemaScript(database, script.formatted(database.folder())).statements().stream())
                .toList();
    }

    private String script(int version) {
        return "classpath:dev/apikeys/jdbi/" + Schema.SCRIPTS.get(version).formatted(database.folder());
    }
}
