package dev.apikeys.gateway;

import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads until the answer is about the time of the call, by nothing but the ages that the feed tells. If an age were too small,
 * a change that was made before the call would be missing.
 */
record SettledFeed(ChangeFeed feed) implements ChangeFeed {
    @Override
    public ChangeBatch read(@Nullable FeedPosition last) {
        long called = System.nanoTime();
        while (true) {
            long asked = System.nanoTime();
            ChangeBatch batch = feed.read(last);
            if (asked - batch.age().toNanos() - called >= 0) {
                return batch;
            }
            LockSupport.parkNanos(500_000);
        }
    }

    @Override
    public Hint awaitHint(Duration atMost) {
        return feed.awaitHint(atMost);
    }

    @Override
    public void close() {
        feed.close();
    }
}
