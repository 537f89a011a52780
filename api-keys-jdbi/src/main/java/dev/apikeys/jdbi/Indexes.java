package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Which indexes the tables have. Not thread-safe. */
final class Indexes {
    /** Those of the table that statements find, in whichever schema it is: the catalogue alone would ask for one schema. */
    private static final String OF_POSTGRES = "SELECT c.relname, i.indisvalid FROM pg_index i"
            + " JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass(?)";

    private final Connection connection;
    private final Database database;
    private final Map<String, Map<String, State>> known = new HashMap<>();

    /** Whether the database reads an index. */
    enum State {
        READ,
        /** PostgreSQL keeps it up to date and doesn't read it. */
        INVALID,
        MISSING
    }

    Indexes(Connection connection, Database database) {
        this.connection = connection;
        this.database = database;
    }

    State state(String table, String index) throws SQLException {
        if (!known.containsKey(table)) {
            known.put(table, database == Database.POSTGRESQL ? ofPostgres(table) : of(table));
        }
        return known.get(table).getOrDefault(index, State.MISSING);
    }

    private Map<String, State> ofPostgres(String table) throws SQLException {
        Map<String, State> states = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(OF_POSTGRES)) {
            select.setString(1, table);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    states.put(rows.getString(1), rows.getBoolean(2) ? State.READ : State.INVALID);
                }
            }
        }
        return states;
    }

    private Map<String, State> of(String table) throws SQLException {
        DatabaseMetaData catalogue = connection.getMetaData();
        String name = catalogue.storesUpperCaseIdentifiers() ? table.toUpperCase(Locale.ROOT) : table;
        Map<String, State> states = new HashMap<>();
        try (ResultSet rows =
                catalogue.getIndexInfo(connection.getCatalog(), connection.getSchema(), name, false, true)) {
            while (rows.next()) {
                String index = rows.getString("INDEX_NAME");
                if (index != null) {
                    states.put(index.toLowerCase(Locale.ROOT), State.READ);
                }
            }
        }
        return states;
    }
}
