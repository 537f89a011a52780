package com.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.LeasePolicy;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.Verification;
import dev.apikeys.gateway.RelayClient;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import dev.apikeys.spi.FeedSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What many nodes cost a PostgreSQL, with a relay and without, and how late they see a revocation. */
class RelayedNodesTest {
    private static final LeasePolicy STRICT = LeasePolicy.DEFAULT.strict();
    private static final int KEYS_AT_ONCE = 25;
    private static final Load TEN = new Load(10, 3, Duration.ofSeconds(1));
    private static final Load TWO_HUNDRED = new Load(200, 200, Duration.ofSeconds(20));

    /** How many nodes, how many revocations, and how long nothing changes. */
    private record Load(int nodes, int revocations, Duration idle) {}

    @Test
    void tenNodes_behindARelay_costTheDatabaseAsMuchAsTheRelay() throws Exception {
        try (Database database = new Database()) {
            Measured direct = measure(database, TEN, Followed.DATABASE);
            Measured relayed = measure(database, TEN, Followed.RELAY);
            assertThat(direct.late() + relayed.late()).isZero();
            assertThat(relayed.connections()).isLessThan(direct.connections());
        }
    }

    @Test
    @Tag("endurance")
    void twoHundredNodes_behindARelay_andBesideOne() throws Exception {
        try (Database database = new Database()) {
            Measured direct = measure(database, TWO_HUNDRED, Followed.DATABASE);
            Measured relayed = measure(database, TWO_HUNDRED, Followed.RELAY);
            assertThat(direct.late() + relayed.late()).isZero();
            assertThat(relayed.statements()).isLessThan(direct.statements() / 10);
        }
    }

    private enum Followed {
        DATABASE,
        RELAY
    }

    /**
     * What was seen.
     *
     * @param statements a second, while nothing changes
     * @param connections to the database, those of the pool included
     * @param late accepts later than Y
     */
    private record Measured(double statements, long connections, long late) {}

    private static Measured measure(Database database, Load load, Followed followed) throws Exception {
        List<KeyService> nodes = new ArrayList<>();
        try (KeyService origin = KeyService.builder(database.store).build();
                RelayProcess.Running relay = followed == Followed.RELAY ? RelayProcess.start(database.url()) : null) {
            FeedSource source = relay == null ? database.store::openChangeFeed : client(relay.address(), token(origin));
            for (int i = 0; i < load.nodes(); i++) {
                nodes.add(KeyService.builder(database.store)
                        .lease(STRICT)
                        .cachedKeys(1_000)
                        .changes(source)
                        .build());
            }
            // Both processes compile what is used.
            LockSupport.parkNanos(load.idle().toNanos());
            long failedBefore = failedPolls(nodes);
            Idle idle = idle(database, nodes, relay, load.idle());
            long connections =
                    database.number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'");
            List<Long> last = new ArrayList<>();
            for (int done = 0; done < load.revocations(); done += KEYS_AT_ONCE) {
                last.addAll(round(origin, nodes, Math.min(KEYS_AT_ONCE, load.revocations() - done)));
            }
            last.sort(null);
            long late = last.stream()
                    .filter(nanos -> nanos > STRICT.trust().toNanos())
                    .count();
            System.out.printf(
                    Locale.ROOT,
                    "%d nodes that follow the %s: without changes %.0f statements a second, %d connections, %s; last accept"
                            + " after revoke() returned, %d times: p50 %d ms, p99 %d ms, max %d ms; later than Y: %d; failed"
                            + " polls %d%n",
                    load.nodes(),
                    followed.name().toLowerCase(Locale.ROOT),
                    idle.statements(),
                    connections,
                    idle.cost(),
                    last.size(),
                    millis(last, 0.5),
                    millis(last, 0.99),
                    millis(last, 1),
                    late,
                    failedPolls(nodes) - failedBefore);
            assertThat(nodes).allMatch(node -> node.stats().rewinds() == 0);
            return new Measured(idle.statements(), connections, late);
        } finally {
            nodes.parallelStream().forEach(KeyService::close);
        }
    }

    /**
     * What is needed while nothing changes.
     *
     * @param statements a second
     * @param cost of the relay, in words
     */
    private record Idle(double statements, String cost) {}

    private static Idle idle(Database database, List<KeyService> nodes, RelayProcess.Running relay, Duration during)
            throws SQLException {
        Duration before = relay == null ? Duration.ZERO : relay.processorTime();
        long polls = polls(nodes);
        double statements = database.statementsInASecond(during);
        long polled = polls(nodes) - polls;
        if (relay == null) {
            return new Idle(statements, "no relay");
        }
        double micros = relay.processorTime().minus(before).toNanos() / 1_000.0 / polled;
        return new Idle(
                statements,
                String.format(
                        Locale.ROOT,
                        "a relay with %.0f microseconds of a processor for each of %.0f questions a second",
                        micros,
                        polled * 1e9 / during.toNanos()));
    }

    private static long failedPolls(List<KeyService> nodes) {
        return nodes.stream().mapToLong(node -> node.stats().failedPolls()).sum();
    }

    private static long polls(List<KeyService> nodes) {
        return nodes.stream().mapToLong(node -> node.stats().polls()).sum();
    }

    private static String token(KeyService origin) {
        return origin.issue(KeySpec.forOrganization("nodes").named("nodes").scopes("follow:changes"))
                .token()
                .reveal();
    }

    private static RelayClient client(URI address, String token) {
        return RelayClient.builder(address)
                .key(() -> token)
                .httpClient(HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build())
                .build();
    }

    private static long millis(List<Long> sorted, double share) {
        int index = (int) Math.ceil(share * sorted.size()) - 1;
        return TimeUnit.NANOSECONDS.toMillis(sorted.get(Math.max(0, index)));
    }

    /** Revokes keys that every node has in memory, one after the other. */
    private static List<Long> round(KeyService origin, List<KeyService> nodes, int count) {
        List<IssuedKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(origin.issue(KeySpec.forOrganization("org_" + System.nanoTime())
                    .named("key " + i)
                    .scopes("read:systems")));
        }
        for (IssuedKey key : keys) {
            assertThat(nodes).allMatch(node -> accepts(node, key));
        }
        List<Long> last = new ArrayList<>();
        for (IssuedKey key : keys) {
            origin.revoke(KeyRef.of(key.key().id()), Actor.of("admin"), "test");
            last.addAll(lastAccepts(nodes, key, System.nanoTime()));
        }
        return last;
    }

    /** How long after this moment each node accepted the key for the last time; asks until none has for a while. */
    private static List<Long> lastAccepts(List<KeyService> nodes, IssuedKey key, long revoked) {
        long[] last = new long[nodes.size()];
        long quiet = System.nanoTime();
        while (System.nanoTime() - quiet < TimeUnit.MILLISECONDS.toNanos(50)) {
            for (int i = 0; i < last.length; i++) {
                long asked = System.nanoTime();
                if (accepts(nodes.get(i), key)) {
                    last[i] = asked - revoked;
                    quiet = System.nanoTime();
                }
            }
            LockSupport.parkNanos(500_000);
        }
        List<Long> all = new ArrayList<>();
        for (long nanos : last) {
            all.add(nanos);
        }
        return all;
    }

    private static boolean accepts(KeyService node, IssuedKey key) {
        try {
            return node.verify(key.token().reveal()) instanceof Verification.Accepted;
        } catch (StoreUnavailableException nobodyKnows) {
            return false;
        }
    }

    /** A PostgreSQL of this test's own. */
    private static final class Database implements AutoCloseable {
        private final EmbeddedPostgres server;
        private final HikariDataSource pool;
        private final JdbiApiKeyStore store;

        Database() throws Exception {
            server = EmbeddedPostgres.builder()
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "300")
                    .start();
            PGSimpleDataSource plain = new PGSimpleDataSource();
            plain.setUrl(url());
            HikariConfig config = new HikariConfig();
            config.setDataSource(plain);
            config.setMaximumPoolSize(10);
            pool = new HikariDataSource(config);
            JdbiApiKeyStore.create(pool);
            store = JdbiApiKeyStore.builder(pool).feedDataSource(plain).build();
        }

        String url() {
            return server.getJdbcUrl("postgres", "postgres");
        }

        /** By the server's own count: each statement of a feed is a transaction. */
        double statementsInASecond(Duration during) throws SQLException {
            long before = transactions();
            long start = System.nanoTime();
            // A server counts the transactions of a connection up to a second later.
            LockSupport.parkNanos(during.toNanos());
            return (transactions() - before) * 1e9 / (System.nanoTime() - start);
        }

        private long transactions() throws SQLException {
            return number("SELECT xact_commit FROM pg_stat_database WHERE datname = 'postgres'");
        }

        long number(String query) throws SQLException {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getLong(1);
            }
        }

        @Override
        public void close() throws IOException {
            pool.close();
            server.close();
        }
    }
}
