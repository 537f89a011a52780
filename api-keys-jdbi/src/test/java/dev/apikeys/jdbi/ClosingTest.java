package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import org.junit.jupiter.api.Tag;
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
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("api-keys"))
                .count();
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
