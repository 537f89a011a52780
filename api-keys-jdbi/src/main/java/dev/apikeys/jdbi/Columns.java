package dev.apikeys.jdbi;

import dev.apikeys.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads instants and owners as {@link RowValues} stores them: milliseconds, and three texts that are empty if absent. */
final class Columns {
    private Columns() {}

    static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    /** Reads user, organization and workspace from three columns. */
    static Owner owner(ResultSet row, int first) throws SQLException {
        return new Owner(part(row.getString(first)), part(row.getString(first + 1)), part(row.getString(first + 2)));
    }

    private static @Nullable String part(String column) {
        return column.isEmpty() ? null : column;
    }
}
