package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Floods of made-up ids and herds on one key: what reaches the store, and who notices. */
@Tag("tr-skip") // Waiting knows no locale.
class LoadGuardTest {
    private static final int PER_SECOND = 100;
    private static final int BURST = 5 * PER_SECOND;
    private static final Verification UNKNOWN = new Verification.Rejected(Rejection.UNKNOWN);

    private Cluster cluster;

    @BeforeEach
    void open() {
        cluster = new Cluster();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    /** A token of the right form that nobody issued. */
    private static String madeUp(int number) {
        return "myk_%024x.%048x".formatted(number, number);
    }

    private static long reads(Cluster.Node node) {
        return node.faults().calls(StoreCall.FIND_CREDENTIAL);
    }

    /** What comes of verifying all of them, one after the other. */
    private static Outcome flood(Cluster.Node node, int from, int to) {
        Outcome outcome = new Outcome();
        for (int i = from; i < to; i++) {
            try {
                assertThat(node.keys().verify(madeUp(i))).isSameAs(node.keys().verify(madeUp(i)));
                outcome.unknown++;
            } catch (StoreUnavailableException overBudget) {
                outcome.unavailable++;
            }
        }
        return outcome;
    }

    private static final class Outcome {
        private int unknown;
        private int unavailable;
    }

    @Test
    void flood_ofUnknownIds_readsNoMoreThanTheBudget(TestReporter reporter) {
        flood(200_000, reporter);
    }

    @Test
    @Tag("endurance")
    void flood_ofAMillionUnknownIds_readsNoMoreThanTheBudget(TestReporter reporter) {
        flood(1_000_000, reporter);
    }

    private void flood(int ids, TestReporter reporter) {
        Cluster.Node node =
                cluster.node(settings -> settings.missesPerSecond(PER_SECOND).cachedKeys(100));
        List<IssuedKey> hot = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            hot.add(Cluster.issue(node));
            assertThat(node.accepts(hot.get(i))).isTrue();
        }
        long before = reads(node);

        int unknown = 0;
        int steps = 30;
        for (int second = 0; second < steps; second++) {
            Outcome outcome = flood(node, second * (ids / steps), (second + 1) * (ids / steps));
            unknown += outcome.unknown;
            assertThat(outcome.unavailable).isPositive();
            for (IssuedKey key : hot) {
                assertThat(node.accepts(key)).isTrue();
            }
            node.time().pass(Duration.ofSeconds(1));
        }

        long reads = reads(node) - before;
        Cluster.publish(reporter, "flood", ids + " unknown ids in 30 s: " + reads + " reads of the store");
        // The burst, a hundred per second, and the one that tips the scale each second; the hot keys none.
        assertThat(reads).isBetween((long) BURST, BURST + 30 * 101L + 1);
        assertThat(unknown).isEqualTo((int) reads);
        assertThat(node.keys().stats().rejected().get(Rejection.UNKNOWN)).isEqualTo(2 * reads);
    }

    @Test
    void unknownIds_howeverMany_areRememberedInBounds() {
        Cluster.Node node =
                cluster.node(settings -> settings.missesPerSecond(1_000_000).cachedKeys(100));
        int ids = 100_000;
        assertThat(flood(node, 0, ids).unknown).isEqualTo(ids);
        long before = reads(node);

        flood(node, 0, ids);

        // All but some ten thousand had been forgotten.
        assertThat(reads(node) - before).isGreaterThan(ids - 20_000);
    }

    @Test
    void unknownId_askedAgain_isReadAgainAfterTenSeconds() {
        Cluster.Node node = cluster.node();
        assertThat(node.keys().verify(madeUp(1))).isEqualTo(UNKNOWN);
        assertThat(node.keys().verify(madeUp(1))).isEqualTo(UNKNOWN);
        assertThat(reads(node)).isEqualTo(1);

        node.time().pass(Duration.ofSeconds(10));

        assertThat(node.keys().verify(madeUp(1))).isEqualTo(UNKNOWN);
        assertThat(reads(node)).isEqualTo(2);
    }

    @Test
    void budget_usedUp_comesBackWithTime() {
        Cluster.Node node = cluster.node(settings -> settings.missesPerSecond(PER_SECOND));
        IssuedKey cold = Cluster.issue(node);
        assertThat(flood(node, 0, 2 * BURST).unknown).isBetween(BURST, BURST + 1);
        assertThatThrownBy(() -> node.accepts(cold)).isInstanceOf(StoreUnavailableException.class);

        node.time().pass(Duration.ofMillis(20));

        assertThat(node.accepts(cold)).isTrue();
        node.time().pass(Duration.ofDays(1));
        assertThat(flood(node, 5_000, 5_000 + 2 * BURST).unknown).isBetween(BURST, BURST + 1);
    }

    @Test
    void budget_withWaitingThreads_isNotOverdrawnByThem() throws Exception {
        Cluster.Node node = cluster.node(settings -> settings.missesPerSecond(1).concurrentLoads(1));
        Gate gate = node.faults().holdBefore(StoreCall.FIND_CREDENTIAL);
        CountDownLatch started = new CountDownLatch(50);
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String token = madeUp(i);
            all.add(cluster.start(() -> {
                started.countDown();
                try {
                    return node.keys().verify(token).equals(UNKNOWN);
                } catch (StoreUnavailableException overBudget) {
                    return false;
                }
            }));
        }
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        gate.awaitReached();
        gate.open();

        int unknown = 0;
        for (Future<Boolean> each : all) {
            unknown += each.get() ? 1 : 0;
        }
        assertThat(unknown).isLessThanOrEqualTo(6);
        assertThat(reads(node)).isLessThanOrEqualTo(6);
    }

    @Test
    void herd_onOneColdKey_readsItOnce() throws Exception {
        Cluster.Node node = cluster.node();
        IssuedKey key = Cluster.issue(node);
        Gate gate = node.faults().holdBefore(StoreCall.FIND_CREDENTIAL);
        CountDownLatch started = new CountDownLatch(1_000);
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(cluster.start(() -> {
                started.countDown();
                started.await();
                return node.accepts(key);
            }));
        }
        gate.awaitReached();
        gate.open();

        for (Future<Boolean> each : all) {
            assertThat(each.get(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(reads(node)).isEqualTo(1);
        assertThat(node.keys().stats().loads()).isEqualTo(1);
    }

    @Test
    void cachedKeys_whileEveryPlaceForLoadsHangs_areAccepted() throws Exception {
        Cluster.Node node = cluster.node(settings -> settings.concurrentLoads(4));
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        CountDownLatch hanging = new CountDownLatch(4);
        Gate gate = new Gate();
        node.faults().before(StoreCall.FIND_CREDENTIAL, arguments -> {
            hanging.countDown();
            gate.pass();
        });
        List<Future<Verification>> cold = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String token = madeUp(i);
            cold.add(cluster.start(() -> node.keys().verify(token)));
        }
        assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(node.accepts(key)).isTrue();
        gate.open();
        for (Future<Verification> each : cold) {
            assertThat(each.get()).isEqualTo(UNKNOWN);
        }
    }

    @Test
    void places_allTaken_makeOthersWaitNotLongerThanTheBound() throws Exception {
        LoadGuard guard = new LoadGuard(1, Duration.ofMillis(20), 100, () -> 0);
        Gate gate = new Gate();
        Future<String> first = cluster.start(() -> guard.load(() -> {
            gate.pass();
            return "first";
        }));
        gate.awaitReached();

        assertThatThrownBy(() -> guard.load(() -> "second"))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("at once");
        gate.open();
        assertThat(first.get()).isEqualTo("first");
        assertThat(guard.load(() -> "third")).isEqualTo("third");
    }

    @Test
    void place_ofALoadThatFails_isFreeAgain() {
        LoadGuard guard = new LoadGuard(1, Duration.ofMillis(20), 100, () -> 0);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> guard.load(() -> {
                        throw new StackOverflowError("injected");
                    }))
                    .isInstanceOf(StackOverflowError.class);
        }
        assertThat(guard.load(() -> "next")).isEqualTo("next");
    }

    @Test
    void waiter_interrupted_staysInterruptedAndIsNotLetThrough() throws Exception {
        LoadGuard guard = new LoadGuard(1, Duration.ofMinutes(1), 100, () -> 0);
        Future<Boolean> interrupted = cluster.start(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> guard.load(() -> "never")).isInstanceOf(StoreUnavailableException.class);
            return Thread.interrupted();
        });
        assertThat(interrupted.get()).isTrue();
        assertThat(guard.load(() -> "next")).isEqualTo("next");
    }

    @Test
    void misses_areHeldToTheirRate_alsoWhenElapsedTimeOverflows() {
        for (long start : new long[] {0, Long.MIN_VALUE, Long.MAX_VALUE - 1, -1}) {
            AtomicLong now = new AtomicLong(start);
            LoadGuard guard = new LoadGuard(1, Duration.ofMillis(20), 10, now::get);
            AtomicInteger read = new AtomicInteger();
            assertThat(missUntilRefused(guard, read)).isEqualTo(51);
            for (int second = 0; second < 3; second++) {
                now.addAndGet(TimeUnit.SECONDS.toNanos(1));
                assertThat(missUntilRefused(guard, read)).isEqualTo(10);
            }
            now.addAndGet(TimeUnit.HOURS.toNanos(1));
            assertThat(missUntilRefused(guard, read)).isEqualTo(51);
        }
    }

    private static int missUntilRefused(LoadGuard guard, AtomicInteger read) {
        int before = read.get();
        try {
            while (true) {
                guard.load(read::incrementAndGet);
                guard.missed();
            }
        } catch (StoreUnavailableException overBudget) {
            return read.get() - before;
        }
    }
}
