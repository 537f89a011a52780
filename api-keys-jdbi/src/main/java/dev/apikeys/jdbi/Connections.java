package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What to do with a connection that must not be used again. */
final class Connections {
    private Connections() {}

    /**
     * Ends a connection at once, without waiting for a server that may be gone; a pool replaces it.
     *
     * @param reason gets what goes wrong on the way as suppressed, or null
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
