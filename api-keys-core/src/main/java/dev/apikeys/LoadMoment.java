package dev.apikeys;

import java.util.concurrent.TimeUnit;

/**
 * The moment before the store was asked, as a cache entry keeps it: elapsed time, and how many milliseconds further the
 * wall clock has come since the service was started. A wall clock that was set by more than 24 days since then counts as
 * one that was set by 24 days.
 */
record LoadMoment(long nanos, int driftMillis) {
    static LoadMoment of(Moment loaded, Moment start) {
        long drift = loaded.wallMillis() - wallMillis(loaded.nanos(), start);
        return new LoadMoment(loaded.nanos(), (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, drift)));
    }

    Moment since(Moment start) {
        return new Moment(nanos, wallMillis(nanos, start) + driftMillis);
    }

    /** What the wall clock would have shown if nobody had set it, and if this machine had not slept. */
    private static long wallMillis(long nanos, Moment start) {
        return start.wallMillis() + TimeUnit.NANOSECONDS.toMillis(nanos - start.nanos());
    }
}
