package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.testservers.LogCapture;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that share a PostgreSQL, which has no asynchronous mode. */
@Tag("tr-skip") // Counting knows no locale.
class PostgresRateLimitTest extends ServerRateLimitContract<PostgresEngine> {
    @Override
    PostgresEngine start(Path directory) throws Exception {
        return PostgresEngine.in(directory);
    }

    @Override
    String failure() {
        return "java.sql.SQL|PSQLException";
    }

    @Test
    void bucketsThatWouldHaveToWait_needAnExecutor() {
        try (SharedEngine.Node node = engine.node()) {
            ProxyManager<UUID> buckets = node.buckets(null);

            assertThatThrownBy(() -> Bucket4jRateLimit.shared(QUOTA, buckets))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("these buckets have no asynchronous mode, so they need an executor"
                            + " on whose threads the calls to them wait");
        }
    }

    @Test
    void timeout_thatIsNotPositiveOrTooLong_isRefused() {
        try (SharedEngine.Node node = engine.node()) {
            ProxyManager<UUID> buckets = node.buckets(null);
            for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofMillis(10_001))) {
                assertThatThrownBy(() -> Bucket4jRateLimit.shared(QUOTA, buckets, timeout, Runnable::run))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("timeout must be positive and at most PT10S: " + timeout);
            }
        }
    }

    /** An executor that takes nothing is a back-end that doesn't answer. */
    @Test
    void executorThatIsClosed_letsTheNodeCountByItself() throws Exception {
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.shutdown();
        try (SharedEngine.Node node = engine.node();
                LogCapture log = LogCapture.start()) {
            Bucket4jRateLimit limit = Bucket4jRateLimit.shared(QUOTA, node.buckets(null), PATIENT, closed);

            assertThat(passed(10, node(limit), alice)).isEqualTo(10);
            assertThat(limit.backEndFailures()).isEqualTo(10);
            assertThat(warnings(log))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text())
                            .contains("this node counts by itself", "RejectedExecutionException"));
        }
    }

    /** As the guide says. */
    @Test
    void bucketsThatExpired_canBeRemoved() throws Exception {
        try (HikariDataSource pool = engine.pool()) {
            var manager = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(pool)
                    .primaryKeyMapper(PrimaryKeyMapper.STRING)
                    .table("bucket")
                    .idColumn("id")
                    .stateColumn("state")
                    .expirationAfterWrite(ExpirationAfterWriteStrategy.fixedTimeToLive(Duration.ofMinutes(1)))
                    .build();
            engine.execute("DELETE FROM bucket");
            Bucket4jRateLimit limit =
                    Bucket4jRateLimit.shared(QUOTA, manager.withMapper(UUID::toString), PATIENT, Runnable::run);
            assertThat(passed(3, node(limit), alice)).isEqualTo(3);
            assertThat(manager.removeExpired(1_000)).isZero();
            assertThat(engine.buckets()).isEqualTo(1);

            engine.execute("UPDATE bucket SET expires_at = expires_at - 60000");
            assertThat(manager.removeExpired(1_000)).isEqualTo(1);
            assertThat(engine.buckets()).isZero();
        }
    }

    /** What the guide shows. */
    @Test
    void guide_postgresql() throws Exception {
        try (HikariDataSource pool = engine.pool()) {
            // tag::postgresql[]
            ExecutorService waiting = Executors.newFixedThreadPool(10); // as many as the pool has connections
            ProxyManager<UUID> buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(pool)
                    .primaryKeyMapper(PrimaryKeyMapper.STRING)
                    .table("bucket") // id VARCHAR(36) PRIMARY KEY, state BYTEA, expires_at BIGINT
                    .idColumn("id")
                    .stateColumn("state")
                    .requestTimeout(Duration.ofSeconds(1))
                    .expirationAfterWrite(
                            ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(1)))
                    .build()
                    .withMapper(UUID::toString);
            RateLimit limit = Bucket4jRateLimit.shared(
                    RateQuota.perSecond(50).burst(100), buckets, Duration.ofMillis(500), waiting);
            // end::postgresql[]
            engine.execute("DELETE FROM bucket");
            assertThat(passed(3, node(limit), alice)).isEqualTo(3);
            // On a busy machine the back-end may take too long for one of the requests, but not for all.
            assertThat(engine.buckets()).isEqualTo(1);
            assertThat(buckets.isExpireAfterWriteSupported()).isTrue();
            waiting.shutdownNow();
        }
    }
}
