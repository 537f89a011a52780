package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Ends connections that must not be used again. */
final class Connections {
    private Connections() {}

    /**
     * Ends a connection at once, without waiting for the server. A pool replaces it.
     *
     * @param reason the exception to which further failures are added as suppressed, or null
     */
    static void discard(@Nullable Connection connection, @Nullable Throwable reason) {
        if (connection == null) {
            return;
        }
        try (connection) {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException worse) {
            if (reason != null) {
                reason.addSuppressed(worse);
            }
        }
    }
}
