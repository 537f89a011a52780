package dev.apikeys;

import dev.apikeys.spi.OwnerDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The steps behind parsing from memory alone, which is all that most requests need: check the secret, check the state,
 * check the owner, answer. Where a step would have to ask or to wait, there is no decision.
 *
 * <p>Thread-safe.
 */
final class MemoryDecision {
    private final KeyCache cache;
    private final SecretCheck secrets;
    private final Lease lease;
    private final OwnerStates owners;
    private final Answers answers;

    MemoryDecision(LocalState state, SecretCheck secrets, Answers answers) {
        this.cache = state.cache();
        this.secrets = secrets;
        this.lease = state.lease();
        this.owners = state.owners();
        this.answers = answers;
    }

    /** Decides; null when the store, the owner directory or a slow hash is needed for that. */
    @Nullable
    Verification of(long idHigh, long idLow, PresentedToken token, ClientRequest request) {
        CacheEntry entry = cache.getIfPresent(idHigh, idLow);
        if (entry == null || SecretCheck.isSlow(entry)) {
            return null;
        }
        Rejection rejection = checkSecret(entry, token);
        if (rejection != null) {
            return answers.reject(entry, rejection, request);
        }
        // After the hash, so that the decision holds at this moment. Two numbers and no object, which would be
        // allocated
        // for each request (decision 028).
        long nanos = lease.nanos();
        long wallMillis = lease.wallMillis();
        if (lease.freshness(entry, nanos, wallMillis) != Freshness.CONFIRMED) {
            return null;
        }
        long nowMillis = lease.nowMillis(nanos, wallMillis);
        rejection = checkState(entry, request, nowMillis);
        if (rejection != null) {
            return answers.reject(entry, rejection, request);
        }
        long mostNanos = lease.confirmedAge(nanos, wallMillis);
        OwnerDirectory.State owner = owners.state(entry.owner(), mostNanos, nanos, wallMillis);
        if (owner == null || lease.mayBeOver(entry, nowMillis)) {
            return null;
        }
        if (!owner.isActive()) {
            return answers.reject(entry, Rejection.OWNER_INACTIVE, request);
        }
        cache.noteUse(entry, nanos);
        answers.noteUse(entry, nowMillis, request.address());
        return answers.accept(entry, owner, Freshness.CONFIRMED, nanos);
    }

    /** Unknown ids take the same steps as wrong secrets, so that the time does not tell which ids exist. */
    @Nullable
    Rejection checkSecret(CacheEntry entry, PresentedToken token) {
        boolean matches = secrets.matches(entry, token);
        if (!entry.isKnown()) {
            return Rejection.UNKNOWN;
        }
        if (matches) {
            return null;
        }
        cache.findLikeUnknown(entry);
        return Rejection.SECRET_MISMATCH;
    }

    /** The reason why the key's own state rejects it, or null if it doesn't. */
    static @Nullable Rejection checkState(CacheEntry entry, ClientRequest request, long nowMillis) {
        Rejection rejection = entry.checkState(nowMillis);
        return rejection == null && !entry.shared().allowsAddress(request.address())
                ? Rejection.IP_NOT_ALLOWED
                : rejection;
    }
}
