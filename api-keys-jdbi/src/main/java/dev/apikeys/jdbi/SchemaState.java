package dev.apikeys.jdbi;

import dev.apikeys.jdbi.SchemaTable.Right;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tables exist. It is found out by statements that read no row. They need no right on the catalogue, and work in
 * the schema of the connection.
 *
 * @param begun the version whose tables were looked for; 1 if the database names no version
 * @param missing those of them that are missing
 * @param version the schema version of the database, or 0 if it has none yet
 */
record SchemaState(int begun, List<SchemaTable> missing, int version) {
    /**
     * Finds out the state.
     *
     * @param wanted the version whose columns have to be there, unless the database names an older one
     * @throws IllegalStateException when a table may not be read or lacks a column
     */
    static SchemaState of(Connection connection, int wanted) throws SQLException {
        int named = namedVersion(connection);
        if (named > 0 && named < wanted) {
            return new SchemaState(named, List.of(), named);
        }
        int begun = named == 0 ? 1 : wanted;
        List<SchemaTable> missing = new ArrayList<>();
        for (SchemaTable table : SchemaTable.of(begun)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(table.probe(Right.SELECT));
            } catch (SQLException failure) {
                if (!SqlFailure.isMissingTable(failure)) {
                    throw explained(table, Right.SELECT, failure);
                }
                missing.add(table);
            }
        }
        return new SchemaState(begun, missing, missing.isEmpty() ? named : 0);
    }

    /** Tells whether all tables are missing. */
    boolean isEmpty() {
        return missing.size() == SchemaTable.of(begun).size();
    }

    /** Tells whether this version is complete, including the row that is written last. */
    boolean isComplete(int wanted) {
        return version >= wanted;
    }

    /** Everything of an older version is there. */
    boolean isOlder() {
        return missing.isEmpty() && version > 0;
    }

    /** The version whose script makes what is missing first. */
    int scriptVersion() {
        return isOlder() ? version + 1 : missing.isEmpty() ? 1 : missing.get(0).since();
    }

    /** The missing tables, for a message. */
    String lacking() {
        return missing.isEmpty() ? "the row in api_key_epoch" : "the tables " + String.join(", ", missingNames());
    }

    /** The names of the missing tables. */
    List<String> missingNames() {
        return missing.stream().map(SchemaTable::name).toList();
    }

    /**
     * Checks that the store has the rights that it needs on the tables of a version.
     *
     * @throws IllegalStateException when a right is missing
     */
    static void requireRights(Connection connection, int version) throws SQLException {
        for (SchemaTable table : SchemaTable.of(version)) {
            for (Right right : table.rights()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(table.probe(right));
                } catch (SQLException failure) {
                    throw explained(table, right, failure);
                }
            }
        }
    }

    private static SQLException explained(SchemaTable table, Right right, SQLException failure) {
        requireWritable(failure);
        if (SqlFailure.isMissingRight(failure)) {
            throw new IllegalStateException(
                    "the database user may not " + right + " on " + table.name() + ", or there is no such table; grant "
                            + table.rights() + " on it",
                    failure);
        }
        if (SqlFailure.isMissingColumn(failure)) {
            throw new IllegalStateException(
                    "the table " + table.name() + " lacks one of the columns " + table.columns()
                            + "; it has another version, or belongs to another application",
                    failure);
        }
        return failure;
    }

    /**
     * Names a failure that has nothing to do with rights.
     *
     * @throws IllegalStateException when the database can't be written at all
     */
    static void requireWritable(SQLException failure) {
        if (SqlFailure.isReadOnly(failure)) {
            throw new IllegalStateException(
                    "the database is read-only: it is a replica, or was set so, or the pool is. The store has to write;"
                            + " connect to the primary",
                    failure);
        }
    }

    /** The version that the database names; 0 when it names none. What is wrong is found out table by table. */
    private static int namedVersion(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT schema_version FROM api_key_epoch")) {
            return row.next() ? row.getInt(1) : 0;
        } catch (SQLException none) {
            return 0;
        }
    }
}
