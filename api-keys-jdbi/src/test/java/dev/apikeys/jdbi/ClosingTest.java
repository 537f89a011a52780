package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.spi.MaintenanceReport;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A service that is closed leaves nothing behind but what it was to write. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class ClosingTest {
    private static final int ROUNDS = 50;

    @ParameterizedTest
    @EnumSource
    void close_fiftyTimes_leavesNoThreadAndNoConnection(DatabaseServer server, Figures figures) throws Exception {
        try (TestDatabase database = server.newDatabase();
                HikariDataSource pool = database.pool(4)) {
            JdbiApiKeyStore store = JdbiApiKeyStore.builder(pool)
                    .feedDataSource(database.plain())
                    .build();
            long before = sessions(server, database);
            for (int round = 0; round < ROUNDS; round++) {
                IssuedKey key;
                try (KeyService service =
                        KeyService.builder(store).lease(LeasePolicy.DEFAULT).build()) {
                    key = Nodes.issue(service, "user" + round);
                    assertThat(Nodes.accepts(service, key.token().reveal())).isTrue();
                }
                assertThat(database.number("SELECT COUNT(*) FROM api_key_usage WHERE key_id = '"
                                + key.key().id() + "'"))
                        .as("the use was written")
                        .isEqualTo(1);
            }
            assertThat(ourThreads()).isZero();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            // The pool may have opened some of its own.
            await().until(() -> sessions(server, database) <= before + 4);
            figures.count("threads left by 50 closed services", server, ROUNDS, ourThreads());
        }
    }

    private static long ourThreads() {
        return threads("api-keys");
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }

    /** F15: maintenance waits for a lock in the database while the service is closed. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void close_whileMaintenanceHangs_writesUsesAndRefusals(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Connection locking = database.connect()) {
            KeyService service =
                    KeyService.builder(JdbiApiKeyStore.create(database.pool(4))).build();
            IssuedKey key = Nodes.issue(service, "alice");
            String token = key.token().reveal();
            assertThat(Nodes.accepts(service, token)).isTrue();
            assertThat(Nodes.accepts(
                            service, token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0")))
                    .isFalse();
            locking.setAutoCommit(false);
            locking.createStatement()
                    .execute(
                            server == DatabaseServer.MARIADB
                                    ? "LOCK TABLES api_key_maintenance WRITE"
                                    : "LOCK TABLE api_key_maintenance IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<MaintenanceReport> running = CompletableFuture.supplyAsync(service::maintain);
            await().until(() -> waiting(server, database) > 0);

            service.close();

            assertThat(running).isNotDone();
            assertThat(database.number("SELECT COUNT(*) FROM api_key_usage")).isEqualTo(1);
            assertThat(database.number("SELECT COUNT(*) FROM api_key_audit WHERE event = 'AUTH_FAILED'"))
                    .isEqualTo(1);
            locking.rollback();
            locking.createStatement().execute(server == DatabaseServer.MARIADB ? "UNLOCK TABLES" : "SELECT 1");
            assertThat(running).succeedsWithin(Duration.ofSeconds(10));
            assertThat(ourThreads()).isZero();
        }
    }

    private static long waiting(DatabaseServer server, TestDatabase database) {
        return database.number(
                server == DatabaseServer.MARIADB
                        ? "SELECT COUNT(*) FROM information_schema.processlist"
                                + " WHERE db = DATABASE() AND state LIKE 'Waiting%'"
                        : "SELECT COUNT(*) FROM pg_stat_activity"
                                + " WHERE wait_event_type = 'Lock' AND query LIKE '%api_key_maintenance%'");
    }

    /** F15: the firewall drops everything from one moment on. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void close_intoABlackHole_leavesNoThread(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database);
                TestDatabase behind = proxy.over(database)) {
            KeyService service =
                    KeyService.builder(JdbiApiKeyStore.create(behind.pool(2))).build();
            IssuedKey key = Nodes.issue(service, "alice");
            assertThat(Nodes.accepts(service, key.token().reveal())).isTrue();
            proxy.swallow();
            await().atMost(Duration.ofSeconds(30)).until(() -> service.stats().failedPolls() > 2);
            long began = System.nanoTime();

            service.close();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(7));
            assertThat(threads("api-keys-poll")).isZero();
            await().atMost(Duration.ofSeconds(20)).until(() -> ourThreads() == 0);
        }
    }

    /** Nor where the driver would wait for ever. */
    @Test
    void close_whileADriverConnectsWithoutATimeout_leavesNoPoller() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                TcpProxy proxy = TcpProxy.before(database)) {
            String url = proxy.over(database).url().replaceAll("&loginTimeout.*", "");
            try (TestDatabase patient = database.as(url, "postgres", "")) {
                KeyService service = KeyService.builder(JdbiApiKeyStore.builder(database.pool(2))
                                .feedDataSource(patient.plain())
                                .build())
                        .build();
                proxy.swallow();
                await().atMost(Duration.ofSeconds(30)).until(() -> threads("api-keys-connect") > 0);

                service.close();

                assertThat(threads("api-keys-poll")).isZero();
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> ourThreads() == 0);
    }

    private static long sessions(DatabaseServer server, TestDatabase database) {
        return database.number(
                switch (server) {
                    case H2 -> "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS";
                    case POSTGRESQL -> "SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend'";
                    case MARIADB -> "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()";
                });
    }
}
