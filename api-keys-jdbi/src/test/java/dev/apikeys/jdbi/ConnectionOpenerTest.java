package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.ConnectionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A driver without a time-out, before a server that takes connections and says nothing. Later the database is back. */
@Tag("tr-skip")
class ConnectionOpenerTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    @AutoClose
    private final ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    private final AtomicInteger asked = new AtomicInteger();

    ConnectionOpenerTest() throws Exception {}

    /** The first ones hang. */
    private ConnectionFactory hanging(int times) {
        return () -> asked.getAndIncrement() < times
                ? DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/none?sslmode=disable")
                : DriverManager.getConnection("jdbc:h2:mem:");
    }

    @Test
    void attemptsThatHang_areReplaced_oneAfterTheOther() throws Exception {
        ConnectionOpener opener = new ConnectionOpener(hanging(2), 1, SHORT);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> opener.open(SHORT))
                    .isInstanceOf(SQLTimeoutException.class)
                    .hasMessageContaining("in time");
        }

        try (Connection connection = opener.open(SHORT)) {
            assertThat(connection.isValid(1)).isTrue();
        }
        assertThat(asked).hasValue(3);
    }

    @Test
    void attemptThatHangsForAMoment_isNotReplaced() {
        ConnectionOpener opener = new ConnectionOpener(hanging(1), 1, Duration.ofMinutes(1));
        assertThatThrownBy(() -> opener.open(SHORT)).isInstanceOf(SQLTimeoutException.class);

        assertThatThrownBy(() -> opener.open(SHORT))
                .isInstanceOf(SQLTimeoutException.class)
                .hasMessageContaining("still being opened");
        assertThat(asked).hasValue(1);
    }
}
