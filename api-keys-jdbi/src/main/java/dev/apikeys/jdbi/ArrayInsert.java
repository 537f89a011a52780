package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Inserts many rows by one statement with an array for each column, for PostgreSQL: it makes the rows of arrays with less
 * work than it reads as many parameters.
 */
final class ArrayInsert implements RowValues {
    private static final String TEXT = "text";
    private static final String NUMBER = "int8";

    private final List<Column> columns = new ArrayList<>();
    private int next;

    private ArrayInsert() {}

    private record Column(String type, List<@Nullable Object> values) {}

    /**
     * Inserts the rows.
     *
     * @param into an INSERT as far as the names of its columns
     */
    static <T> void insert(Handle handle, String into, List<T> rows, RowValues.Binder<T> binder) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        ArrayInsert arrays = new ArrayInsert();
        for (T row : rows) {
            arrays.next = 0;
            binder.bind(arrays, row);
        }
        arrays.execute(handle, into);
    }

    private void execute(Handle handle, String into) throws SQLException {
        Connection connection = handle.getConnection();
        String parameters =
                columns.stream().map(column -> "?::" + column.type() + "[]").collect(Collectors.joining(", "));
        String text = into + "SELECT * FROM unnest(" + parameters + ")";
        try (PreparedStatement statement = Transactions.prepare(handle, text)) {
            int parameter = 1;
            for (Column column : columns) {
                statement.setArray(
                        parameter++,
                        connection.createArrayOf(column.type(), column.values().toArray()));
            }
            Credentials.updateQuietly(statement);
        }
    }

    @Override
    public void text(@Nullable String value) {
        set(TEXT, value);
    }

    @Override
    public void number(@Nullable Long value) {
        set(NUMBER, value);
    }

    private void set(String type, @Nullable Object value) {
        if (next == columns.size()) {
            columns.add(new Column(type, new ArrayList<>()));
        }
        columns.get(next++).values().add(value);
    }
}
