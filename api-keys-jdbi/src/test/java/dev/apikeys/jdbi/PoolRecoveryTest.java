package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node as the example makes it, with one HikariCP pool and nothing else, finds its database again. */
// The database knows nothing of the locale.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class PoolRecoveryTest {
    @TempDir
    Path directory;

    @Test
    void database_killedAndStartedAgain_isFoundWithinASecond(Figures figures) throws Exception {
        try (KillablePostgres server = new KillablePostgres(directory);
                Nodes nodes = new Nodes()) {
            HikariDataSource pool = server.database().pool(10);
            pool.setConnectionTimeout(2_000);
            KeyService node = nodes.add(JdbiApiKeyStore.create(pool), LeasePolicy.DEFAULT.strict());
            IssuedKey seen = Nodes.issue(node, "alice");
            IssuedKey unseen = Nodes.issue(node, "bob");
            assertThat(Nodes.accepts(node, seen.token().reveal())).isTrue();
            try (Oracle asking = Oracle.asking(node, seen.token().reveal())) {
                await().until(asking::hasAccepted);
                server.kill();
                // A pool that tries in vain waits longer each time.
                long until = System.nanoTime() + Duration.ofSeconds(7).toNanos();
                while (System.nanoTime() - until < 0) {
                    assertThatThrownBy(() -> node.find(unseen.key().id()))
                            .isInstanceOf(StoreUnavailableException.class);
                }
                asking.awaitNextConfirmed();
                long back = server.restart();
                while (!Nodes.accepts(node, unseen.token().reveal())) {
                    assertThat(System.nanoTime() - back).isLessThan(20_000_000_000L);
                }
                long unseenAfter = System.nanoTime() - back;
                await().until(asking::hasConfirmed);
                long seenAfter = Math.max(0, asking.firstConfirmedEnded() - back);
                boolean seenSoon = figures.within(
                        "recovery after a kill, HikariCP alone, key seen before",
                        "POSTGRESQL",
                        nanos(seenAfter),
                        1_000);
                boolean unseenSoon = figures.within(
                        "recovery after a kill, HikariCP alone, key not seen before",
                        "POSTGRESQL",
                        nanos(unseenAfter),
                        1_000);
                assertThat(seenSoon).isTrue();
                assertThat(unseenSoon).isTrue();
            }
        }
    }

    /** A server that is up again from one moment to the next. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void database_thatRefusedConnections_isFoundWithinASecond(DatabaseServer server, Figures figures) throws Exception {
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database);
                TestDatabase behind = proxy.over(database);
                Nodes nodes = new Nodes()) {
            KeyService node = nodes.add(
                    JdbiApiKeyStore.create(behind.pool(10, Duration.ofSeconds(2))), LeasePolicy.DEFAULT.strict());
            IssuedKey unseen = Nodes.issue(node, "bob");
            proxy.refuse();
            long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            while (System.nanoTime() - until < 0) {
                assertThatThrownBy(() -> node.find(unseen.key().id())).isInstanceOf(StoreUnavailableException.class);
            }
            proxy.forward();
            long back = System.nanoTime();
            while (!Nodes.accepts(node, unseen.token().reveal())) {
                assertThat(System.nanoTime() - back).isLessThan(20_000_000_000L);
            }
            assertThat(figures.within(
                            "recovery after refused connections, HikariCP alone, key not seen before",
                            server,
                            nanos(System.nanoTime() - back),
                            1_000))
                    .isTrue();
        }
    }

    private static long[] nanos(long one) {
        return new long[] {one};
    }
}
