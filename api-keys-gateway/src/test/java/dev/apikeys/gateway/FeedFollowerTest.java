package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a relay asks the feed that it follows. */
@Tag("tr-skip")
class FeedFollowerTest {
    private static final RelayPace PACE = RelayPace.DEFAULT.polling(Duration.ofSeconds(1), Duration.ofSeconds(1));


    private final FaultyStore store = new FaultyStore();
    private final FeedBoard board = new FeedBoard(new FeedHistory(10), PACE, NodeClock.SYSTEM);

    private FeedFollower follower() {
        return follower(PACE);
    }

    private FeedFollower follower(RelayPace pace) {
        return new FeedFollower(new Upstream(store::openChangeFeed, pace.timeout(), NodeClock.SYSTEM), board, pace);
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
}
