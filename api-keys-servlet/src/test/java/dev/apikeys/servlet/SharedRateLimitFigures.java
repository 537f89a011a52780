package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.servlet.RateLimit.Decision;
import dev.apikeys.testservers.FilterKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Four nodes with 16 threads each against the limit of one key: how many requests too many an engine lets through. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedRateLimitFigures<E extends SharedEngine> {
    static final int ROUNDS = 3;
    static final RateQuota QUOTA = RateQuota.perSecond(200);
    static final Duration TIMEOUT = Bucket4jRateLimit.DEFAULT_TIMEOUT;

    private static final int NODES = 4;

    private final List<SharedEngine.Node> nodes = new ArrayList<>();
    private FilterKeys keys;
    private int users;
    E engine;
    List<Bucket4jRateLimit> limits;

    abstract E start(Path directory) throws Exception;

    @BeforeAll
    void startEngine(@TempDir Path directory) throws Exception {
        engine = start(directory);
        keys = new FilterKeys();
    }

    @BeforeEach
    void connect() throws Exception {
        for (int i = 0; i < NODES; i++) {
            nodes.add(engine.node());
        }
    }

    @AfterEach
    void disconnect() {
        nodes.forEach(SharedEngine.Node::close);
        nodes.clear();
    }

    @AfterAll
    void stopEngine() throws Exception {
        if (engine != null) {
            engine.close();
            keys.close();
        }
    }

    KeyPrincipal key() {
        String token = FilterKeys.issue(
                        keys.service, KeySpec.forUser("u" + users++, "org_1").mode(Mode.READ))
                .token()
                .reveal();
        return keys.service.verify(token).orElseThrow();
    }

    void limits(RateQuota quota) throws Exception {
        limits(quota, nodes);
    }

    /** Of these nodes; their connections are made, and the code is compiled, before anything is measured. */
    void limits(RateQuota quota, List<SharedEngine.Node> ofNodes) throws Exception {
        limits = ofNodes.stream().map(node -> node.limit(quota, TIMEOUT)).toList();
        hammer(key(), 50);
        limits = ofNodes.stream().map(node -> node.limit(quota, TIMEOUT)).toList();
    }

    long failures() {
        return limits.stream().mapToLong(Bucket4jRateLimit::backEndFailures).sum();
    }

    void print(String what, String figures, Object... values) {
        System.out.printf(Locale.ROOT, "| %s | %s | %s |%n", engine, what, String.format(Locale.ROOT, figures, values));
    }

    static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** A burst that nothing refills: 64 threads at once, as fast as they can. */
    @Test
    void burst() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            limits(new RateQuota(1, Duration.ofDays(1), 1_000));
            Hammered hammered = hammer(key(), 100);
            print(
                    "burst of 1,000, 6,400 requests by 64 threads",
                    "admitted %,d | over %,d | counted by a node itself %,d | %,.0f requests/s, p50 %.1f ms, p99 %.1f ms",
                    hammered.admitted(),
                    hammered.admitted() - 1_000,
                    failures(),
                    hammered.requestsPerSecond(),
                    hammered.half(),
                    hammered.most());
            assertThat(hammered.admitted()).isBetween(1_000L, 1_000 + failures());
        }
    }

    /** What came of it, with how many milliseconds half and all but a hundredth of the requests took. */
    private record Hammered(long admitted, double requestsPerSecond, double half, double most) {}

    private Hammered hammer(KeyPrincipal key, int requestsOfThread) throws Exception {
        int count = limits.size() * LimitLoad.THREADS_PER_NODE;
        ExecutorService threads = Executors.newFixedThreadPool(count);
        CyclicBarrier together = new CyclicBarrier(count);
        LongAdder admitted = new LongAdder();
        long[] nanos = new long[count * requestsOfThread];
        List<Future<?>> running = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Bucket4jRateLimit limit = limits.get(i % limits.size());
            int from = i * requestsOfThread;
            running.add(threads.submit(() -> {
                together.await();
                for (int request = from; request < from + requestsOfThread; request++) {
                    long asked = System.nanoTime();
                    admitted.add(limit.tryConsume(key) instanceof Decision.Allowed ? 1 : 0);
                    nanos[request] = System.nanoTime() - asked;
                }
                return null;
            }));
        }
        for (Future<?> each : running) {
            each.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        threads.shutdownNow();
        Arrays.sort(nanos);
        return new Hammered(
                admitted.sum(),
                nanos.length / seconds,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6);
    }

    /** The rate, for ten seconds. */
    @Test
    void rate() throws Exception {
        limits(QUOTA);
        LimitLoad load = new LimitLoad(limits, key());
        await().atMost(20, TimeUnit.SECONDS).until(() -> load.elapsed().toSeconds() >= 10);
        load.end();
        Duration elapsed = load.elapsed();
        long limit = atMost(elapsed);
        print(
                "200 a second, burst 200, for " + elapsed.toSeconds() + " s",
                "%,d requests, admitted %,d of %,d | over %,d | counted by a node itself %,d | longest wait %.0f ms",
                load.requests(),
                load.admitted(),
                limit,
                Math.max(0, load.admitted() - limit),
                failures(),
                millis(load.longestWait()));
        assertThat(load.admitted()).isBetween(limit * 9 / 10, limit + failures());
    }

    private static long atMost(Duration elapsed) {
        return QUOTA.burst() + (long) Math.ceil(elapsed.toNanos() / 1e9 * QUOTA.requests());
    }

    /** What a loss lets through, and how long it delays; it begins after a second, and ends two seconds later. */
    void loss(String what, KeyPrincipal key, Event begin, Event end) throws Exception {
        LimitLoad load = new LimitLoad(limits, key);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        long lost = System.nanoTime();
        long back;
        try {
            begin.happen();
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        } finally {
            end.happen();
            back = System.nanoTime();
        }
        await().atMost(1, TimeUnit.MINUTES).until(() -> load.sharesSince(Duration.ofSeconds(2)));
        load.end();
        long limit = atMost(load.elapsed());
        Duration local = Duration.ofNanos(Math.max(0, load.lastLocal() - lost));
        print(
                what,
                "admitted %,d of %,d | over %,d | counted by a node itself %,d | longest wait %.0f ms"
                        + " | shared again %.0f ms after it was back",
                load.admitted(),
                limit,
                Math.max(0, load.admitted() - limit),
                failures(),
                millis(load.longestWait()),
                Math.max(0, (load.lastLocal() - back) / 1e6));
        // Each node by itself meanwhile, and a burst more if the engine forgot.
        assertThat(load.admitted()).isLessThanOrEqualTo(limit + limits.size() * atMost(local) + QUOTA.burst());
        assertThat(load.longestWait()).isLessThan(TIMEOUT.multipliedBy(4));
    }

    /** The engine takes questions and gives no answer. */
    @Test
    void stalled() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            limits(QUOTA);
            KeyPrincipal key = key();
            loss("no answer for 2 s", key, () -> engine.stall(key.keyId()), engine::resume);
        }
    }

    /** One node's clock is five seconds ahead of the other's. */
    @Test
    void clocks() {
        RateQuota quota = RateQuota.perSecond(10).burst(100);
        TestMeter right = new TestMeter();
        TestMeter ahead = new TestMeter();
        ahead.advance(Duration.ofSeconds(5));
        KeyPrincipal key = key();
        Bucket4jRateLimit one = nodes.get(0).limit(quota, Duration.ofSeconds(10), right);
        Bucket4jRateLimit other = nodes.get(1).limit(quota, Duration.ofSeconds(10), ahead);
        int first = admitted(one, key) + admitted(other, key) + admitted(one, key) + admitted(other, key);
        print("a clock 5 s ahead, 10 a second, burst 100", "admitted %,d of 100 | over %,d", first, first - 100);
        assertThat(first).isEqualTo(150);
        right.advance(Duration.ofSeconds(5));
        assertThat(admitted(one, key)).isZero();
    }

    private static int admitted(Bucket4jRateLimit limit, KeyPrincipal key) {
        int admitted = 0;
        for (int i = 0; i < 200; i++) {
            admitted += limit.tryConsume(key) instanceof Decision.Allowed ? 1 : 0;
        }
        return admitted;
    }

    /** A step of a test. */
    interface Event {
        void happen() throws Exception;
    }
}
