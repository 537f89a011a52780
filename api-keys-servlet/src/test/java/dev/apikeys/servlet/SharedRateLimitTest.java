package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes with one set of buckets, in a real PostgreSQL. */
@Tag("tr-skip") // Counting knows no locale.
class SharedRateLimitTest {
    private static final RateQuota QUOTA = RateQuota.perSecond(50).burst(100);

    private static EmbeddedPostgres postgres;

    private final TestMeter time = new TestMeter();
    private final KeyService keys =
            KeyService.builder(new InMemoryApiKeyStore()).build();
    private final String alice = token("alice");
    private HikariDataSource dataSource;

    @BeforeAll
    static void startPostgres() throws Exception {
        try {
            postgres = EmbeddedPostgres.start();
        } catch (IllegalStateException noBinary) {
            String message = "SKIPPED: no binary of PostgreSQL for this platform";
            if (Boolean.getBoolean("databases.required")) {
                throw new AssertionError(message + ", and -Ddatabases.required=true wants it", noBinary);
            }
            System.out.println(message);
            abort(message);
        }
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE bucket (id VARCHAR(36) PRIMARY KEY, state BYTEA, expires_at BIGINT)");
        }
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
    }

    @BeforeEach
    void connect() throws SQLException {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl("jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres?user=postgres");
        settings.setMaximumPoolSize(20);
        dataSource = new HikariDataSource(settings);
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("DELETE FROM bucket");
        }
    }

    @AfterEach
    void tearDown() {
        dataSource.close();
        keys.close();
    }

    private String token(String user) {
        return FilterKeys.issue(keys, KeySpec.forUser(user, "org_1").mode(Mode.READ))
                .token()
                .reveal();
    }

    /** Of one node, with a connection to the table of its own making. */
    private Bucket4jRateLimit limit() {
        ProxyManager<UUID> buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(dataSource)
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("bucket")
                .idColumn("id")
                .stateColumn("state")
                .clientClock(time)
                .build()
                .withMapper(UUID::toString);
        return Bucket4jRateLimit.shared(QUOTA, buckets, time);
    }

    private ServletServer node(Bucket4jRateLimit limit) throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                .requireKey("*", "/**")
                .rateLimit(limit)
                .build();
        return ServletServer.in(Container.JETTY)
                .filter(filter, "/*")
                .servlet(new Probe(), "/*")
                .start();
    }

    private static int passed(int requests, ServletServer node, String token) {
        int passed = 0;
        for (int i = 0; i < requests; i++) {
            int status = Http.get(node.uri("/x"), "X-API-Key", token).statusCode();
            assertThat(status).isIn(200, 429);
            passed += status == 200 ? 1 : 0;
        }
        return passed;
    }

    @Test
    void nodes_shareTheBurstAndTheRate() throws Exception {
        try (ServletServer one = node(limit());
                ServletServer other = node(limit())) {
            assertThat(passed(60, one, alice)).isEqualTo(60);
            assertThat(passed(60, other, alice)).isEqualTo(40);
            assertThat(passed(5, one, alice)).isZero();
            assertThat(passed(5, other, token("bob"))).isEqualTo(5);
            time.advance(Duration.ofSeconds(1));
            assertThat(passed(30, other, alice)).isEqualTo(30);
            assertThat(passed(30, one, alice)).isEqualTo(20);
        }
    }

    @Test
    void threadsOnTwoNodes_neverGetMoreThanTheBurst() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try (ServletServer one = node(limit());
                ServletServer other = node(limit())) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                ServletServer node = i % 2 == 0 ? one : other;
                running.add(threads.submit(() -> passed(4, node, alice)));
            }
            int passed = 0;
            for (Future<Integer> each : running) {
                passed += each.get();
            }
            assertThat(passed).isEqualTo(100);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void node_thatLostTheBackEnd_countsByItself_andWarnsOnceAMinute() throws Exception {
        Bucket4jRateLimit limit = limit();
        try (LogCapture log = LogCapture.start();
                ServletServer node = node(limit)) {
            assertThat(passed(60, node, alice)).isEqualTo(60);
            assertThat(limit.backEndFailures()).isZero();
            dataSource.close();

            assertThat(passed(150, node, alice)).isEqualTo(100);
            assertThat(limit.backEndFailures()).isEqualTo(150);
            assertThat(Http.get(node.uri("/x"), "X-API-Key", FilterKeys.withOtherEnd(alice))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(warnings(log)).hasSize(1);

            time.advance(Duration.ofMinutes(1));
            assertThat(passed(150, node, alice)).isEqualTo(100);
            assertThat(warnings(log))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line.text())
                            .contains("this node counts by itself", "SQLException")
                            .doesNotContain("HikariDataSource (HikariPool"));
        }
    }

    private static List<LogCapture.Line> warnings(LogCapture log) {
        return log.ours().stream()
                .filter(line -> line.level().isGreaterOrEqual(Level.WARN))
                .toList();
    }

    private long bucketsInTheBackEnd() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM bucket")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** What the guide shows, in the back-end's own time. */
    @Test
    void guide_sharedRateLimit() throws Exception {
        DataSource pool = dataSource;
        // tag::shared-rate-limit[]
        ProxyManager<UUID> buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(pool)
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("bucket") // id VARCHAR(36) PRIMARY KEY, state BYTEA, expires_at BIGINT
                .idColumn("id")
                .stateColumn("state")
                .requestTimeout(Duration.ofMillis(500))
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(1)))
                .build()
                .withMapper(UUID::toString);
        RateLimit limit = Bucket4jRateLimit.shared(RateQuota.perSecond(50).burst(100), buckets);
        // end::shared-rate-limit[]
        try (ServletServer node = node((Bucket4jRateLimit) limit)) {
            assertThat(passed(3, node, alice)).isEqualTo(3);
        }
        // On a busy machine the back-end may take too long for one of the requests, but not for all.
        assertThat(bucketsInTheBackEnd()).isEqualTo(1);
        assertThat(buckets.isExpireAfterWriteSupported()).isTrue();
    }
}
