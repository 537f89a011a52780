package dev.apikeys.gateway;

import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.spi.FeedSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed that a relay follows: opened when it is needed, and closed when it fails.
 *
 * <p>Used by one thread at a time. Any thread may ask whether it is being opened.
 */
final class Upstream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    private final FeedSource source;
    private final Duration timeout;
    private final NodeClock clock;
    private volatile boolean opening;
    private @Nullable ChangeFeed feed;

    Upstream(FeedSource source, Duration timeout, NodeClock clock) {
        this.source = source;
        this.timeout = timeout;
        this.clock = clock;
    }

    /**
     * A batch, and when it was asked for.
     *
     * @param asked the moment before the question
     * @param lag how old the answers of this feed can be while nothing fails
     */
    record Reading(NodeClock.Mark asked, ChangeBatch batch, Duration lag) {
        /** How long ago the store was asked; each hop adds what it has waited. */
        Duration age(NodeClock clock) {
            return clock.since(asked).plus(batch.age());
        }

        /** The same, or a gap if it would be too much for one answer. */
        Reading bounded() {
            return FeedHistory.weight(batch.changes()) <= FeedHistory.MAX_WEIGHT
                    ? this
                    : new Reading(
                            asked,
                            new ChangeBatch(
                                    batch.position(), Continuity.GAP, List.of(), batch.storeTime(), batch.age()),
                            lag);
        }
    }

    /** Reads the changes after a position. The moment is taken before the question. */
    Reading read(@Nullable FeedPosition last) {
        ChangeFeed open = feed;
        if (open == null) {
            open = opened();
            feed = open;
        }
        NodeClock.Mark asked = clock.mark();
        ChangeBatch batch = open.read(last);
        return new Reading(asked, batch, open.lag());
    }

    private ChangeFeed opened() {
        opening = true;
        try {
            return source.open(timeout);
        } finally {
            opening = false;
        }
    }

    /** Tells whether a connection is being waited for, which may never come. */
    boolean isOpening() {
        return opening;
    }

    /** Waits for a hint. A feed that fails is closed, and gives none. */
    ChangeFeed.Hint awaitHint(Duration atMost) {
        ChangeFeed open = feed;
        try {
            return open == null ? ChangeFeed.Hint.UNSUPPORTED : open.awaitHint(atMost);
        } catch (Throwable broken) {
            close();
            return ChangeFeed.Hint.UNSUPPORTED;
        }
    }

    /** Closes the feed; the next reading opens another one. */
    @Override
    public void close() {
        ChangeFeed open = feed;
        feed = null;
        if (open != null) {
            try {
                open.close();
            } catch (Throwable alreadyGone) {
                LOG.debug(
                        "A broken feed could not be closed: {}",
                        alreadyGone.getClass().getName());
            }
        }
    }
}
