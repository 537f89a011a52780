package dev.apikeys.gateway;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Both clocks of this machine. How much time went by is what the one says that saw more: elapsed time may stand still while
 * a machine sleeps, its wall clock does not. What they show is never sent to anybody, only how much went by.
 *
 * @param ticker elapsed time in nanoseconds
 * @param wall the wall clock
 */
record NodeClock(LongSupplier ticker, Clock wall) {
    static final NodeClock SYSTEM = new NodeClock(System::nanoTime, Clock.systemUTC());

    /** What both clocks show at a moment. */
    record Mark(long nanos, long wallMillis) {}

    /** Now. Take it before a question is sent. */
    Mark mark() {
        return new Mark(ticker.getAsLong(), wall.millis());
    }

    /** How much time went by since then; never negative. */
    Duration since(Mark mark) {
        long nanos = ticker.getAsLong() - mark.nanos();
        long wallNanos = TimeUnit.MILLISECONDS.toNanos(wall.millis() - mark.wallMillis());
        return Duration.ofNanos(Math.max(0, Math.max(nanos, wallNanos)));
    }
}
