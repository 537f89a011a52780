package dev.apikeys.jdbi;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Sets the parameters of a statement, one after the other. */
final class StatementValues implements RowValues {
    private final PreparedStatement statement;
    private int next = 1;

    StatementValues(PreparedStatement statement) {
        this.statement = statement;
    }

    @Override
    public void text(@Nullable String value) throws SQLException {
        statement.setString(next++, value);
    }

    @Override
    public void number(@Nullable Long value) throws SQLException {
        if (value == null) {
            statement.setNull(next++, Types.BIGINT);
        } else {
            statement.setLong(next++, value);
        }
    }
}
