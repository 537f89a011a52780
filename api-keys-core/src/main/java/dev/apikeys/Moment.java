package dev.apikeys;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The readings of both clocks of this node.
 *
 * @param nanos elapsed time
 * @param wallMillis the wall clock
 */
record Moment(long nanos, long wallMillis) {
    /** A moment that was so much earlier by both clocks, or a little earlier still. */
    Moment earlier(Duration by) {
        return by.isZero() ? this : new Moment(nanos - by.toNanos(), wallMillis - by.toMillis() - 1);
    }

    /** The time from this moment to later readings in nanoseconds, by the clock that measured more. */
    long ageAt(long laterNanos, long laterWallMillis) {
        return longer(laterNanos - nanos, laterWallMillis - wallMillis);
    }

    /** The longer of two times, in nanoseconds. */
    static long longer(long nanos, long wallMillis) {
        return Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(wallMillis));
    }
}
