package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Uses LISTEN on the connection of the feed, so that changes of other nodes are read before the next poll. If the
 * connection is not from the usual driver, or a proxy drops notifications, the poll finds the changes.
 */
final class PostgresHints {
    static final String CHANNEL = "api_keys_changed";

    private final PGConnection notifications;
    private final Connection connection;

    private PostgresHints(PGConnection notifications, Connection connection) {
        this.notifications = notifications;
        this.connection = connection;
    }

    /** Null if the connection doesn't support notifications. */
    static @Nullable PostgresHints listen(Connection connection) throws SQLException {
        try {
            if (!connection.isWrapperFor(PGConnection.class)) {
                return null;
            }
        } catch (NoClassDefFoundError otherDriver) {
            return null;
        }
        execute(connection, "LISTEN " + CHANNEL);
        return new PostgresHints(connection.unwrap(PGConnection.class), connection);
    }

    /** Waits for a notification, at least one millisecond, because zero means forever for the driver. */
    boolean await(Duration atMost) throws SQLException {
        PGNotification[] arrived = notifications.getNotifications((int) Math.max(1, atMost.toMillis()));
        return arrived != null && arrived.length > 0;
    }

    void stop() throws SQLException {
        execute(connection, "UNLISTEN " + CHANNEL);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
