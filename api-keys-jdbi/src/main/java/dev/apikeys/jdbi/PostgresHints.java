package dev.apikeys.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * LISTEN on the connection of the feed, so that a change elsewhere is read before the next poll. Where the connection is
 * not the usual driver's, or a proxy in between swallows notifications, polling alone does.
 */
final class PostgresHints {
    static final String CHANNEL = "api_keys_changed";

    private final PGConnection notifications;
    private final Connection connection;

    private PostgresHints(PGConnection notifications, Connection connection) {
        this.notifications = notifications;
        this.connection = connection;
    }

    /** Null when the connection can't be listened to. */
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

    /** Waits for a notification, at least a millisecond: the driver takes zero for ever. */
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
