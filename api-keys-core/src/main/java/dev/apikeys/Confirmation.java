package dev.apikeys;

import java.util.concurrent.TimeUnit;

/**
 * What is known since the store was last asked: that no change was missed, and what time it was.
 *
 * <p>Immutable and thread-safe.
 *
 * @param nanos elapsed time before the store was asked
 * @param wallMillis this node's wall clock at that time
 * @param storeMillis the store's time, or {@link #NO_TIME}
 * @param floorMillis the latest time that was told before: as long as the store's clock is behind it, time stands still
 * @param aheadMillis how much further the store's clock is than this node's clocks confirm; usually 0
 */
record Confirmation(long nanos, long wallMillis, long storeMillis, long floorMillis, long aheadMillis) {
    /** The time of a store that has no clock. */
    static final long NO_TIME = Long.MIN_VALUE;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A confirmation without a time. */
    static Confirmation withoutTime(Moment asked) {
        return new Confirmation(asked.nanos(), asked.wallMillis(), NO_TIME, NO_TIME, 0);
    }

    /** A confirmation with the store's time. */
    static Confirmation at(Moment asked, long storeMillis, long floorMillis) {
        return new Confirmation(asked.nanos(), asked.wallMillis(), storeMillis, floorMillis, 0);
    }

    /** The same time, with the note that the store's clock is so much ahead of it. */
    Confirmation doubting(long byMillis) {
        return new Confirmation(nanos, wallMillis, storeMillis, floorMillis, byMillis);
    }

    boolean tellsTime() {
        return storeMillis != NO_TIME;
    }

    /** How long ago it was, in nanoseconds, by the clock that saw more time go by. */
    long age(long nowNanos, long nowWallMillis) {
        return Math.max(nowNanos - nanos, TimeUnit.MILLISECONDS.toNanos(nowWallMillis - wallMillis));
    }

    /**
     * The time at a moment, by the store's clock if it is known, otherwise by this node's. Of both clocks of this node
     * the one counts that saw more time go by.
     */
    long nowMillis(long nowNanos, long nowWallMillis) {
        if (!tellsTime()) {
            return nowWallMillis;
        }
        long passed = Math.max((nowNanos - nanos) / NANOS_PER_MILLI, nowWallMillis - wallMillis);
        return Math.max(storeMillis + passed, floorMillis);
    }

    /** The store's time at a moment by elapsed time alone, which nobody can set. */
    long elapsedMillis(long nowNanos) {
        return Math.max(storeMillis + (nowNanos - nanos) / NANOS_PER_MILLI, floorMillis);
    }
}
