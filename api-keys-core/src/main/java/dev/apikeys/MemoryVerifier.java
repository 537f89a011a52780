package dev.apikeys;

import dev.apikeys.spi.ImportedTokens;
import org.jspecify.annotations.Nullable;

/**
 * Decides as {@link Verifier} does, from memory alone: where a step would have to ask or to wait, there is no decision.
 *
 * <p>Thread-safe.
 */
final class MemoryVerifier {
    private final TokenFormat format;
    private final KeyCache cache;
    private final SecretCheck secrets;
    private final Lease lease;
    private final OwnerStates owners;
    private final Answers answers;

    MemoryVerifier(LocalState state, TokenFormat format, SecretCheck secrets, Answers answers) {
        this.format = format;
        this.cache = state.cache();
        this.secrets = secrets;
        this.lease = state.lease();
        this.owners = state.owners();
        this.answers = answers;
    }

    /** Decides; null when the store, the owner directory or a slow hash is needed for that. */
    @Nullable
    Verification verify(@Nullable String presented, ClientRequest request) {
        int idEnd = presented == null ? -1 : format.idEnd(presented);
        if (presented != null && idEnd >= 0) {
            long high = format.idHigh(presented, idEnd);
            long low = format.idLow(presented, idEnd);
            if (format.isId(high, low)) {
                return decide(cache.getIfPresent(high, low), presented, idEnd + 1, request);
            }
        }
        ImportedTokens.Parts parts = presented == null ? null : format.importedParts(presented);
        if (parts == null) {
            return answers.reject(format.rejectionOf(presented));
        }
        PublicId id = format.importedId(parts.lookup());
        return decide(cache.getIfPresent(id.high(), id.low()), parts.secret(), 0, request);
    }

    private @Nullable Verification decide(
            @Nullable FrontCacheEntry found, String text, int secretStart, ClientRequest request) {
        if (found == null || SecretCheck.isSlow(found.entry())) {
            return null;
        }
        CacheEntry entry = found.entry();
        boolean matches = secrets.matches(entry, text, secretStart, format.secretLength(text, secretStart));
        if (!entry.isKnown()) {
            // With the entry, so that this takes the time of a wrong secret.
            return answers.reject(entry, Rejection.UNKNOWN, request);
        }
        if (!matches) {
            cache.findLikeUnknown(entry);
            return answers.reject(entry, Rejection.SECRET_MISMATCH, request);
        }
        long nanos = lease.nanos();
        long wallMillis = lease.wallMillis();
        if (lease.freshness(entry, nanos, wallMillis) != Freshness.CONFIRMED) {
            return null;
        }
        long nowMillis = lease.nowMillis(nanos, wallMillis);
        Rejection rejection = Verifier.checkState(entry, request, nowMillis);
        if (rejection != null) {
            return answers.reject(entry, rejection, request);
        }
        if (lease.mayBeOver(entry, nowMillis)) {
            return null;
        }
        OwnerStates.Known owner = owners.known(entry.owner(), nanos, wallMillis);
        if (owner == null || lease.freshness(owner, nanos, wallMillis) != Freshness.CONFIRMED) {
            return null;
        }
        if (!owner.state().isActive()) {
            return answers.reject(entry, Rejection.OWNER_INACTIVE, request);
        }
        cache.noteUse(entry);
        answers.noteUse(entry, nowMillis, request.address());
        return answers.accept(found, owner.state(), Freshness.CONFIRMED);
    }
}
