package dev.apikeys.jdbi;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Statements with a list of values, some at a time. */
final class InList {
    private static final int AT_ONCE = 100;
    private static final String LIST = "(?" + ", ?".repeat(AT_ONCE - 1) + ")";

    private InList() {}

    /** Reads a row. */
    @FunctionalInterface
    interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    static void read(Handle handle, String select, List<String> values, RowReader reader) throws SQLException {
        read(handle, select, "", values, reader);
    }

    /** Reads all rows of {@code select (values) more}. */
    static void read(Handle handle, String select, String more, List<String> values, RowReader reader)
            throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = Transactions.prepare(handle, select + LIST + more)) {
            for (int from = 0; from < values.size(); from += AT_ONCE) {
                bind(statement, values, from);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        reader.read(row);
                    }
                }
            }
        }
    }

    /** Deletes all rows of {@code delete (values)}. */
    static void delete(Handle handle, String delete, List<String> values) throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = Transactions.prepare(handle, delete + LIST)) {
            for (int from = 0; from < values.size(); from += AT_ONCE) {
                bind(statement, values, from);
                statement.executeUpdate();
            }
        }
    }

    private static void bind(PreparedStatement statement, List<String> values, int from) throws SQLException {
        for (int i = 0; i < AT_ONCE; i++) {
            // What is left over is the empty text, which is no id.
            statement.setString(i + 1, from + i < values.size() ? values.get(from + i) : "");
        }
    }
}
