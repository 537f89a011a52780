package dev.apikeys.servlet;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Says whether a back-end that failed is to be asked. After {@value #FAILURES_IN_A_ROW} failures in a row it is left
 * alone: from then on one question a second finds out whether it answers again.
 *
 * <p>Thread-safe, and never waits.
 */
final class CircuitBreaker {
    /** So many that a back-end which fails one time in a hundred is still asked every time. */
    static final int FAILURES_IN_A_ROW = 5;

    static final long NANOS_BETWEEN_TRIALS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private final AtomicLong nextTrial = new AtomicLong();

    /** A breaker that lets through, with this clock. */
    CircuitBreaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether this question may be asked. */
    boolean allows() {
        if (failuresInARow.get() < FAILURES_IN_A_ROW) {
            return true;
        }
        long now = nanoTime.getAsLong();
        long next = nextTrial.get();
        return now - next >= 0 && nextTrial.compareAndSet(next, now + NANOS_BETWEEN_TRIALS);
    }

    /** The back-end answered. Gives whether it had been left alone before. */
    boolean answered() {
        return failuresInARow.get() > 0 && failuresInARow.getAndSet(0) >= FAILURES_IN_A_ROW;
    }

    /** The back-end gave no answer. */
    void failed() {
        nextTrial.set(nanoTime.getAsLong() + NANOS_BETWEEN_TRIALS);
        failuresInARow.updateAndGet(failures -> Math.min(failures + 1, FAILURES_IN_A_ROW));
    }
}
