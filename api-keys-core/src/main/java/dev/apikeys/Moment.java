package dev.apikeys;

import java.util.concurrent.TimeUnit;

/**
 * The readings of both clocks of this node.
 *
 * @param nanos elapsed time
 * @param wallMillis the wall clock
 */
record Moment(long nanos, long wallMillis) {
    /** The time from this moment to later readings in nanoseconds, by the clock that measured more. */
    long ageAt(long laterNanos, long laterWallMillis) {
        return Math.max(laterNanos - nanos, TimeUnit.MILLISECONDS.toNanos(laterWallMillis - wallMillis));
    }
}
