package dev.apikeys;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Protects the store against floods of made-up ids. It limits look-ups at the same time, and look-ups per second that
 * find nothing. Above a limit a look-up fails as unavailable, which says nothing about the token.
 *
 * <p>Thread-safe.
 */
final class LoadGuard {
    private static final int BURST_SECONDS = 5;

    private final Semaphore places;
    private final long maxWaitNanos;
    private final LongSupplier ticker;
    private final long nanosPerMiss;
    private final long burstNanos;
    /** The time at which all misses so far are used up; ahead of now by at most the burst. */
    private final AtomicLong paidUntil;

    LoadGuard(int concurrentLoads, Duration maxWait, int missesPerSecond, LongSupplier ticker) {
        this.places = new Semaphore(concurrentLoads);
        this.maxWaitNanos = maxWait.toNanos();
        this.ticker = ticker;
        this.nanosPerMiss = TimeUnit.SECONDS.toNanos(1) / missesPerSecond;
        this.burstNanos = TimeUnit.SECONDS.toNanos(BURST_SECONDS);
        this.paidUntil = new AtomicLong(ticker.getAsLong());
    }

    <T> T load(Supplier<T> read) {
        checkBudget();
        try {
            if (!places.tryAcquire(maxWaitNanos, TimeUnit.NANOSECONDS)) {
                throw new StoreUnavailableException("too many keys are being looked up at once");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting to look up a key", interrupted);
        }
        try {
            // Checked again: many may have waited while others used up the budget.
            checkBudget();
            return read.get();
        } finally {
            places.release();
        }
    }

    private void checkBudget() {
        if (paidUntil.get() - ticker.getAsLong() > burstNanos) {
            throw new StoreUnavailableException("too many unknown keys are being tried; look-ups are paused");
        }
    }

    /** Call it for every look-up that found nothing. */
    void missed() {
        long now = ticker.getAsLong();
        paidUntil.updateAndGet(until -> Math.max(until - now, 0) + now + nanosPerMiss);
    }
}
