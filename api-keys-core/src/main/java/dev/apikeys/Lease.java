package dev.apikeys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When this node last knew that it had missed nothing, and what time it is. Both come from the latest reading of the
 * store and from the time that went by since, not from what this node's wall clock shows, which may be wrong.
 *
 * <p>How much time went by is taken by both clocks, and the longer one counts: elapsed time may stand still while a
 * machine sleeps, its wall clock does not.
 *
 * <p>Thread-safe.
 */
final class Lease {
    private final LongSupplier ticker;
    private final Clock clock;
    private final long trustNanos;
    /** Zero when the service was closed. */
    private volatile long graceNanos;

    private final StoreClock storeClock;
    private final Moment start;
    private volatile Confirmation last;
    private volatile boolean everConfirmed;

    Lease(LeasePolicy policy, LongSupplier ticker, Clock clock) {
        this.ticker = ticker;
        this.clock = clock;
        this.trustNanos = policy.trust().toNanos();
        // A strict service promises Y in its receipts, so no request may exceed it.
        this.graceNanos =
                policy.weakest() == Freshness.CONFIRMED ? 0 : policy.grace().toNanos();
        this.start = moment();
        // Nothing is in memory yet, so no change was missed.
        this.last = Confirmation.withoutTime(start);
        this.storeClock = new StoreClock(start);
    }

    /** Now, by both clocks. Take it before the question is sent. */
    Moment moment() {
        return new Moment(nanos(), wallMillis());
    }

    /**
     * Notes that all changes up to a question are applied. An answer that took longer than it can be trusted confirms
     * nothing, and its time is not used. Called by one thread.
     *
     * @param asked the moment before the store was asked
     * @return what the store's clock did
     */
    StoreClock.Movement confirm(Moment asked, Optional<Instant> storeTime) {
        Moment answered = moment();
        if (asked.ageAt(answered.nanos(), answered.wallMillis()) > trustNanos) {
            return StoreClock.Movement.STEADY;
        }
        StoreClock.Reading reading = storeTime
                .map(told -> storeClock.read(last, asked, answered, told.toEpochMilli()))
                .orElseGet(() -> new StoreClock.Reading(Confirmation.withoutTime(asked), StoreClock.Movement.STEADY));
        last = reading.confirmation();
        everConfirmed = true;
        return reading.movement();
    }

    /**
     * The freshness of an entry at a moment, which must be taken after the secret was checked. A detached entry
     * receives no changes, so for it only the time of its loading counts.
     */
    Freshness freshness(CacheEntry entry, long nanos, long wallMillis) {
        long sinceConfirmed = last.age(nanos, wallMillis);
        // Read after the confirmation: a thread that sees a confirmation also sees its changes.
        boolean isTold = !entry.isDetached();
        if (isTold && sinceConfirmed <= trustNanos) {
            return Freshness.CONFIRMED;
        }
        long sinceLoaded = entry.loaded().since(start).ageAt(nanos, wallMillis);
        return isTold ? freshness(Math.min(sinceLoaded, sinceConfirmed), graceNanos) : freshness(sinceLoaded, 0);
    }

    /** A moment as entries keep it. */
    LoadMoment loaded(Moment moment) {
        return LoadMoment.of(moment, start);
    }

    /** Tells whether an owner's state is {@link Freshness#CONFIRMED} at a moment. */
    boolean isConfirmed(OwnerView.Known owner, long nanos, long wallMillis) {
        long confirmedAge = confirmedAge(nanos, wallMillis);
        return owner.asked().ageAt(nanos, wallMillis) <= (owner.isCurrent() ? confirmedAge : trustNanos);
    }

    /**
     * How old in nanoseconds something may be at a moment to be {@link Freshness#CONFIRMED}, if it receives changes. Look
     * for changes afterwards: a thread that sees a confirmation also sees its changes.
     */
    long confirmedAge(long nanos, long wallMillis) {
        return last.age(nanos, wallMillis) <= trustNanos ? Long.MAX_VALUE : trustNanos;
    }

    /** Nothing confirms any more, and that is no outage: what is in memory is good for as long as it is trusted. */
    void end() {
        graceNanos = 0;
    }

    private Freshness freshness(long ageNanos, long mostGraceNanos) {
        if (ageNanos <= trustNanos) {
            return Freshness.CONFIRMED;
        }
        return ageNanos - trustNanos <= mostGraceNanos ? Freshness.WITHIN_GRACE : Freshness.LAPSED;
    }

    /**
     * How the service is. Before the first confirmation there is nothing that could be trusted.
     *
     * @param lastFailure the class of what the latest question to the store failed with, or null when it was answered
     */
    KeyServiceHealth health(@Nullable String lastFailure) {
        boolean asked = everConfirmed;
        Confirmation confirmation = last;
        long age = Math.max(0, confirmation.age(nanos(), wallMillis()));
        Instant lastPoll = Instant.ofEpochMilli(confirmation.wallMillis());
        return new KeyServiceHealth(
                asked ? freshness(age, graceNanos) : Freshness.LAPSED,
                Duration.ofNanos(age),
                asked ? lastPoll : null,
                lastFailure);
    }

    /** The time at a moment, by the store's clock if it is known, otherwise by this node's. */
    long nowMillis(long nanos, long wallMillis) {
        return last.nowMillis(nanos, wallMillis);
    }

    /**
     * Whether the entry is over by the store's clock, but not by that of this node: while the two contradict each other,
     * nobody can tell.
     *
     * @param nowMillis the time by which the entry is not over
     */
    boolean mayBeOver(CacheEntry entry, long nowMillis) {
        long ahead = last.aheadMillis();
        if (ahead == 0) {
            return false;
        }
        Instant end = entry.end();
        return end != null && nowMillis + ahead >= end.toEpochMilli();
    }

    long nowMillis() {
        return nowMillis(nanos(), wallMillis());
    }

    /** Elapsed time. */
    long nanos() {
        return ticker.getAsLong();
    }

    /** This node's wall clock. */
    long wallMillis() {
        return clock.millis();
    }

    Instant now() {
        return Instant.ofEpochMilli(nowMillis());
    }
}
