package dev.apikeys.jdbi;

import java.sql.SQLException;

/** The data source gave no connection, so that nothing was asked of the database. */
final class NoConnection extends SQLException {
    private static final long serialVersionUID = 1L;

    NoConnection(Throwable cause) {
        this("no connection is available", cause);
    }

    private NoConnection(String message, Throwable cause) {
        super(message, cause);
    }

    /** Where the pool may simply be too small. */
    static NoConnection sharedWithPoller(Throwable cause) {
        return new NoConnection(
                "no connection is available; the poller keeps one of this pool, which needs at least two unless it"
                        + " has a feedDataSource",
                cause);
    }
}
