package dev.apikeys.jdbi;

import java.sql.SQLException;

/** The data source gave no connection, so that nothing was asked of the database. */
final class NoConnection extends SQLException {
    private static final long serialVersionUID = 1L;

    NoConnection(Throwable cause) {
        super("there is no connection to be had", cause);
    }
}
