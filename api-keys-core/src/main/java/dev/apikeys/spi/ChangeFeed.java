package dev.apikeys.spi;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What changed in a store, read again and again by the one poller of a node over a connection of its own, so that a busy
 * pool can't delay it.
 *
 * <p>Used by one thread at a time. Every method throws {@link dev.apikeys.StoreUnavailableException} when the store
 * cannot be asked within the time-out; the poller then closes the feed and opens another.
 */
public interface ChangeFeed extends AutoCloseable {
    /**
     * Reads all that was committed after a position, in the order of the commits. Whatever was committed before the call
     * began is part of the answer or lies before the position: nothing may become visible later with an earlier place.
     * An answer is bounded, however far behind the position is: it is {@link ChangeBatch.Continuity#PARTIAL} when there
     * is more, or a {@link ChangeBatch.Continuity#GAP} when there is more than anybody should read one by one.
     *
     * @param last where the reading before ended, or null for the first
     */
    ChangeBatch read(@Nullable FeedPosition last);

    /**
     * Waits for a hint that something changed. A hint only saves waiting; nothing depends on it.
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

    /** What came of waiting for a hint. */
    enum Hint {
        /** Something changed: read. */
        ARRIVED,
        /** Nothing was heard in the time. */
        NONE,
        /** This store gives no hints; it returned at once. */
        UNSUPPORTED
    }
}
