package dev.apikeys;

import dev.apikeys.Fingerprints.Fingerprint;
import dev.apikeys.SecretHasher.Match;
import dev.apikeys.spi.ApiKeyStore;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a presented token: length and alphabet, the entry of its public id, the secret, and only then the state
 * of key and owner, so that nobody learns a state without the secret.
 *
 * <p>Thread-safe.
 */
final class Verifier {
    private static final int ATTEMPTS = 5;
    /** The bits of elapsed time that are zero for about one use in 64, of which the cache is told. */
    private static final long SAMPLE = 63;

    private final TokenFormat format;
    private final ScopeIntersections scopes;
    private final Lease lease;
    private final Poller poller;
    private final KeyCache cache;
    private final SecretHasher hasher;
    private final Fingerprints fingerprints;
    private final OwnerStates owners;
    private final WriteBehind writeBehind;
    private final FailureAudit failures;
    private final Counters counters;
    private final Map<Rejection, Verification> rejected = new EnumMap<>(Rejection.class);

    Verifier(
            KeyServiceBuilder settings,
            KeyCache cache,
            SecretHasher hasher,
            Fingerprints fingerprints,
            OwnerStates owners,
            WriteBehind writeBehind,
            FailureAudit failures,
            Lease lease,
            Poller poller,
            Counters counters) {
        this.format = settings.format;
        this.scopes = new ScopeIntersections(settings.scopePolicy);
        this.lease = lease;
        this.poller = poller;
        this.cache = cache;
        this.hasher = hasher;
        this.fingerprints = fingerprints;
        this.owners = owners;
        this.writeBehind = writeBehind;
        this.failures = failures;
        this.counters = counters;
        for (Rejection reason : Rejection.values()) {
            rejected.put(reason, new Verification.Rejected(reason));
        }
    }

    Verification verify(@Nullable String presented, ClientRequest request, Consistency consistency) {
        if (presented == null || presented.length() > TokenFormat.MAX_TOKEN_LENGTH || presented.isBlank()) {
            return reject(
                    presented == null || presented.length() <= TokenFormat.MAX_TOKEN_LENGTH
                            ? Rejection.MISSING
                            : Rejection.MALFORMED);
        }
        int idEnd = format.idEnd(presented);
        if (idEnd < 0) {
            return reject(Rejection.MALFORMED);
        }
        return decide(idEnd, presented, request, consistency);
    }

    private Verification decide(int idEnd, String presented, ClientRequest request, Consistency consistency) {
        long high = format.idHigh(presented, idEnd);
        long low = format.idLow(presented, idEnd);
        OwnerStates.Known asked = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            CachedKey entry = cache.get(high, low);
            boolean secretMatches = matches(entry, presented);
            CachedKey.Known known = entry.known();
            if (known == null) {
                return reject(Rejection.UNKNOWN);
            }
            if (!secretMatches) {
                return reject(known, Rejection.SECRET_MISMATCH, request);
            }
            // What follows holds at this moment: whatever takes time leads back to here.
            long nanos = lease.nowNanos();
            long wallMillis = lease.wallMillis();
            Lease.Trust trust = lease.trust(entry, nanos, wallMillis);
            if (trust != Lease.Trust.CONFIRMED) {
                // A detached entry was changed or pushed out: look again. Else ask the store, then look again.
                if (entry.isDetached() || poller.confirmNow()) {
                    continue;
                }
                nanos = lease.nowNanos();
                wallMillis = lease.wallMillis();
                trust = trustWithoutStore(entry, nanos, wallMillis, consistency);
            }
            long nowMillis = lease.nowMillis(nanos, wallMillis);
            Rejection refusal = refusal(entry, known, request, nowMillis);
            if (refusal != null) {
                return refuse(known, refusal, trust, request);
            }
            OwnerStates.Known owner = asked != null ? asked : owners.known(known.owner(), nanos, wallMillis);
            if (owner == null || isOutdated(owner, trust, nanos, wallMillis)) {
                asked = owners.read(known.owner(), owner);
                continue;
            }
            if (!owner.state().isActive()) {
                return reject(known, Rejection.OWNER_INACTIVE, request);
            }
            if ((nanos & SAMPLE) == 0) {
                cache.noteUse(entry);
            }
            writeBehind.noteUse(known.usage(), nowMillis, request.address());
            return accept(entry.accepted(known, owner.state(), scopes), trust);
        }
        throw new StoreUnavailableException("what is known of the key did not stay confirmed for long enough");
    }

    private Lease.Trust trustWithoutStore(CachedKey entry, long nanos, long wallMillis, Consistency consistency) {
        Lease.Trust trust = lease.trust(entry, nanos, wallMillis);
        if (trust == Lease.Trust.NONE || (trust == Lease.Trust.WITHIN_GRACE && consistency == Consistency.STRICT)) {
            throw new StoreUnavailableException("the store can't confirm that the key is still good");
        }
        return trust;
    }

    private static @Nullable Rejection refusal(
            CachedKey entry, CachedKey.Known known, ClientRequest request, long nowMillis) {
        Rejection refusal = entry.refusal(known, nowMillis);
        return refusal == null && !addressAllowed(known.key().allowedFrom(), request.address())
                ? Rejection.IP_NOT_ALLOWED
                : refusal;
    }

    private Verification refuse(CachedKey.Known known, Rejection refusal, Lease.Trust trust, ClientRequest request) {
        boolean forGood = refusal == Rejection.REVOKED || refusal == Rejection.EXPIRED;
        if (trust != Lease.Trust.CONFIRMED && !forGood) {
            throw new StoreUnavailableException("the store can't confirm that the key is still refused");
        }
        return reject(known, refusal, request);
    }

    /** Tells whether the state was read before a change that every node may know by now. */
    private boolean isOutdated(OwnerStates.Known owner, Lease.Trust trust, long nanos, long wallMillis) {
        return trust == Lease.Trust.CONFIRMED && lease.trust(owner, nanos, wallMillis) != Lease.Trust.CONFIRMED;
    }

    private Verification accept(Verification.Accepted accepted, Lease.Trust trust) {
        if (trust == Lease.Trust.CONFIRMED) {
            return accepted;
        }
        counters.staleAccepts.increment();
        return new Verification.Accepted(accepted.principal().stale());
    }

    /** Counts that a verified key was turned away for its rate, and audits it as long as the key is cached. */
    void noteRateLimited(KeyPrincipal principal, ClientRequest request) {
        CachedKey entry = peek(principal);
        CachedKey.Known known = entry == null ? null : entry.known();
        counters.rejected(Rejection.RATE_LIMITED);
        if (known != null) {
            failures.note(known, Rejection.RATE_LIMITED, request);
        }
    }

    /** Counts that a call of an agent was denied, and audits it as long as the key is cached. */
    void noteMcpDenied(KeyPrincipal principal, ClientRequest request, String reason) {
        CachedKey entry = peek(principal);
        CachedKey.Known known = entry == null ? null : entry.known();
        counters.mcpDenials.increment();
        if (entry != null && known != null) {
            failures.noteMcpDenied(known.key(), entry.mcpDenials(), reason, request);
        }
    }

    /** Has it noted that a session sees the present policy, where that isn't known yet; no more than once an entry. */
    void noteMcpSession(KeyPrincipal principal, ApiKeyStore store) {
        CachedKey entry = peek(principal);
        CachedKey.Known known = entry == null ? null : entry.known();
        if (entry == null || known == null) {
            return;
        }
        long unseen = entry.unseenPolicy(known);
        if (unseen > 0) {
            store.recordMcpSession(principal.keyId(), unseen);
            entry.mcpSessionNoted();
        }
    }

    private @Nullable CachedKey peek(KeyPrincipal principal) {
        PublicId id =
                PublicId.parse(principal.publicId(), 0, principal.publicId().length());
        return id == null ? null : cache.peek(id);
    }

    private boolean matches(CachedKey entry, String presented) {
        int secretStart = format.secretStart(presented);
        Fingerprint fingerprint = entry.fingerprint();
        if (fingerprint != null) {
            return fingerprints.matches(fingerprint, presented, secretStart);
        }
        CachedKey.Known known = entry.known();
        return known != null && matchesStored(entry, known, presented, secretStart);
    }

    private boolean matchesStored(CachedKey entry, CachedKey.Known known, String presented, int secretStart) {
        String publicId = known.credential().publicId();
        String secret = presented.substring(secretStart, secretStart + format.secretLength());
        Match match = hasher.check(known.hash(), publicId, secret);
        if (match != Match.YES && match != Match.OUTDATED) {
            return false;
        }
        entry.remember(fingerprints.of(presented, secretStart));
        if (match == Match.OUTDATED) {
            counters.outdatedHashes.increment();
            writeBehind.noteRehash(new Rehash(publicId, known.hash(), hasher.hash(publicId, secret)));
        }
        return true;
    }

    private static boolean addressAllowed(List<IpRange> allowedFrom, @Nullable String address) {
        if (allowedFrom.isEmpty()) {
            return true;
        }
        return address != null && allowedFrom.stream().anyMatch(range -> range.contains(address));
    }

    private Verification reject(CachedKey.Known known, Rejection reason, ClientRequest request) {
        failures.note(known, reason, request);
        return reject(reason);
    }

    private Verification reject(Rejection reason) {
        counters.rejected(reason);
        return Objects.requireNonNull(rejected.get(reason));
    }
}
