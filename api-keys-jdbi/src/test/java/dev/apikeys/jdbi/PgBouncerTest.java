package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pooler that gives each transaction another connection of the server. */
// The database knows nothing of the locale.
@Tag("tr-skip")
class PgBouncerTest {
    /** A busy machine may take its time for a poll, so that a poll that fails does so because of the pooler. */
    private static final LeasePolicy PATIENT =
            LeasePolicy.DEFAULT.strict().timing(Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofSeconds(10));

    private static final String NAME = "bouncer" + Long.toHexString(System.nanoTime());

    @TempDir
    Path directory;

    private TestDatabase server;

    @BeforeEach
    void createDatabase() throws Exception {
        server = DatabaseServer.POSTGRESQL.newDatabase();
        server.execute("CREATE DATABASE " + NAME);
    }

    @AfterEach
    void dropDatabase() {
        server.execute("DROP DATABASE " + NAME + " WITH (FORCE)");
        server.close();
    }

    @Test
    void pooler_withDriverThatPreparesNothing_works() throws Exception {
        try (PgBouncer pooler = PgBouncer.before(server, NAME, directory);
                TestDatabase behind = pooler.database("prepareThreshold=0");
                Nodes nodes = Nodes.of(2, behind, PATIENT)) {
            KeyService one = nodes.get(0);
            KeyService other = nodes.get(1);
            for (int i = 0; i < 20; i++) {
                IssuedKey key = Nodes.issue(one, "user" + i);
                assertThat(Nodes.accepts(other, key.token().reveal())).isTrue();
                IssuedKey rotated = one.rotate(Nodes.ref(key), Nodes.ADMIN);
                assertThat(Nodes.accepts(other, rotated.token().reveal())).isTrue();
                other.revoke(Nodes.ref(key), Nodes.ADMIN, "");
                await().until(() -> !Nodes.accepts(one, rotated.token().reveal()));
            }
            assertThat(one.stats().failedPolls()).isZero();
        }
    }

    @Test
    void pooler_withDriverThatPrepares_isToldWhatToSet() throws Exception {
        try (PgBouncer pooler = PgBouncer.before(server, NAME, directory);
                TestDatabase behind = pooler.database("prepareThreshold=1")) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 20; i++) {
                            JdbiApiKeyStore.create(behind.plain());
                        }
                    })
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("prepareThreshold=0");
        }
    }
}
