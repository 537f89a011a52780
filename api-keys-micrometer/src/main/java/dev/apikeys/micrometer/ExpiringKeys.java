package dev.apikeys.micrometer;

import dev.apikeys.Freshness;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * How many keys end soon; of more than 10,000 the store's estimate. The store is asked once a minute at the most, whatever number of registries asks how often.
 *
 * <p>Thread-safe.
 */
final class ExpiringKeys {
    static final Duration SOON = Duration.ofDays(7);
    private static final long ASK_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();
    /** A page behind the last one: only the total is wanted. */
    private static final PageRequest NO_KEYS = new PageRequest(Long.MAX_VALUE, null, 1);

    private final LongSupplier ticker;
    private double latest = Double.NaN;
    private long askedNanos;
    private boolean asked;

    ExpiringKeys(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /**
     * The number; not a number while the store can't be asked. A store that is known to be away isn't asked: whoever
     * reads the meters would wait for it, and get none of the others either.
     */
    synchronized double count(KeyService keys) {
        if (keys.health().state() != Freshness.CONFIRMED) {
            return Double.NaN;
        }
        long now = ticker.getAsLong();
        if (!asked || now - askedNanos >= ASK_AGAIN_NANOS) {
            asked = true;
            askedNanos = now;
            latest = ask(keys);
        }
        return latest;
    }

    private static double ask(KeyService keys) {
        Instant now = keys.now();
        try {
            return keys.list(KeyFilter.everything().unrevoked().endingBetween(now, now.plus(SOON)), NO_KEYS)
                    .total();
        } catch (Exception away) {
            return Double.NaN;
        }
    }
}
