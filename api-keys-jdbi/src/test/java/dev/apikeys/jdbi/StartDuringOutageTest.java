package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.Freshness;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceHealth;
import dev.apikeys.LeasePolicy;
import dev.apikeys.StoreUnavailableException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that starts while its database is away comes up, and recovers with it. */
@Tag("tr-skip")
class StartDuringOutageTest {
    enum Outage {
        REFUSED,
        BLACK_HOLE;

        void begin(TcpProxy proxy) {
            if (this == REFUSED) {
                proxy.refuse();
            } else {
                proxy.swallow();
            }
        }
    }

    private static void comesUp(DatabaseServer server, Outage outage) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes others = Nodes.of(1, database, LeasePolicy.DEFAULT);
                TcpProxy proxy = TcpProxy.before(database);
                TestDatabase behind = proxy.over(database);
                Nodes nodes = new Nodes()) {
            IssuedKey key = Nodes.issue(others.get(0), "alice");
            outage.begin(proxy);
            long began = System.nanoTime();

            KeyService node = nodes.add(
                    JdbiApiKeyStore.builder(behind.pool(2, Duration.ofSeconds(1)))
                            .expectSchema()
                            .build(),
                    LeasePolicy.DEFAULT);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            assertThatThrownBy(() -> node.verify(key.token().reveal())).isInstanceOf(StoreUnavailableException.class);
            KeyServiceHealth health = node.health();
            assertThat(health.state()).isEqualTo(Freshness.LAPSED);
            assertThat(health.lastPoll()).isNull();
            assertThat(health.lastFailure()).isNotNull();

            proxy.forward();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Nodes.accepts(node, key.token().reveal()));
            await().until(() -> node.health().state() == Freshness.CONFIRMED);
            Nodes.revoke(node, key);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void service_whoseDatabaseRefuses_comesUpAndRecovers(DatabaseServer server) throws Exception {
        comesUp(server, Outage.REFUSED);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void service_whoseDatabaseSaysNothing_comesUpAndRecovers(DatabaseServer server) throws Exception {
        comesUp(server, Outage.BLACK_HOLE);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void store_thatIsToMakeItsTables_doesNotStart(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database);
                TestDatabase behind = proxy.over(database)) {
            proxy.refuse();
            assertThatThrownBy(() -> JdbiApiKeyStore.create(behind.plain()))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("could not reach the database");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void database_thatTurnsOutToHaveNoTables_isUnavailableAndSaysWhy(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database);
                TestDatabase behind = proxy.over(database)) {
            proxy.refuse();
            JdbiApiKeyStore store =
                    JdbiApiKeyStore.builder(behind.plain()).expectSchema().build();
            proxy.forward();

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatThrownBy(() -> store.findCredential("aa"))
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasStackTraceContaining("there are no tables for API keys"));
            JdbiApiKeyStore.create(database.plain());
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> store.findMissing(Set.of("aa")).contains("aa"));
        }
    }

    @Test
    void wrongPassword_isNoOutage() {
        try (H2Database database = H2Database.inMemory()) {
            JdbiApiKeyStore.create(database.dataSource());
            assertThatThrownBy(() -> JdbiApiKeyStore.builder(database.dataSource("sa", "wrong"))
                            .expectSchema()
                            .build())
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }
}
