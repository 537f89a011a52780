package dev.apikeys.jdbi;

import dev.apikeys.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads instants and owners as {@link RowValues} stores them: milliseconds, and three texts that are empty if absent. And
 * compares instants with them.
 */
final class Columns {
    private Columns() {}

    static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    /** A time to compare stored times with; the last one on this side if it is beyond all that can be stored. */
    static long bound(Instant time) {
        try {
            return time.toEpochMilli();
        } catch (ArithmeticException beyond) {
            return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Reads user, organization and workspace from three columns. */
    static Owner owner(ResultSet row, int first) throws SQLException {
        return new Owner(part(row.getString(first)), part(row.getString(first + 1)), part(row.getString(first + 2)));
    }

    private static @Nullable String part(String column) {
        return column.isEmpty() ? null : column;
    }
}
