package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import java.time.Duration;
import java.util.Arrays;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;

/** PostgreSQL's notifications wake a node earlier, and nothing depends on them. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class HintTest {
    private static final int TIMES = 20;

    @Test
    void revocation_withNotifications_isSeenLongBeforeTheNextPoll(Figures figures) throws Exception {
        LeasePolicy slow = LeasePolicy.DEFAULT
                .timing(Duration.ofSeconds(20), Duration.ofMillis(500), Duration.ofSeconds(30))
                .strict();
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                Nodes nodes = Nodes.of(2, database, slow)) {
            long[] seen = revocationsSeen(nodes.get(0), nodes.get(1));
            assertThat(figures.within("revocation seen, by notification, P = 20 s", "POSTGRESQL", seen, 1_000))
                    .isTrue();
        }
    }

    @Test
    void revocation_notificationsAreSwallowed_isSeenWithinY(Figures figures) throws Exception {
        LeasePolicy lease = LeasePolicy.DEFAULT.strict();
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                Nodes nodes = new Nodes()) {
            KeyService revoking = nodes.add(database.store(4), lease);
            KeyService deaf = nodes.add(
                    JdbiApiKeyStore.builder(database.pool(4))
                            .feedDataSource(deaf(database.plain()))
                            .build(),
                    lease);
            long[] seen = revocationsSeen(revoking, deaf);
            assertThat(figures.within("revocation seen, notifications swallowed", "POSTGRESQL", seen, 1_000))
                    .isTrue();
            assertThat(Arrays.stream(seen).max().orElseThrow())
                    .as("some revocation had to wait for a poll")
                    .isGreaterThan(Duration.ofMillis(50).toNanos());
        }
    }

    private static long[] revocationsSeen(KeyService revoking, KeyService other) {
        long[] seen = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            IssuedKey key = Nodes.issue(revoking, "alice");
            try (Oracle oracle = Oracle.asking(other, key.token().reveal())) {
                await().until(oracle::hasAccepted);
                revoking.revoke(Nodes.ref(key), Nodes.ADMIN, "");
                long returned = System.nanoTime();
                await().until(oracle::hasRefused);
                seen[i] = oracle.firstRefusalAfter(returned);
            }
        }
        return seen;
    }

    /** Connections of a driver that nobody can listen with, like those of some proxies. */
    private static DataSource deaf(DataSource source) {
        return InterceptedDataSource.of(
                source,
                call -> call.name().equals("isWrapperFor") && call.argument(0) == PGConnection.class
                        ? false
                        : call.proceed());
    }
}
