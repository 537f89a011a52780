package dev.apikeys.spi;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a store. The poller of a node reads it again and again over a connection of its own, so that a busy
 * pool can't delay it.
 *
 * <p>A feed may come from a relay, which has asked the store itself. Its answers then have an {@linkplain ChangeBatch#age()
 * age}, which the poller subtracts from the moment at which it asked.
 *
 * <p>Used by one thread at a time. Each method throws {@link dev.apikeys.StoreUnavailableException} if the store can't
 * be asked within the time-out. The poller then closes the feed and opens another one.
 */
public interface ChangeFeed extends AutoCloseable {
    /**
     * Reads all changes after a position, in the order of the commits. Every change that was committed before the call
     * is in the batch or before the position. No change may become visible later at an earlier position. An answer is
     * bounded, however far behind the position is: it is {@link ChangeBatch.Continuity#PARTIAL} when there is more, or
     * a {@link ChangeBatch.Continuity#GAP} when there is more than anybody should read one by one.
     *
     * @param last where the previous batch ended, or null for the first one
     */
    ChangeBatch read(@Nullable FeedPosition last);

    /**
     * How old an answer can be while nothing fails; zero for a feed that asks the store itself. Known after the first
     * reading.
     */
    default Duration lag() {
        return Duration.ZERO;
    }

    /**
     * Waits for a hint that something changed. A hint only saves time. Nothing depends on it.
     *
     * @param atMost how long to wait
     */
    default Hint awaitHint(Duration atMost) {
        Objects.requireNonNull(atMost, "atMost");
        return Hint.UNSUPPORTED;
    }

    /** Gives the connection back. */
    @Override
    void close();

    /** The result of waiting for a hint. */
    enum Hint {
        /** Something changed: read. */
        ARRIVED,
        /** No hint arrived in this time. */
        NONE,
        /** This store gives no hints, so the call returned at once. */
        UNSUPPORTED
    }
}
