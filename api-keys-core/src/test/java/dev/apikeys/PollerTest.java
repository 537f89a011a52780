package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The thread that asks for changes: what wakes it, what it survives, and how it ends. */
@Tag("tr-skip") // Waiting knows no locale.
class PollerTest {
    private static final LeasePolicy SLOW =
            LeasePolicy.DEFAULT.timing(Duration.ofMinutes(10), Duration.ofSeconds(5), Duration.ofMinutes(15));

    private final Cluster cluster = new Cluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("api-keys-"))
                .toList();
    }

    /** A store with feeds that answer like this when they are asked to listen. */
    private static ApiKeyStore hinting(Function<Duration, ChangeFeed.Hint> hints) {
        FaultyStore store = new FaultyStore();
        store.hints(hints);
        return store;
    }

    @Test
    void hint_arriving_makesAChangeSeenLongBeforeTheNextPoll() {
        Semaphore hints = new Semaphore(0);
        ApiKeyStore store = hinting(atMost -> {
            try {
                return hints.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)
                        ? ChangeFeed.Hint.ARRIVED
                        : ChangeFeed.Hint.NONE;
            } catch (InterruptedException interrupted) {
                throw new StoreUnavailableException("interrupted", interrupted);
            }
        });
        try (Cluster hinted = new Cluster(store)) {
            Cluster.Node here = hinted.node(SLOW);
            Cluster.Node there = hinted.node(SLOW);
            IssuedKey key = Cluster.issue(here);
            assertThat(there.accepts(key)).isTrue();

            Cluster.revoke(here, key);
            hints.release(2);

            await().untilAsserted(() -> assertThat(there.accepts(key)).isFalse());
        }
    }

    @Test
    void request_thatNeedsAnAnswer_wakesAPollerThatListensForHints() {
        ApiKeyStore store = hinting(PollerTest::nothingHeard);
        try (Cluster hinted = new Cluster(store)) {
            Cluster.Node here = hinted.node(SLOW);
            Cluster.Node there = hinted.node(SLOW);
            IssuedKey key = Cluster.issue(here);
            assertThat(there.accepts(key)).isTrue();
            Cluster.revoke(here, key);

            there.time().pass(SLOW.trust().plusMillis(1));

            assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
        }
    }

    private static ChangeFeed.Hint nothingHeard(Duration atMost) {
        try {
            return new Semaphore(0).tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)
                    ? ChangeFeed.Hint.ARRIVED
                    : ChangeFeed.Hint.NONE;
        } catch (InterruptedException interrupted) {
            throw new StoreUnavailableException("interrupted", interrupted);
        }
    }

    @Test
    void hints_withoutEnd_leaveAPauseBetweenTwoPolls() {
        ApiKeyStore store = hinting(atMost -> ChangeFeed.Hint.ARRIVED);
        try (Cluster hinted = new Cluster(store)) {
            long began = System.nanoTime();
            Cluster.Node node = hinted.node(SLOW);

            await().until(() -> node.keys().stats().polls() >= 10);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(9 * 25));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void feed_thatFailsToListen_isOpenedAnew(boolean byError) {
        AtomicBoolean broken = new AtomicBoolean(true);
        ApiKeyStore store = hinting(atMost -> {
            if (broken.getAndSet(false)) {
                if (byError) {
                    throw new AssertionError("injected");
                }
                throw new StoreUnavailableException("connection reset");
            }
            return ChangeFeed.Hint.UNSUPPORTED;
        });
        try (Cluster hinted = new Cluster(store)) {
            Cluster.Node node = hinted.node(LeasePolicy.DEFAULT);
            await().until(() -> !broken.get());
            node.awaitPoll();
            await().untilAsserted(() ->
                    assertThat(node.faults().calls(StoreCall.OPEN_FEED)).isEqualTo(2));
            assertThat(node.keys().stats().failedPolls()).isZero();
        }
    }

    @Test
    void error_whileReading_doesNotEndThePolling() {
        Cluster.Node node = cluster.node();
        node.faults().failWith(new NoClassDefFoundError("injected"));
        node.awaitFailedPoll();
        node.faults().heal();

        node.awaitPoll();
    }

    /** Even the message about it may fail. */
    @Test
    void errorWithoutEnd_doesNotEndThePolling() {
        Cluster.Node node = cluster.node();
        AtomicReference<Throwable> clockFailure = new AtomicReference<>(new OutOfMemoryError("injected"));
        node.time().failPollerWith(clockFailure);
        node.faults().failWith(new OutOfMemoryError("injected"));
        node.awaitFailedPoll();
        node.faults().heal();
        node.awaitFailedPoll();
        clockFailure.set(null);

        node.awaitPoll();
    }

    @Test
    void failure_thatIsTheCauseOfItsCause_doesNotEndThePolling() {
        Cluster.Node node = cluster.node();
        SQLException cause = new SQLException("injected");
        StoreUnavailableException failure = new StoreUnavailableException("injected", cause);
        cause.initCause(failure);
        node.faults().failWith(failure);
        node.awaitFailedPoll();
        node.faults().heal();

        node.awaitPoll();
    }

    @Test
    void batches_thatAreNotAllYet_areReadWithoutAPauseAndConfirmNothing() {
        Cluster.Node node = cluster.node();
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        AtomicInteger left = new AtomicInteger(100);
        long polls = node.keys().stats().polls();
        node.faults()
                .changeBatches(reading -> left.getAndDecrement() > 0
                        ? new ChangeBatch(
                                reading.position(),
                                ChangeBatch.Continuity.PARTIAL,
                                List.of(new ChangeBatch.Change.OfCredential(
                                        key.key().publicId())),
                                null)
                        : reading);
        await().until(() -> left.get() < 0);
        node.awaitPoll();
        long loads = node.keys().stats().loads();
        assertThat(node.accepts(key)).isTrue();
        assertThat(node.keys().stats().loads()).as("the changes were applied").isEqualTo(loads + 1);
        assertThat(node.keys().stats().polls() - polls).isLessThan(100);
        assertThat(node.keys().stats().rewinds()).isZero();
    }

    @Test
    void stranger_interruptingThePoller_doesNotEndIt() {
        Cluster.Node node = cluster.node();
        node.awaitPoll();

        threads().forEach(Thread::interrupt);

        node.awaitPoll();
        node.awaitPoll();
        assertThat(node.keys().stats().failedPolls()).isZero();
    }

    @Test
    void feed_brokenAgainAndAgain_isClosedEachTime() {
        Cluster.Node node = cluster.node();
        for (int i = 0; i < 5; i++) {
            node.faults().before(StoreCall.READ_FEED, arguments -> {
                throw new StoreUnavailableException("connection reset");
            });
            node.awaitFailedPoll();
            node.faults().heal(StoreCall.READ_FEED);
            node.awaitPoll();
        }
        node.keys().close();

        assertThat(node.faults().calls(StoreCall.CLOSE_FEED))
                .isEqualTo(node.faults().calls(StoreCall.OPEN_FEED));
    }

    @Test
    void service_closed_leavesNoThreadAndNoFeed() {
        List<Thread> before = threads();
        for (int round = 0; round < 50; round++) {
            Cluster.Node node = cluster.node();
            IssuedKey key = Cluster.issue(node);
            assertThat(node.accepts(key)).isTrue();
            node.keys().close();
            assertThat(node.faults().calls(StoreCall.OPEN_FEED)).isEqualTo(1);
            assertThat(node.faults().calls(StoreCall.CLOSE_FEED)).isEqualTo(1);
            assertThat(node.faults().calls(StoreCall.RECORD_USES)).isEqualTo(1);
        }
        assertThat(threads()).isSubsetOf(before);
    }

    @Test
    void service_closedTwice_isClosedOnce() {
        Cluster.Node node = cluster.node();
        node.keys().close();
        node.keys().close();

        assertThat(node.faults().calls(StoreCall.CLOSE_FEED)).isEqualTo(1);
    }

    @Test
    void service_closedDuringAnOutage_leavesNoThread() {
        List<Thread> before = threads();
        Cluster.Node node = cluster.node();
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        node.faults().cutOff();
        node.awaitFailedPoll();

        node.keys().close();

        assertThat(threads()).isSubsetOf(before);
    }

    @Test
    void service_closedWhileAReadingHangs_doesNotWaitForIt() throws Exception {
        Cluster.Node node = cluster.node();
        Gate reading = node.faults().holdBefore(StoreCall.READ_FEED);
        reading.awaitReached();

        Future<Void> closing = cluster.start(() -> {
            node.keys().close();
            return null;
        });

        closing.get(25, TimeUnit.SECONDS);
        reading.open();
        await().until(() -> node.faults().calls(StoreCall.CLOSE_FEED) == 1);
    }

    @Test
    void service_closedWhileUsageHangs_waitsOnlySoLong() throws Exception {
        Cluster.Node node = cluster.node();
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        Gate writing = node.faults().holdBefore(StoreCall.RECORD_USES);
        Future<Void> flush = cluster.start(() -> {
            node.keys().flush();
            return null;
        });
        writing.awaitReached();

        Future<Void> closing = cluster.start(() -> {
            node.keys().close();
            return null;
        });

        closing.get(25, TimeUnit.SECONDS);
        assertThat(flush.isDone()).isFalse();
        writing.open();
        flush.get();
    }

    @Test
    void requests_waitingForAnAnswerWhenTheServiceCloses_areAnswered() throws Exception {
        Cluster.Node node = cluster.node(SLOW.strict());
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        CountDownLatch reading = new CountDownLatch(1);
        Gate gate = new Gate();
        node.faults().before(StoreCall.READ_FEED, arguments -> {
            reading.countDown();
            gate.pass();
        });
        node.time().pass(SLOW.trust().plusMillis(1));
        Future<Verification> waiting = cluster.start(() -> node.verify(key));
        assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();

        Future<Void> closing = cluster.start(() -> {
            node.keys().close();
            return null;
        });
        gate.open();
        closing.get(25, TimeUnit.SECONDS);

        // Whichever came first; but it is not left hanging.
        try {
            assertThat(waiting.get(25, TimeUnit.SECONDS)).isInstanceOf(Verification.Accepted.class);
        } catch (java.util.concurrent.ExecutionException unanswered) {
            assertThat(unanswered).hasCauseInstanceOf(StoreUnavailableException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void service_closed_trustsWhatItKnewForYAlone(boolean strict) {
        Cluster.Node node = cluster.node(strict ? Cluster.STRICT : Cluster.BALANCED);
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        node.keys().close();
        assertThat(node.accepts(key)).isTrue();

        node.time().pass(Cluster.Y.plusMillis(1));

        assertThatThrownBy(() -> node.verify(key)).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void hints_thatAreDeniedTooEarly_areNotAskedForWithoutAPause() {
        AtomicInteger asked = new AtomicInteger();
        ApiKeyStore store = hinting(atMost -> {
            asked.incrementAndGet();
            return ChangeFeed.Hint.NONE;
        });
        Duration poll = Duration.ofMillis(100);
        try (Cluster hinted = new Cluster(store)) {
            Cluster.Node node =
                    hinted.node(LeasePolicy.DEFAULT.timing(poll, Duration.ofSeconds(5), Duration.ofSeconds(10)));

            await().until(() -> node.keys().stats().polls() >= 10);

            long most = node.keys().stats().polls()
                    * (poll.multipliedBy(6).dividedBy(5).toMillis() / 25 + 2);
            assertThat(asked.get()).isLessThanOrEqualTo((int) most);
        }
    }
}
