package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads single values of a database that is examined. Not thread-safe. */
record Probe(Connection connection) {
    /** The first column of the first row as text; empty if there is none, or if it is NULL. */
    String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            String found = row.next() ? row.getString(1) : null;
            return found == null ? "" : found;
        }
    }

    /** The first column of the first row; 0 if there is none, or if it is NULL. */
    long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
