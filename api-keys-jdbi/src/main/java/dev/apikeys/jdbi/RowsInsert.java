package dev.apikeys.jdbi;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Inserts many rows by few statements, each with many rows in it: a statement for each row costs most databases more than
 * the row.
 */
final class RowsInsert {
    private static final int ROWS_AT_ONCE = 100;
    private static final String VALUES = "VALUES ";

    private RowsInsert() {}

    /** As {@link #insert(Handle, String, List, RowValues.Binder)}, in the way that costs this database least. */
    static <T> void insert(Handle handle, Database database, String insert, List<T> rows, RowValues.Binder<T> binder)
            throws SQLException {
        if (database.makesRowsOfArrays()) {
            ArrayInsert.insert(handle, insert.substring(0, insert.lastIndexOf(VALUES)), rows, binder);
        } else {
            insert(handle, insert, rows, binder);
        }
    }

    /**
     * Inserts the rows.
     *
     * @param insert an INSERT of one row, which ends in {@code VALUES (?, …)}
     */
    static <T> void insert(Handle handle, String insert, List<T> rows, RowValues.Binder<T> binder) throws SQLException {
        int whole = rows.size() - rows.size() % ROWS_AT_ONCE;
        if (whole > 0) {
            try (PreparedStatement statement = Transactions.prepare(handle, text(insert, ROWS_AT_ONCE))) {
                for (int from = 0; from < whole; from += ROWS_AT_ONCE) {
                    execute(statement, rows.subList(from, from + ROWS_AT_ONCE), binder);
                }
            }
        }
        List<T> left = rows.subList(whole, rows.size());
        if (!left.isEmpty()) {
            try (PreparedStatement statement = Transactions.prepare(handle, text(insert, left.size()))) {
                execute(statement, left, binder);
            }
        }
    }

    private static <T> void execute(PreparedStatement statement, List<T> rows, RowValues.Binder<T> binder)
            throws SQLException {
        StatementValues values = new StatementValues(statement);
        for (T row : rows) {
            binder.bind(values, row);
        }
        Credentials.updateQuietly(statement);
    }

    private static String text(String insert, int rows) {
        String row = insert.substring(insert.lastIndexOf(VALUES) + VALUES.length());
        return insert + (", " + row).repeat(rows - 1);
    }
}
