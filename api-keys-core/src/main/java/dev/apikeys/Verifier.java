package dev.apikeys;

import dev.apikeys.spi.ImportedTokens;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a presented token, in a chain of steps: parse, find the entry, check the secret, check the state, check
 * the owner, answer. The secret comes before the state, so that only a caller with the right secret can learn the
 * state.
 *
 * <p>Thread-safe.
 */
final class Verifier {
    private static final int MAX_ATTEMPTS = 5;
    /** Bits of the elapsed time. They are zero for about one use in 64, and these uses are reported to the cache. */
    private static final long SAMPLE = 63;

    private final ImportedIds imported;
    private final KeyCache cache;
    private final SecretCheck secrets;
    private final Lease lease;
    private final Poller poller;
    private final OwnerStates owners;
    private final Answers answers;
    private final SampledTimer timer = new SampledTimer();

    Verifier(LocalState state, SecretCheck secrets, Poller poller, Answers answers) {
        this.imported = state.imported();
        this.cache = state.cache();
        this.secrets = secrets;
        this.lease = state.lease();
        this.poller = poller;
        this.owners = state.owners();
        this.answers = answers;
    }

    /**
     * Decides.
     *
     * @param required the worst freshness on which the request may be accepted
     */
    Verification verify(@Nullable String presented, ClientRequest request, Freshness required) {
        LongConsumer timed = timer.due();
        return timed == null
                ? verifyUntimed(presented, request, required)
                : verifyTimed(timed, presented, request, required);
    }

    private Verification verifyTimed(
            LongConsumer timed, @Nullable String presented, ClientRequest request, Freshness required) {
        long begin = lease.nanos();
        try {
            return verifyUntimed(presented, request, required);
        } finally {
            timed.accept(lease.nanos() - begin);
        }
    }

    int slowHashesWaiting() {
        return secrets.slowWaiting();
    }

    /** From now on about one verification in 64 is timed. */
    void time(LongConsumer nanos) {
        timer.tell(nanos);
    }

    private Verification verifyUntimed(@Nullable String presented, ClientRequest request, Freshness required) {
        TokenFormat format = imported.format();
        int idEnd = presented == null ? -1 : format.idEnd(presented);
        if (presented == null || idEnd < 0) {
            return verifyImported(presented, request, required);
        }
        long high = format.idHigh(presented, idEnd);
        long low = format.idLow(presented, idEnd);
        return format.isId(high, low)
                ? decide(cache.get(high, low), presented, idEnd + 1, request, required)
                : verifyImported(presented, request, required);
    }

    /** For text that isn't a token of this format: a token of another system, or none. */
    private Verification verifyImported(@Nullable String presented, ClientRequest request, Freshness required) {
        ImportedIds.Known known = presented == null ? null : imported.find(presented);
        if (presented != null && known != null) {
            return decide(cache.get(known.high(), known.low()), known.secret(presented), 0, request, required);
        }
        ImportedTokens.Parts parts =
                presented == null ? null : imported.format().importedParts(presented);
        if (presented == null || parts == null) {
            return answers.reject(imported.format().rejectionOf(presented));
        }
        PublicId id = imported.format().importedId(parts.lookup());
        Verification decided = decide(cache.get(id.high(), id.low()), parts.secret(), 0, request, required);
        if (decided instanceof Verification.Accepted) {
            imported.remember(presented, parts, id);
        }
        return decided;
    }

    /**
     * The steps behind parsing. A step that takes time, such as a question to the store, leads back to the first one,
     * so that a decision holds at one moment. A detached entry was changed or evicted, so it is found again without a
     * question. Secret and moment are separate parameters and not objects, because
     * objects would be allocated for each request (decision 028).
     */
    private Verification decide(
            FrontCacheEntry first, String text, int secretStart, ClientRequest request, Freshness required) {
        FrontCacheEntry found = first;
        OwnerStates.Known asked = null;
        boolean storeIsAway = false;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            CacheEntry entry = found.entry();
            Rejection rejection = checkSecret(entry, text, secretStart);
            if (rejection != null) {
                return answers.reject(entry, rejection, request);
            }
            long nanos = lease.nanos();
            long wallMillis = lease.wallMillis();
            Freshness freshness = lease.freshness(entry, nanos, wallMillis);
            if (freshness != Freshness.CONFIRMED && (entry.isDetached() || !storeIsAway)) {
                storeIsAway = !entry.isDetached() && !poller.confirmNow();
                found = cache.get(entry.high(), entry.low());
                continue;
            }
            requireFreshness(freshness, required);
            long nowMillis = lease.nowMillis(nanos, wallMillis);
            rejection = checkState(entry, request, nowMillis);
            if (rejection != null) {
                return rejectState(entry, rejection, freshness, request);
            }
            requireKnownTime(entry, nowMillis);
            OwnerStates.Known owner = asked != null ? asked : owners.known(entry.owner(), nanos, wallMillis);
            if (owner == null || isOutdated(owner, freshness, nanos, wallMillis)) {
                asked = owners.read(entry.owner(), owner);
                found = cache.get(entry.high(), entry.low());
                continue;
            }
            if (!owner.state().isActive()) {
                return answers.reject(entry, Rejection.OWNER_INACTIVE, request);
            }
            noteUse(entry, nanos, nowMillis, request.address());
            return answers.accept(found, owner.state(), freshness);
        }
        throw new StoreUnavailableException("what is known of the key did not stay confirmed for long enough");
    }

    /** Unknown ids take the same steps as wrong secrets, so that the time does not tell which ids exist. */
    private @Nullable Rejection checkSecret(CacheEntry entry, String text, int secretStart) {
        int length = imported.format().secretLength(text, secretStart);
        boolean matches = secrets.matches(entry, text, secretStart, length);
        if (!entry.isKnown()) {
            return Rejection.UNKNOWN;
        }
        if (matches) {
            return null;
        }
        cache.findLikeUnknown(entry);
        return Rejection.SECRET_MISMATCH;
    }

    private static void requireFreshness(Freshness freshness, Freshness required) {
        if (freshness.compareTo(required) > 0) {
            throw new StoreUnavailableException("the store can't confirm that the key is still good");
        }
    }

    static @Nullable Rejection checkState(CacheEntry entry, ClientRequest request, long nowMillis) {
        Rejection rejection = entry.checkState(nowMillis);
        return rejection == null && !entry.shared().allowsAddress(request.address())
                ? Rejection.IP_NOT_ALLOWED
                : rejection;
    }

    /** A store's clock that jumped leaves open whether the key is over. */
    private void requireKnownTime(CacheEntry entry, long nowMillis) {
        if (lease.mayBeOver(entry, nowMillis)) {
            throw new StoreUnavailableException("the store's clock has jumped: whether the key is over can't be told");
        }
    }

    private Verification rejectState(
            CacheEntry entry, Rejection rejection, Freshness freshness, ClientRequest request) {
        boolean isFinal = rejection == Rejection.REVOKED || rejection == Rejection.EXPIRED;
        if (freshness != Freshness.CONFIRMED && !isFinal) {
            throw new StoreUnavailableException("the store can't confirm that the key is still rejected");
        }
        return answers.reject(entry, rejection, request);
    }

    /** Tells whether the owner's state was read before a change that every node may know by now. */
    private boolean isOutdated(OwnerStates.Known owner, Freshness freshness, long nanos, long wallMillis) {
        return freshness == Freshness.CONFIRMED && lease.freshness(owner, nanos, wallMillis) != Freshness.CONFIRMED;
    }

    private void noteUse(CacheEntry entry, long nanos, long nowMillis, @Nullable String address) {
        if ((nanos & SAMPLE) == 0) {
            cache.noteUse(entry);
        }
        answers.noteUse(entry, nowMillis, address);
    }
}
