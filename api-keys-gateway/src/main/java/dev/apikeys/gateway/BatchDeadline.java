package dev.apikeys.gateway;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Until when a batch asks the store: as long as one request waits for a key by default. Otherwise each token would wait for
 * itself while the store is slow. A question that was begun in time is waited for.
 */
final class BatchDeadline {
    /** How long a batch asks. */
    static final Duration TIME = Duration.ofSeconds(2);

    private final LongSupplier ticker;
    private final long start;

    /** Begins now. */
    BatchDeadline(LongSupplier ticker) {
        this.ticker = ticker;
        this.start = ticker.getAsLong();
    }

    /** Tells whether from now on only memory may answer. */
    boolean isOver() {
        return ticker.getAsLong() - start >= TIME.toNanos();
    }
}
