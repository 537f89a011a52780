package dev.apikeys.gateway;

import dev.apikeys.gateway.FeedHistory.Missed;
import dev.apikeys.gateway.Upstream.Reading;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.FeedPosition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a relay knows of the feed, when it last asked, and who waits for more.
 *
 * <p>Thread-safe.
 */
final class FeedBoard {
    private final FeedHistory history;
    private final RelayPace pace;
    private final NodeClock clock;
    private final Map<Long, CompletableFuture<FeedHint>> waiting = new ConcurrentHashMap<>();
    private @Nullable Reading latest;
    private long lastWaiting;
    private boolean closed;

    FeedBoard(FeedHistory history, RelayPace pace, NodeClock clock) {
        this.history = history;
        this.pace = pace;
        this.clock = clock;
    }

    /** Where the relay reads on; null at first. */
    synchronized @Nullable FeedPosition head() {
        return history.head();
    }

    /** Notes what was read from the head. Only the last part of what was missed confirms that there is no more. */
    void add(Reading reading) {
        boolean isNews;
        synchronized (this) {
            isNews = history.add(reading.batch());
            if (reading.batch().continuity() != Continuity.PARTIAL) {
                latest = reading;
            }
        }
        if (isNews) {
            List<CompletableFuture<FeedHint>> all = List.copyOf(waiting.values());
            FeedHint hint = FeedHint.forAll(all.size());
            all.forEach(one -> one.complete(hint));
        }
    }

    /** Notes a position that was looked up behind the head. */
    synchronized void remember(FeedPosition position) {
        history.remember(position);
    }

    /** How old answers can be while nothing fails: what the feed above says, and this hop. */
    Duration lag(Reading reading) {
        return reading.lag().plus(pace.lag());
    }

    /** What is known now, if it is no older than it may be. */
    synchronized Optional<Reading> fresh() {
        return Optional.ofNullable(latest).filter(reading -> reading.age(clock).compareTo(lag(reading)) <= 0);
    }

    /**
     * What a reader at this position misses, with the moment of the latest question.
     *
     * @return empty if the position isn't known; {@link #fresh()} must be there
     */
    synchronized Optional<Reading> after(@Nullable FeedPosition position) {
        Reading known = latest;
        Missed missed = history.after(position);
        if (known == null || missed == null) {
            return Optional.empty();
        }
        return Optional.of(new Reading(
                known.asked(),
                new ChangeBatch(
                        missed.position(),
                        missed.continuity(),
                        missed.changes(),
                        known.batch().storeTime(),
                        known.batch().age()),
                known.lag()));
    }

    /**
     * Completes when a reader at this position misses something, and fails when the relay ends. Whoever waits no
     * longer completes it.
     *
     * @return empty if too many wait, or the relay has ended
     */
    synchronized Optional<CompletableFuture<FeedHint>> nextChange(FeedPosition position) {
        if (history.isBehind(position)) {
            return Optional.of(CompletableFuture.completedFuture(FeedHint.NOW));
        }
        if (closed || waiting.size() >= pace.waitingCallers()) {
            return Optional.empty();
        }
        CompletableFuture<FeedHint> mine = new CompletableFuture<>();
        long number = ++lastWaiting;
        waiting.put(number, mine);
        var unused = mine.whenComplete((hint, failure) -> waiting.remove(number));
        return Optional.of(mine);
    }

    int waitingCallers() {
        return waiting.size();
    }

    /** Lets everybody go who waits. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        CancellationException ended = new CancellationException("the relay ends");
        List.copyOf(waiting.values()).forEach(one -> one.completeExceptionally(ended));
    }
}
