package dev.apikeys;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When this node last knew that it had missed nothing, and what time it is. Both come from the latest reading of the
 * store and from elapsed time, not from this node's wall clock, which may be wrong or set back.
 *
 * <p>Thread-safe.
 */
final class Lease {
    private final LongSupplier ticker;
    private final Clock clock;
    private final long trustNanos;
    private final long trustMillis;
    private final long graceNanos;
    private volatile @Nullable Confirmation last;

    Lease(LeasePolicy policy, LongSupplier ticker, Clock clock) {
        this.ticker = ticker;
        this.clock = clock;
        this.trustNanos = policy.trust().toNanos();
        this.trustMillis = policy.trust().toMillis();
        this.graceNanos = policy.grace().toNanos();
    }

    /**
     * @param nanos elapsed time before the store was asked
     * @param wallMillis this node's wall clock at that time
     * @param storeMillis the store's time, or {@link #NO_TIME}
     * @param floorMillis the latest time that was ever told: time does not run backwards here
     */
    private record Confirmation(long nanos, long wallMillis, long storeMillis, long floorMillis) {}

    private static final long NO_TIME = Long.MIN_VALUE;

    /** How far an entry can be trusted. */
    enum Trust {
        /** The store confirmed in time. */
        CONFIRMED,
        /** It did not, but the grace is not over. */
        WITHIN_GRACE,
        /** It did not. */
        NONE
    }

    /** To be taken before the store is asked, and given back after all changes of the answer were applied. */
    Asked asking() {
        return new Asked(ticker.getAsLong(), clock.millis());
    }

    /** A question to the store that is under way. */
    record Asked(long nanos, long wallMillis) {}

    /** Called by one thread. */
    void confirm(Asked asked, Optional<Instant> storeTime) {
        long floor = last == null || storeTime.isEmpty() ? NO_TIME : nowMillis(ticker.getAsLong());
        long storeMillis = storeTime.map(Instant::toEpochMilli).orElse(NO_TIME);
        last = new Confirmation(asked.nanos(), asked.wallMillis(), storeMillis, floor);
    }

    /**
     * How far an entry can be trusted now; to be asked after the secret was checked. A detached entry is no longer told
     * of changes, so for it alone the time of its loading counts.
     */
    Trust trust(CachedKey entry, long now) {
        Confirmation confirmation = last;
        // Read behind the confirmation: who sees a confirmation also sees the changes that it covers.
        boolean detached = entry.isDetached();
        long since = entry.loadedNanos();
        boolean slept = false;
        if (confirmation != null) {
            if (!detached && confirmation.nanos - since > 0) {
                since = confirmation.nanos;
            }
            // Elapsed time may stand still while a machine sleeps; its wall clock does not.
            slept = clock.millis() - confirmation.wallMillis > trustMillis + (now - confirmation.nanos) / 1_000_000;
        }
        long age = now - since;
        if (age <= trustNanos && !slept) {
            return Trust.CONFIRMED;
        }
        return age - trustNanos <= graceNanos && !slept && !detached ? Trust.WITHIN_GRACE : Trust.NONE;
    }

    /** The time, by the store's clock where it told its time, else by this node's. */
    long nowMillis(long nowNanos) {
        Confirmation confirmation = last;
        if (confirmation == null || confirmation.storeMillis == NO_TIME) {
            return clock.millis();
        }
        long projected = confirmation.storeMillis + (nowNanos - confirmation.nanos) / 1_000_000;
        return Math.max(projected, confirmation.floorMillis);
    }

    long nowMillis() {
        return nowMillis(ticker.getAsLong());
    }

    long nowNanos() {
        return ticker.getAsLong();
    }

    Instant now() {
        return Instant.ofEpochMilli(nowMillis());
    }
}
