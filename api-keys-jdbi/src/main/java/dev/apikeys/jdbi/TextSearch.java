package dev.apikeys.jdbi;

import dev.apikeys.KeySearch;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Where a search among the keys of many owners looks in this database, and what it has an index for.
 *
 * <p>Immutable and thread-safe.
 *
 * @param where where it looks
 * @param nameStart SQL for what the index of beginnings holds: the search text, or its first characters
 * @param database the database
 */
record TextSearch(KeySearch where, String nameStart, Database database) {
    /** How many characters of the search text an index of beginnings holds: a whole text may be too long for an index. */
    static final int INDEXED_CHARACTERS = 64;

    private static final String FIND_TRIGRAMS = "SELECT to_regclass('api_key_by_text') IS NOT NULL";

    /**
     * What the database can do.
     *
     * @param wanted what the host wants, or null for the widest search
     */
    static TextSearch of(Connection connection, Database database, @Nullable KeySearch wanted) throws SQLException {
        boolean trigrams = hasTrigrams(connection, database);
        KeySearch widest = trigrams ? KeySearch.ANYWHERE_FROM_THREE : KeySearch.ANYWHERE;
        boolean beginsShort = database == Database.POSTGRESQL && !trigrams;
        return new TextSearch(
                wanted == null ? widest : wanted,
                beginsShort ? "LEFT(search_text, " + INDEXED_CHARACTERS + ")" : "search_text",
                database);
    }

    /** Whether there is an index of trigrams. */
    static boolean hasTrigrams(Connection connection, Database database) throws SQLException {
        if (database != Database.POSTGRESQL) {
            return false;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FIND_TRIGRAMS)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
