package dev.apikeys;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps strangers from turning made-up ids into load on the store: so many look-ups at once, and so many that find
 * nothing per second. Over either bound a look-up is refused as unavailable, which says nothing about the token.
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
    /** When the misses so far are paid for; ahead of now by at most the burst. */
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
            // Again: many may have waited while those before them used it up.
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

    /** To be called for every look-up that found nothing. */
    void missed() {
        long now = ticker.getAsLong();
        paidUntil.updateAndGet(until -> Math.max(until - now, 0) + now + nanosPerMiss);
    }
}
