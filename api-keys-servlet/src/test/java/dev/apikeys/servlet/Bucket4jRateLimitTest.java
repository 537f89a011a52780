package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.servlet.RateLimit.Decision;
import dev.apikeys.testservers.FilterKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Buckets of this process, counted one by one. */
@Tag("tr-skip") // Counting knows no locale.
class Bucket4jRateLimitTest {
    private static final RateQuota QUOTA = RateQuota.perSecond(50).burst(100);
    private static final int THREADS = 64;

    private final FilterKeys keys = new FilterKeys();
    private final KeyPrincipal alice = keys.service.verify(keys.readerToken()).orElseThrow();
    private final KeyPrincipal bob = keys.service.verify(keys.writerToken()).orElseThrow();
    private final TestMeter time = new TestMeter();
    private final Bucket4jRateLimit limit = Bucket4jRateLimit.local(QUOTA, time);

    @AfterEach
    void tearDown() {
        keys.close();
    }

    /** How many of so many requests at this moment are let through. */
    private int allowed(int requests, KeyPrincipal principal) {
        int allowed = 0;
        for (int i = 0; i < requests; i++) {
            allowed += limit.tryConsume(principal) instanceof Decision.Allowed ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void quietKey_mayBurst_thenFollowsTheRate() {
        assertThat(allowed(1_000, alice)).isEqualTo(100);
        time.advance(Duration.ofMillis(19));
        assertThat(allowed(1_000, alice)).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(allowed(1_000, alice)).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(allowed(1_000, alice)).isEqualTo(50);
        time.advance(Duration.ofDays(1));
        assertThat(allowed(1_000, alice)).isEqualTo(100);
    }

    @Test
    void decisions_tellWhatIsLeftAndWhen() {
        assertThat(limit.tryConsume(alice)).isEqualTo(new Decision.Allowed(QUOTA, 99, Duration.ofMillis(20)));
        assertThat(limit.tryConsume(alice)).isEqualTo(new Decision.Allowed(QUOTA, 98, Duration.ofMillis(40)));
        assertThat(allowed(97, alice)).isEqualTo(97);
        assertThat(limit.tryConsume(alice)).isEqualTo(new Decision.Allowed(QUOTA, 0, Duration.ofSeconds(2)));
        assertThat(limit.tryConsume(alice)).isEqualTo(new Decision.Refused(QUOTA, Duration.ofMillis(20)));
    }

    @Test
    void keys_doNotInfluenceEachOther() {
        assertThat(allowed(1_000, alice)).isEqualTo(100);
        assertThat(allowed(1_000, bob)).isEqualTo(100);
        time.advance(Duration.ofSeconds(1));
        assertThat(allowed(20, bob)).isEqualTo(20);
        assertThat(allowed(1_000, alice)).isEqualTo(50);
    }

    @Test
    void threads_neverTakeMoreThanTheBurst_whileTimeStandsStill() throws Exception {
        for (int round = 0; round < 20; round++) {
            assertThat(together(() -> allowed(10, alice))).isEqualTo(100);
            time.advance(Duration.ofSeconds(2));
        }
    }

    @Test
    void threads_neverTakeMoreThanBurstAndRate_whileTimePasses() throws Exception {
        int taken = together(() -> {
            int sum = 0;
            for (int i = 0; i < 100; i++) {
                sum += allowed(5, alice);
                time.advance(Duration.ofMillis(1));
            }
            return sum;
        });
        // 64 threads have moved the time by 6.4 seconds.
        assertThat(taken + allowed(1_000, alice)).isEqualTo(100 + 6_400 / 20);
    }

    private static int together(Callable<Integer> step) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(pool.submit(() -> {
                    start.await();
                    return step.call();
                }));
            }
            int sum = 0;
            for (Future<Integer> one : running) {
                sum += one.get();
            }
            return sum;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void bucket_thatIsFullAgain_isDropped() {
        allowed(1_000, alice);
        time.advance(Duration.ofMillis(1_999));
        allowed(1, bob);
        assertThat(limit.localBuckets()).isEqualTo(2);
        time.advance(Duration.ofMillis(1));
        assertThat(limit.localBuckets()).isEqualTo(1);
    }

    @Test
    void buckets_areBoundedInNumber() {
        for (int i = 0; i < Bucket4jRateLimit.MAX_KEYS + 1_000; i++) {
            limit.tryConsume(withId(alice, new UUID(i, i)));
        }
        assertThat(limit.localBuckets()).isEqualTo(Bucket4jRateLimit.MAX_KEYS);
    }

    private static KeyPrincipal withId(KeyPrincipal like, UUID id) {
        return new KeyPrincipal(
                id,
                like.publicId(),
                like.kind(),
                like.owner(),
                like.keyName(),
                like.scopes(),
                like.mcp(),
                like.expiresAt(),
                like.freshness());
    }
}
