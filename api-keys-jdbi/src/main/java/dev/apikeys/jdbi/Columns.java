package dev.apikeys.jdbi;

import dev.apikeys.Owner;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How instants and owners are stored in columns: milliseconds, and three texts that are empty if absent. */
final class Columns {
    private Columns() {}

    static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    static void setInstant(PreparedStatement statement, int parameter, @Nullable Instant at) throws SQLException {
        if (at == null) {
            statement.setNull(parameter, Types.BIGINT);
        } else {
            statement.setLong(parameter, at.toEpochMilli());
        }
    }

    /** Reads user, organization and workspace from three columns. */
    static Owner owner(ResultSet row, int first) throws SQLException {
        return new Owner(part(row.getString(first)), part(row.getString(first + 1)), part(row.getString(first + 2)));
    }

    /** Sets user, organization and workspace. Returns the number of the next parameter. */
    static int setOwner(PreparedStatement statement, int first, Owner owner) throws SQLException {
        statement.setString(first, column(owner.user()));
        statement.setString(first + 1, column(owner.organization()));
        statement.setString(first + 2, column(owner.workspace()));
        return first + 3;
    }

    private static @Nullable String part(String column) {
        return column.isEmpty() ? null : column;
    }

    private static String column(@Nullable String part) {
        return part == null ? "" : part;
    }
}
