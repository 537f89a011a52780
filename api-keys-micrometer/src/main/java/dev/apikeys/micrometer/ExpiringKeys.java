package dev.apikeys.micrometer;

import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * How many keys end soon. The store is asked once a minute at the most, whatever number of registries asks how often.
 *
 * <p>Thread-safe.
 */
final class ExpiringKeys {
    static final Duration SOON = Duration.ofDays(7);
    private static final long ASK_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private final KeyService keys;
    private final LongSupplier ticker;
    private double latest = Double.NaN;
    private long askedNanos;
    private boolean asked;

    ExpiringKeys(KeyService keys, LongSupplier ticker) {
        this.keys = keys;
        this.ticker = ticker;
    }

    /** The number; not a number while the store can't be asked. */
    synchronized double count() {
        long now = ticker.getAsLong();
        if (!asked || now - askedNanos >= ASK_AGAIN_NANOS) {
            asked = true;
            askedNanos = now;
            latest = ask();
        }
        return latest;
    }

    private double ask() {
        Instant now = keys.now();
        try {
            return keys.list(
                            KeyFilter.everything().unrevoked().endingBetween(now, now.plus(SOON)), PageRequest.first(1))
                    .total();
        } catch (RuntimeException away) {
            return Double.NaN;
        }
    }
}
