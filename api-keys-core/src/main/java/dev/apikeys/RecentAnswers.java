package dev.apikeys;

import dev.apikeys.spi.OwnerDirectory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The answers that accepted requests get. Those of some thousands of busy keys are kept with their entries, so that their
 * requests allocate nothing. Any other answer is made for its request alone: most keys are idle, and an answer is larger
 * than what it is made of.
 *
 * <p>Thread-safe. Threads that keep answers at the same time may lose one of them. Then it is made again.
 */
final class RecentAnswers {
    /** The binary logarithm of the number of places. */
    private static final int PLACES_LOG = 13;

    /** Bits of the elapsed time that are zero for one use in 16. */
    private static final long SELDOM = 15;

    /** Bits of the elapsed time that are zero for one use in 1,024. */
    private static final long RARELY = 1_023;

    private final AtomicReferenceArray<@Nullable CacheEntry> holders = new AtomicReferenceArray<>(1 << PLACES_LOG);

    /** The heat of each holder when it was looked at last. Holders are all over the memory, and reaching one takes time. */
    private final AtomicIntegerArray heats = new AtomicIntegerArray(1 << PLACES_LOG);

    /** How many places no entry has had yet. Less than that, by some, if threads took the same place at the same time. */
    private final AtomicInteger free = new AtomicInteger(1 << PLACES_LOG);

    private final TokenFormat format;
    private final ScopeIntersections scopes;

    RecentAnswers(TokenFormat format, ScopePolicy scopePolicy) {
        this.format = format;
        this.scopes = new ScopeIntersections(scopePolicy);
    }

    /**
     * The answer of an entry, for an owner in this state. States are shared objects, so they are compared by reference.
     *
     * @param nanos elapsed time
     */
    @SuppressWarnings("ReferenceEquality")
    Verification.Accepted of(CacheEntry entry, OwnerDirectory.State state, long nanos) {
        KeptAnswer kept = entry.answer();
        if (kept != null && kept.state() == state) {
            return kept.answer();
        }
        Verification.Accepted answer = build(entry, state);
        if (kept != null || takesPlace(entry, nanos)) {
            entry.keep(new KeptAnswer(state, answer));
        }
        return answer;
    }

    /**
     * Tells whether the entry may keep an answer: in a place, drawn by the time, that no busier key holds. Rarely it may
     * anyway, so that the places of keys that were busy become free. Once there is a holder for each place, few uses look
     * for one, since looking costs about as much as an answer: places and their heats are soon in no cache of the
     * processor if there are many keys.
     */
    private boolean takesPlace(CacheEntry entry, long nanos) {
        if ((nanos & SELDOM) != 0 && free.get() <= 0) {
            return false;
        }
        int place = FibonacciHash.of(nanos, PLACES_LOG);
        CacheEntry holder = holders.getAcquire(place);
        if (holder != null) {
            if ((nanos & RARELY) != 0 && isBusy(place, holder, entry)) {
                return false;
            }
            holder.keep(null);
        } else {
            free.decrementAndGet();
        }
        holders.setRelease(place, entry);
        heats.setPlain(place, entry.heat());
        return true;
    }

    /** Whether the holder of a place is at least as busy as another entry. */
    private boolean isBusy(int place, CacheEntry holder, CacheEntry other) {
        if (Heat.isCooler(heats.getPlain(place), other.heat())) {
            heats.setPlain(place, holder.heat());
            return !holder.isDetached() && !Heat.isCooler(holder.heat(), other.heat());
        }
        return true;
    }

    private Verification.Accepted build(CacheEntry entry, OwnerDirectory.State state) {
        SharedEntryPart shared = entry.shared();
        return new Verification.Accepted(new KeyPrincipal(
                entry.keyId(),
                format.text(entry),
                shared.kind(),
                entry.owner().owner(),
                entry.name(),
                scopes.of(shared.grant(), state),
                shared.options().mcp(),
                entry.end(),
                Freshness.CONFIRMED));
    }
}
