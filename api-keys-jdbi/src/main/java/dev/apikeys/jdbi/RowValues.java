package dev.apikeys.jdbi;

import dev.apikeys.Owner;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes the values of a row, one after the other, in the order of the columns that an INSERT or an UPDATE names. */
interface RowValues {
    /** Gives the values of a row. */
    @FunctionalInterface
    interface Binder<T> {
        void bind(RowValues values, T row) throws SQLException;
    }

    void text(@Nullable String value) throws SQLException;

    void number(@Nullable Long value) throws SQLException;

    default void instant(@Nullable Instant at) throws SQLException {
        number(at == null ? null : at.toEpochMilli());
    }

    /** User, organization and workspace: three texts that are empty if absent. */
    default void owner(Owner owner) throws SQLException {
        text(Objects.requireNonNullElse(owner.user(), ""));
        text(Objects.requireNonNullElse(owner.organization(), ""));
        text(Objects.requireNonNullElse(owner.workspace(), ""));
    }
}
