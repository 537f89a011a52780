package dev.apikeys;

import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Change;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The changes of the store in memory, for those who follow them.
 *
 * <p>Thread-safe; every method runs under the lock of the store.
 */
final class InMemoryFeed implements ChangeFeed {
    private final Object lock;
    private final Clock clock;
    private final List<Changed> changes = new ArrayList<>();
    private final String incarnation = UUID.randomUUID().toString();

    InMemoryFeed(Object lock, Clock clock) {
        this.lock = lock;
        this.clock = clock;
    }

    private record Changed(long epoch, Instant at, List<Change> what) {}

    /** Adds a change of now, and tells its epoch. */
    long raise(List<Change> what) {
        return raise(clock.instant(), what);
    }

    /** Adds a change, and tells its epoch. */
    long raise(Instant at, List<Change> what) {
        synchronized (lock) {
            long next = epoch() + 1;
            changes.add(new Changed(next, at, what));
            return next;
        }
    }

    /** Removes changes before this instant but the last one, and tells how many. */
    int trim(Instant before, int limit) {
        synchronized (lock) {
            int trimmed = 0;
            while (changes.size() > 1 && trimmed < limit && changes.get(0).at().isBefore(before)) {
                changes.remove(0);
                trimmed++;
            }
            return trimmed;
        }
    }

    @Override
    public ChangeBatch read(@Nullable FeedPosition last) {
        synchronized (lock) {
            FeedPosition now = new FeedPosition(incarnation, epoch(), 0);
            if (last != null
                    && (!incarnation.equals(last.incarnation()) || last.epoch() > now.epoch() || last.stamp() != 0)) {
                return new ChangeBatch(now, Continuity.REWOUND, List.of(), null);
            }
            long seen = last == null ? now.epoch() : last.epoch();
            List<Changed> missed =
                    changes.stream().filter(change -> change.epoch() > seen).toList();
            Continuity continuity = missed.size() == now.epoch() - seen ? Continuity.CONTINUOUS : Continuity.GAP;
            return new ChangeBatch(
                    now,
                    continuity,
                    missed.stream().flatMap(change -> change.what().stream()).toList(),
                    null);
        }
    }

    private long epoch() {
        return changes.isEmpty() ? 0 : changes.get(changes.size() - 1).epoch();
    }

    @Override
    public void close() {
        // Nothing to close: it is the store's own.
    }
}
