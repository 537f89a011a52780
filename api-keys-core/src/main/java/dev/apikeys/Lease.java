package dev.apikeys;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When this node last knew that it had missed nothing, and what time it is. Both come from the latest reading of the
 * store and from elapsed time, not from this node's wall clock, which may be wrong or set back.
 *
 * <p>Ages are taken by both clocks and the longer one counts: elapsed time may stand still while a machine sleeps, its
 * wall clock does not.
 *
 * <p>Thread-safe.
 */
final class Lease {
    private static final long NO_TIME = Long.MIN_VALUE;

    private final LongSupplier ticker;
    private final Clock clock;
    private final long trustNanos;
    private final long graceNanos;
    private volatile Confirmation last;

    Lease(LeasePolicy policy, LongSupplier ticker, Clock clock) {
        this.ticker = ticker;
        this.clock = clock;
        this.trustNanos = policy.trust().toNanos();
        // A strict service promises Y in its receipts: no single request may go beyond.
        this.graceNanos =
                policy.consistency() == Consistency.STRICT ? 0 : policy.grace().toNanos();
        // Nothing is remembered yet, so nothing was missed.
        this.last = new Confirmation(moment(), NO_TIME, NO_TIME);
    }

    /** What both clocks of this node say. */
    record Moment(long nanos, long wallMillis) {}

    /**
     * @param nanos elapsed time before the store was asked
     * @param wallMillis this node's wall clock at that time
     * @param storeMillis the store's time, or {@link #NO_TIME}
     * @param floorMillis the latest time that was ever told: time does not run backwards here
     */
    private record Confirmation(long nanos, long wallMillis, long storeMillis, long floorMillis) {
        Confirmation(Moment asked, long storeMillis, long floorMillis) {
            this(asked.nanos(), asked.wallMillis(), storeMillis, floorMillis);
        }
    }

    /** How far something remembered can be trusted. */
    enum Trust {
        /** The store confirmed in time. */
        CONFIRMED,
        /** It did not, but the grace is not over. */
        WITHIN_GRACE,
        /** It did not. */
        NONE
    }

    /** Now, by both clocks. To be taken before somebody is asked. */
    Moment moment() {
        return new Moment(nowNanos(), wallMillis());
    }

    /**
     * Notes that all changes up to a question are applied. An answer that took longer than it can be trusted confirms
     * nothing, and the time that it tells is as old. Called by one thread.
     *
     * @param asked taken before the store was asked
     */
    void confirm(Moment asked, Optional<Instant> storeTime) {
        Moment answered = moment();
        if (age(asked.nanos(), asked.wallMillis(), answered.nanos(), answered.wallMillis()) > trustNanos) {
            return;
        }
        long floor = last.storeMillis == NO_TIME ? NO_TIME : nowMillis(answered.nanos(), answered.wallMillis());
        last = new Confirmation(asked, storeTime.map(Instant::toEpochMilli).orElse(NO_TIME), floor);
    }

    /**
     * Tells whether all changes up to a short while before this moment are applied. Whoever asks whether something
     * remembered was changed asks it after this: who sees a confirmation also sees the changes that it covers.
     */
    boolean isConfirmed(long nanos, long wallMillis) {
        return age(last, nanos, wallMillis) <= trustNanos;
    }

    /**
     * How far an entry can be trusted at a moment, which is to be taken after the secret was checked. A detached entry is
     * no longer told of changes, so for it alone the time of its loading counts.
     */
    Trust trust(CacheEntry entry, long nanos, long wallMillis) {
        Confirmation confirmation = last;
        // Read behind the confirmation: who sees a confirmation also sees the changes that it covers.
        boolean told = !entry.isDetached();
        return trust(confirmation, told, entry.loadedNanos(), entry.loadedWallMillis(), nanos, wallMillis);
    }

    /** As for an entry: how far an owner's state can be trusted at a moment. */
    Trust trust(OwnerStates.Known owner, long nanos, long wallMillis) {
        Confirmation confirmation = last;
        boolean told = owner.isCurrent();
        return trust(confirmation, told, owner.readNanos(), owner.readWallMillis(), nanos, wallMillis);
    }

    private Trust trust(
            Confirmation confirmation, boolean told, long readNanos, long readWall, long nanos, long wallMillis) {
        long sinceRead = age(readNanos, readWall, nanos, wallMillis);
        long age = told ? Math.min(sinceRead, age(confirmation, nanos, wallMillis)) : sinceRead;
        if (age <= trustNanos) {
            return Trust.CONFIRMED;
        }
        return told && age - trustNanos <= graceNanos ? Trust.WITHIN_GRACE : Trust.NONE;
    }

    private static long age(Confirmation confirmation, long nanos, long wallMillis) {
        return age(confirmation.nanos, confirmation.wallMillis, nanos, wallMillis);
    }

    /** How much time went by, in nanoseconds, by the clock that saw more of it. */
    static long age(long sinceNanos, long sinceWallMillis, long nanos, long wallMillis) {
        return Math.max(nanos - sinceNanos, TimeUnit.MILLISECONDS.toNanos(wallMillis - sinceWallMillis));
    }

    /** The time at a moment, by the store's clock where it told its time, else by this node's. */
    long nowMillis(long nanos, long wallMillis) {
        Confirmation confirmation = last;
        if (confirmation.storeMillis == NO_TIME) {
            return wallMillis;
        }
        long projected = confirmation.storeMillis + (nanos - confirmation.nanos) / 1_000_000;
        return Math.max(projected, confirmation.floorMillis);
    }

    long nowMillis() {
        return nowMillis(nowNanos(), wallMillis());
    }

    long nowNanos() {
        return ticker.getAsLong();
    }

    long wallMillis() {
        return clock.millis();
    }

    Instant now() {
        return Instant.ofEpochMilli(nowMillis());
    }
}
