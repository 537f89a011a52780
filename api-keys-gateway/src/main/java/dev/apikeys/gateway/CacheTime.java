package dev.apikeys.gateway;

import dev.apikeys.Freshness;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long an answer may be kept: as long as the node could give it again without asking its store. A revocation that this
 * node has not seen began after the store last confirmed, so an answer that ends Y after that confirmation ends no later
 * than Y after the revocation. The confirmation is read before the key is verified: one that comes in between may belong to
 * a revocation that the answer doesn't know.
 */
final class CacheTime {
    /** For whatever must not be kept. */
    static final String NO_STORE = "no-store";

    private final LongSupplier ticker;
    private final long start;
    private final long leftNanos;

    private CacheTime(LongSupplier ticker, Duration left) {
        this.ticker = ticker;
        this.start = ticker.getAsLong();
        this.leftNanos = left.toNanos();
    }

    /** To be called before the key is verified. */
    static CacheTime before(KeyService keys) {
        return before(keys, System::nanoTime);
    }

    static CacheTime before(KeyService keys, LongSupplier ticker) {
        return new CacheTime(ticker, keys.lease().trust().minus(keys.health().leaseAge()));
    }

    /** The whole seconds for which the answer about this key may be kept from now on; 0 within grace. */
    long secondsFor(KeyPrincipal principal, KeyService keys) {
        if (principal.freshness() != Freshness.CONFIRMED) {
            return 0;
        }
        Duration left = Duration.ofNanos(leftNanos - (ticker.getAsLong() - start));
        if (principal.expiresAt() != null) {
            // May be thousands of years, which are too many nanoseconds for a long.
            Duration untilEnd = Duration.between(keys.now(), principal.expiresAt());
            left = untilEnd.compareTo(left) < 0 ? untilEnd : left;
        }
        return Math.max(0, left.toSeconds());
    }

    /** The value of {@code Cache-Control}. */
    static String header(long seconds) {
        return seconds == 0 ? NO_STORE : "max-age=" + seconds;
    }
}
