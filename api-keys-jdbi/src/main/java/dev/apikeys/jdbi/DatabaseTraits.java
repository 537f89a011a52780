package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Checks what a database has to be like, besides having the tables. */
final class DatabaseTraits {
    /** Of each kind that a name may contain: beyond ASCII, beyond Latin, beyond the basic plane. */
    private static final String ALL_KINDS = "a\u00fc\u0416\u6f22\ud83d\udd11";

    private static final String READ_INCARNATION = "SELECT incarnation FROM api_key_epoch";

    private DatabaseTraits() {}

    /**
     * Checks that the database can hold every text.
     *
     * @throws IllegalStateException when its encoding can't
     */
    static void requireUnicode(Connection connection, Database database) throws SQLException {
        try (PreparedStatement echo = connection.prepareStatement("SELECT " + database.asText("?"))) {
            echo.setString(1, ALL_KINDS);
            try (ResultSet row = echo.executeQuery()) {
                if (row.next() && ALL_KINDS.equals(row.getString(1))) {
                    return;
                }
            }
        } catch (SQLException failure) {
            if (!SqlFailure.isUntranslatable(failure)) {
                throw failure;
            }
        }
        throw new IllegalStateException("the encoding of the database can't hold every name; it has to be UTF-8"
                + " (PostgreSQL: CREATE DATABASE ... ENCODING 'UTF8', MariaDB and MySQL: utf8mb4)");
    }

    /**
     * Checks that the poller reads the changes of this database and schema.
     *
     * @param name what gives the poller its connection
     * @throws IllegalStateException when it reads those of another one
     */
    static void requireSameHistory(Connection pool, String name, Connection poller) throws SQLException {
        String wanted = incarnation(pool);
        String found;
        try {
            found = incarnation(poller);
        } catch (SQLException failure) {
            if (!SqlFailure.isMissingTable(failure)) {
                throw failure;
            }
            found = "";
        }
        if (!found.equals(wanted)) {
            throw new IllegalStateException(
                    "the " + name + " leads to another database or schema than the data source: the"
                            + " poller would never be told of a revocation. Name the same schema in both, in the pool's own"
                            + " settings rather than in a wrapper");
        }
    }

    private static String incarnation(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(READ_INCARNATION)) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
