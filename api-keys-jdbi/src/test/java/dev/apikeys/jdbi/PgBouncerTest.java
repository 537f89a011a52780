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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A pooler that gives each transaction another connection of the server. */
// The database knows nothing of the locale.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class PgBouncerTest {
    /** A busy machine may take its time for a poll, so that a poll that fails does so because of the pooler. */
    private static final LeasePolicy PATIENT =
            LeasePolicy.DEFAULT.strict().timing(Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofSeconds(10));

    /**
     * Twice the pooler's connections, and the pollers beside. On a busy machine more only wait in its queue, and no poll
     * comes through within Y.
     */
    private static final int MORE_THAN_IT_HAS = 4;

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
    void revocations_throughThePooler_acceptNothingLaterThanY(Figures figures) throws Exception {
        revoke(MORE_THAN_IT_HAS, 40, figures);
    }

    @Tag("endurance")
    @Test
    void revocations_throughThePoolerAThousandTimes_acceptNothingLaterThanY(Figures figures) throws Exception {
        revoke(RevocationBoundTest.AT_ONCE, 1_000, figures);
    }

    /** Not only the calls, also the pollers go through it; no notification reaches them. */
    private void revoke(int atOnce, int times, Figures figures) throws Exception {
        try (PgBouncer pooler = PgBouncer.before(server, NAME, directory);
                TestDatabase behind = pooler.database("prepareThreshold=0");
                Nodes nodes = Nodes.of(3, behind, LeasePolicy.DEFAULT.strict())) {
            RevocationBoundTest.revoke(
                    "late accepts, through PgBouncer", "POSTGRESQL, PgBouncer", nodes, atOnce, times, figures);
            assertThat(nodes.all().mapToLong(node -> node.stats().rewinds()).sum())
                    .isZero();
        }
    }

    /** Whose clients it throws out. What was revoked meanwhile is refused when it is back. */
    @Test
    void pooler_killedAndStartedAgain_isFoundAgain() throws Exception {
        try (PgBouncer pooler = PgBouncer.before(server, NAME, directory);
                TestDatabase behind = pooler.database("prepareThreshold=0&loginTimeout=1&connectTimeout=1");
                TestDatabase beside = server.as(besideThePooler(), server.user(), "");
                Nodes nodes = Nodes.of(1, behind, LeasePolicy.DEFAULT.strict())) {
            KeyService node = nodes.get(0);
            KeyService direct = nodes.add(beside.store(2), PATIENT);
            IssuedKey revoked = Nodes.issue(node, "alice");
            IssuedKey kept = Nodes.issue(node, "bob");
            assertThat(Nodes.accepts(node, revoked.token().reveal())).isTrue();
            assertThat(Nodes.accepts(node, kept.token().reveal())).isTrue();
            pooler.kill();
            Nodes.revoke(direct, revoked);
            await().until(() -> Nodes.ask(node, kept.token().reveal()) == null);

            pooler.start();

            await().until(() -> Nodes.accepts(node, kept.token().reveal()));
            assertThat(Nodes.accepts(node, revoked.token().reveal())).isFalse();
            assertThat(node.stats().rewinds()).isZero();
        }
    }

    private String besideThePooler() {
        return server.url().replaceFirst("/postgres\\?.*", "/" + NAME);
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
