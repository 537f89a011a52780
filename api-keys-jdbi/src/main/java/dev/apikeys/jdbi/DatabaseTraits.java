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

    /** One row, with two texts that are compared as the ids of users are. */
    private static final String IS_LOOSE =
            "SELECT CASE WHEN COALESCE(MAX(user_id), 'a') IN ('A', 'a ') THEN 1 ELSE 0 END"
                    + " FROM api_key WHERE 1 = 0";

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
     * Checks that the database reads the store's SQL, and keeps an empty text as one: H2 and MariaDB have modes that don't.
     *
     * @throws IllegalStateException when it doesn't
     */
    static void requireUsualMode(Connection connection, Database database) throws SQLException {
        try (PreparedStatement echo = connection.prepareStatement("SELECT " + database.asText("?") + " LIMIT 1")) {
            echo.setString(1, "");
            try (ResultSet row = echo.executeQuery()) {
                if (row.next() && "".equals(row.getString(1))) {
                    return;
                }
            }
        } catch (SQLException failure) {
            if (!SqlFailure.isSyntax(failure)) {
                throw failure;
            }
        }
        throw new IllegalStateException(
                "the database is in a mode that reads other SQL than the store writes, or takes an"
                        + " empty text for NULL. Use H2 without MODE, or with MODE PostgreSQL, MySQL or MariaDB; and MariaDB"
                        + " without the sql_mode EMPTY_STRING_IS_NULL");
    }

    /** Whether ids of users are compared without regard to case or to blanks at their end. */
    static boolean comparesLoosely(Connection connection) throws SQLException {
        return new Probe(connection).number(IS_LOOSE) == 1;
    }

    /**
     * Checks that one user's id is never found by another's.
     *
     * @throws IllegalStateException when it may be
     */
    static void requireExactComparison(Connection connection) throws SQLException {
        if (comparesLoosely(connection)) {
            throw new IllegalStateException(
                    "the tables for API keys compare texts without regard to case or to blanks at"
                            + " their end, so that a user would be found by another one's id. They need the collations of the"
                            + " script that makes them (H2: without IGNORECASE and SET COLLATION)");
        }
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
