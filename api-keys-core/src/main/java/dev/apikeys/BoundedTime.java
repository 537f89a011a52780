package dev.apikeys;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time for work that can't be undone. A clock that is wrong for a while must not remove what is still good, and an hour
 * later the time counts in full. The first time is one that the store and this node agree about: the earlier of both.
 *
 * <p>Thread-safe.
 */
final class BoundedTime {
    private final Lease time;
    private @Nullable Run lastRun;

    BoundedTime(Lease time) {
        this.time = time;
    }

    /** When the work was done: by elapsed time, and by the time of the service. */
    private record Run(long nanos, long millis) {}

    /** The time of the service as it is, for what changes nothing. */
    Instant asTold() {
        return time.now();
    }

    /**
     * The time of the service; when it jumped since the latest call, no more than went by since. The first time it is not
     * later than this node's wall clock says either.
     */
    synchronized Instant now() {
        Run before = lastRun;
        Run now = new Run(time.nanos(), time.nowMillis());
        lastRun = now;
        long most = before == null
                ? time.wallMillis()
                : before.millis + TimeUnit.NANOSECONDS.toMillis(now.nanos - before.nanos);
        return Instant.ofEpochMilli(Math.min(now.millis, most + StoreClock.TOLERANCE_MILLIS));
    }
}
