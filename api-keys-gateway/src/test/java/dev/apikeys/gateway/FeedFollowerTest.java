package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a relay asks the feed that it follows. */
@Tag("tr-skip")
class FeedFollowerTest {
    private static final RelayPace PACE = RelayPace.DEFAULT.polling(Duration.ofSeconds(1), Duration.ofSeconds(1));

    private static final RelayPace FAST = RelayPace.DEFAULT.polling(Duration.ofMillis(10), Duration.ofMillis(100));

    private final FaultyStore store = new FaultyStore();
    private final FeedBoard board = new FeedBoard(new FeedHistory(10), PACE, NodeClock.SYSTEM);

    private FeedFollower follower() {
        return follower(PACE);
    }

    private FeedFollower follower(RelayPace pace) {
        return new FeedFollower(new Upstream(store::openChangeFeed, pace.timeout(), NodeClock.SYSTEM), board, pace);
    }

    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("api-keys-relay"));
    }

    /** An interrupt in the middle of a statement closes an embedded database, for everybody who uses it. */
    @Test
    void close_interruptsNoQuestionThatIsUnderWay() {
        AtomicBoolean interrupted = new AtomicBoolean();
        Gate gate = new Gate();
        FeedFollower follower = follower(FAST);
        follower.start();
        store.before(StoreCall.READ_FEED, arguments -> {
            try {
                gate.pass();
            } catch (AssertionError broken) {
                interrupted.set(true);
            }
        });
        gate.awaitReached();

        follower.close();
        gate.open();

        await().until(() -> !isRunning());
        assertThat(interrupted).isFalse();
    }

    @Test
    void close_endsAWaitForAConnection() {
        FeedFollower follower = follower(FAST);
        store.failBefore(StoreCall.READ_FEED, new StoreUnavailableException("connection reset"));
        follower.start();
        Gate noConnection = store.holdBefore(StoreCall.OPEN_FEED);
        noConnection.awaitReached();

        follower.close();

        await().until(() -> !isRunning());
    }

    /** As of a driver that returns from its wait too early, or of a feed of the host's. */
    @Test
    void feed_thatSaysTooEarlyThatThereIsNoHint_isNotAskedWithoutAPause() {
        AtomicLong asked = new AtomicLong();
        store.hints(atMost -> {
            asked.incrementAndGet();
            return ChangeFeed.Hint.NONE;
        });
        try (FeedFollower follower = follower()) {
            follower.start();
            await().until(() -> store.calls(StoreCall.READ_FEED) >= 2);
        }
        assertThat(asked.get()).isLessThan(100);
    }

    /** The lag that the relay tells its readers is the greatest age while nothing fails. */
    @Test
    void store_thatTakesItsTime_leavesNoAnswerOlderThanTheLag() {
        AtomicLong tooOld = new AtomicLong();
        try (FeedFollower follower = follower()) {
            follower.start();
            store.before(StoreCall.READ_FEED, arguments -> {
                LockSupport.parkNanos(750_000_000);
                if (board.fresh().isEmpty()) {
                    tooOld.incrementAndGet();
                }
            });
            await().until(() -> store.calls(StoreCall.READ_FEED) >= 5);
        }
        assertThat(tooOld).hasValue(0);
    }

    /** As after a start of the relay, with a slow store. */
    @Test
    void manyReadersFromElsewhere_leaveNoAnswerOlderThanTheLag() {
        AtomicLong tooOld = new AtomicLong();
        List<CompletableFuture<Upstream.Reading>> readers = new ArrayList<>();
        try (FeedFollower follower = follower()) {
            follower.start();
            store.before(StoreCall.READ_FEED, arguments -> {
                LockSupport.parkNanos(200_000_000);
                if (board.fresh().isEmpty()) {
                    tooOld.incrementAndGet();
                }
            });
            for (int i = 1; i <= 12; i++) {
                follower.lookUp(new FeedPosition("elsewhere", i, 0)).ifPresent(readers::add);
            }
            await().until(() -> readers.stream().allMatch(CompletableFuture::isDone));
        }
        assertThat(readers).hasSize(12).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(tooOld).hasValue(0);
    }
}
