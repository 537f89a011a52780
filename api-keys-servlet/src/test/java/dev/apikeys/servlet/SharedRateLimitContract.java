package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What two nodes promise that share their buckets through a real engine, whichever it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedRateLimitContract<E extends SharedEngine> {
    static final RateQuota QUOTA = RateQuota.perSecond(50).burst(100);

    /** Longer than anything takes on a busy machine. */
    static final Duration PATIENT = Duration.ofSeconds(10);

    private final List<AutoCloseable> opened = new ArrayList<>();
    E engine;
    TestMeter time;
    KeyService keys;
    IssuedKey alice;

    abstract E start(Path directory) throws Exception;

    @BeforeAll
    void startEngine(@TempDir Path directory) throws Exception {
        engine = start(directory);
    }

    @AfterAll
    void stopEngine() throws Exception {
        if (engine != null) {
            engine.close();
        }
    }

    @BeforeEach
    void begin() {
        time = new TestMeter();
        keys = KeyService.builder(new InMemoryApiKeyStore()).build();
        alice = key("alice");
        opened.add(keys);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        opened.clear();
    }

    IssuedKey key(String user) {
        return FilterKeys.issue(keys, KeySpec.forUser(user, "org_1").mode(Mode.READ));
    }

    /** Of one node, with a connection of its own. */
    Bucket4jRateLimit limit(Duration timeout) throws Exception {
        SharedEngine.Node node = engine.node();
        opened.add(node);
        return node.limit(QUOTA, timeout, time);
    }

    ServletServer node(RateLimit limit) throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                .requireKey("*", "/**")
                .rateLimit(limit)
                .build();
        ServletServer server = ServletServer.in(Container.JETTY)
                .filter(filter, "/*")
                .servlet(new Probe(), "/*")
                .start();
        opened.add(server);
        return server;
    }

    static int passed(int requests, ServletServer node, IssuedKey key) {
        int passed = 0;
        for (int i = 0; i < requests; i++) {
            int status =
                    Http.get(node.uri("/x"), "X-API-Key", key.token().reveal()).statusCode();
            assertThat(status).isIn(200, 429);
            passed += status == 200 ? 1 : 0;
        }
        return passed;
    }

    static List<LogCapture.Line> warnings(LogCapture log) {
        return log.ours().stream()
                .filter(line -> line.level().isGreaterOrEqual(Level.WARN))
                .toList();
    }

    @Test
    void nodes_shareTheBurstAndTheRate() throws Exception {
        ServletServer one = node(limit(PATIENT));
        ServletServer other = node(limit(PATIENT));

        assertThat(passed(60, one, alice)).isEqualTo(60);
        assertThat(passed(60, other, alice)).isEqualTo(40);
        assertThat(passed(5, one, alice)).isZero();
        assertThat(passed(5, other, key("bob"))).isEqualTo(5);
        time.advance(Duration.ofSeconds(1));
        assertThat(passed(30, other, alice)).isEqualTo(30);
        assertThat(passed(30, one, alice)).isEqualTo(20);
    }

    @Test
    void threadsOnTwoNodes_neverGetMoreThanTheBurst() throws Exception {
        ServletServer one = node(limit(PATIENT));
        ServletServer other = node(limit(PATIENT));
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try {
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

    /** The time-out is the only thing that ends a wait; five of them, and the engine is left alone. */
    @Test
    @Timeout(60)
    void engineThatGivesNoAnswer_delaysFiveRequestsByTheTimeout_thenNone() throws Exception {
        Duration timeout = Duration.ofMillis(200);
        Bucket4jRateLimit patient = limit(PATIENT);
        Bucket4jRateLimit limit = limit(timeout);
        ServletServer node = node(limit);
        assertThat(passed(1, node(patient), alice)).isEqualTo(1);
        engine.stall(alice.key().id());
        try {
            long start = System.nanoTime();
            assertThat(passed(CircuitBreaker.FAILURES_IN_A_ROW, node, alice)).isEqualTo(5);
            long waited = System.nanoTime() - start;
            assertThat(Duration.ofNanos(waited)).isBetween(timeout.multipliedBy(5), timeout.multipliedBy(25));

            start = System.nanoTime();
            assertThat(passed(200, node, alice)).isEqualTo(95);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.multipliedBy(200));
            assertThat(limit.backEndFailures()).isEqualTo(205);
        } finally {
            engine.resume();
        }
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            time.advance(Duration.ofSeconds(2));
            long before = limit.backEndFailures();
            return passed(1, node, alice) == 1 && limit.backEndFailures() == before;
        });
        // The requests that no longer waited may have been counted late.
        assertThat(passed(60, node, alice) + passed(60, node(patient), alice)).isBetween(94, 99);
    }

    @Test
    void bucketThatIsNone_isCountedByTheNodeItself_andOtherKeysAreNot() throws Exception {
        Bucket4jRateLimit limit = limit(PATIENT);
        ServletServer node = node(limit);
        IssuedKey bob = key("bob");
        engine.spoil(alice.key().id());

        assertThat(passed(2, node, alice)).isEqualTo(2);
        assertThat(limit.backEndFailures()).isEqualTo(2);
        assertThat(passed(60, node, bob)).isEqualTo(60);
        assertThat(limit.backEndFailures()).isEqualTo(2);
        assertThat(passed(60, node(limit(PATIENT)), bob)).isEqualTo(40);
    }
}
