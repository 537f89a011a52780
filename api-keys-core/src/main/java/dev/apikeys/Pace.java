package dev.apikeys;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The pace of long work in many short steps. After each step the work rests, longer after a longer step: so the store has
 * most of its time for others, and a store that is busy already gets less of this work.
 *
 * <p>Thread-safe: another thread may end the work.
 */
final class Pace {
    /** How many times as long as the step before a rest is. */
    static final int REST = 3;

    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final LongSupplier ticker;
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * The pace of one piece of work.
     *
     * @param ticker elapsed time in nanoseconds, by which steps are measured; rests are real
     */
    Pace(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** Ends the work after the step that is under way: an interrupt would break some embedded databases. */
    void end() {
        ended.countDown();
    }

    /** Tells whether another step may begin. */
    boolean goesOn() {
        return ended.getCount() > 0 && !Thread.currentThread().isInterrupted();
    }

    /**
     * Does a step and rests, if another step may begin. The rest ends early when the work does.
     *
     * @return false when no other step follows; then it doesn't rest
     */
    boolean step(Step step) {
        long began = ticker.getAsLong();
        if (!goesOn() || !step.goesOn()) {
            return false;
        }
        long rest = Math.min(REST * (ticker.getAsLong() - began), LONGEST_REST.toNanos());
        try {
            return !ended.await(rest, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A step of the work. */
    @FunctionalInterface
    interface Step {
        /** Does the step. Returns whether there may be more to do. */
        boolean goesOn();
    }
}
