package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ImportedTokens;
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
    private final SecretCheck secrets;
    private final OwnerStates owners;
    private final WriteBehind writeBehind;
    private final RejectionAudit failures;
    private final Counters counters;
    private final Map<Rejection, Verification> rejected = new EnumMap<>(Rejection.class);

    Verifier(
            KeyServiceBuilder settings,
            KeyCache cache,
            SecretCheck secrets,
            OwnerStates owners,
            WriteBehind writeBehind,
            RejectionAudit failures,
            Lease lease,
            Poller poller,
            Counters counters) {
        this.format = settings.format;
        this.scopes = new ScopeIntersections(settings.scopePolicy);
        this.lease = lease;
        this.poller = poller;
        this.cache = cache;
        this.secrets = secrets;
        this.owners = owners;
        this.writeBehind = writeBehind;
        this.failures = failures;
        this.counters = counters;
        for (Rejection reason : Rejection.values()) {
            rejected.put(reason, new Verification.Rejected(reason));
        }
    }

    Verification verify(@Nullable String presented, ClientRequest request, Consistency consistency) {
        int idEnd = presented == null ? -1 : format.idEnd(presented);
        if (presented == null || idEnd < 0) {
            return verifyForeign(presented, request, consistency);
        }
        long high = format.idHigh(presented, idEnd);
        long low = format.idLow(presented, idEnd);
        if (!format.isId(high, low)) {
            return verifyForeign(presented, request, consistency);
        }
        int secretStart = format.secretStart(presented);
        return decide(high, low, presented, secretStart, format.secretLength(), request, consistency);
    }

    /** For what isn't a token of the own form. */
    private Verification verifyForeign(@Nullable String presented, ClientRequest request, Consistency consistency) {
        ImportedTokens.Parts parts = presented == null ? null : format.importedParts(presented);
        if (parts == null) {
            return reject(isBlank(presented) ? Rejection.MISSING : Rejection.MALFORMED);
        }
        PublicId id = format.importedId(parts.lookup());
        String secret = parts.secret();
        return decide(id.high(), id.low(), secret, 0, secret.length(), request, consistency);
    }

    /** Of a text that is too long nothing is looked at. */
    private static boolean isBlank(@Nullable String presented) {
        return presented == null || (presented.length() <= TokenFormat.MAX_TOKEN_LENGTH && presented.isBlank());
    }

    private Verification decide(
            long high,
            long low,
            String text,
            int secretStart,
            int secretLength,
            ClientRequest request,
            Consistency consistency) {
        OwnerStates.Known asked = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FrontCacheEntry recent = cache.get(high, low);
            CacheEntry entry = recent.entry();
            boolean secretMatches = secrets.matches(entry, text, secretStart, secretLength);
            if (!entry.isKnown()) {
                return reject(Rejection.UNKNOWN);
            }
            if (!secretMatches) {
                return reject(entry, Rejection.SECRET_MISMATCH, request);
            }
            // What follows holds at this moment: whatever takes time leads back to here.
            long nanos = lease.nowNanos();
            long wallMillis = lease.wallMillis();
            boolean current = lease.isConfirmed(nanos, wallMillis) && !entry.isDetached();
            Lease.Trust trust = current ? Lease.Trust.CONFIRMED : lease.trust(entry, nanos, wallMillis);
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
            Rejection refusal = refusal(entry, request, nowMillis);
            if (refusal != null) {
                return refuse(entry, refusal, trust, request);
            }
            OwnerStates.Known owner = asked != null ? asked : owners.known(entry.owner(), nanos, wallMillis);
            boolean doubtful = owner != null && !(current && owner.isCurrent());
            if (owner == null || (doubtful && isOutdated(owner, trust, nanos, wallMillis))) {
                asked = owners.read(entry.owner(), owner);
                continue;
            }
            if (!owner.state().isActive()) {
                return reject(entry, Rejection.OWNER_INACTIVE, request);
            }
            if ((nanos & SAMPLE) == 0) {
                cache.noteUse(entry);
            }
            writeBehind.noteUse(entry, nowMillis, request.address());
            return accept(recent.accepted(owner.state(), scopes, format), trust);
        }
        throw new StoreUnavailableException("what is known of the key did not stay confirmed for long enough");
    }

    private Lease.Trust trustWithoutStore(CacheEntry entry, long nanos, long wallMillis, Consistency consistency) {
        Lease.Trust trust = lease.trust(entry, nanos, wallMillis);
        if (trust == Lease.Trust.NONE || (trust == Lease.Trust.WITHIN_GRACE && consistency == Consistency.STRICT)) {
            throw new StoreUnavailableException("the store can't confirm that the key is still good");
        }
        return trust;
    }

    private static @Nullable Rejection refusal(CacheEntry entry, ClientRequest request, long nowMillis) {
        Rejection refusal = entry.refusal(nowMillis);
        return refusal == null && !addressAllowed(entry.profile().allowedFrom(), request.address())
                ? Rejection.IP_NOT_ALLOWED
                : refusal;
    }

    private Verification refuse(CacheEntry entry, Rejection refusal, Lease.Trust trust, ClientRequest request) {
        boolean forGood = refusal == Rejection.REVOKED || refusal == Rejection.EXPIRED;
        if (trust != Lease.Trust.CONFIRMED && !forGood) {
            throw new StoreUnavailableException("the store can't confirm that the key is still refused");
        }
        return reject(entry, refusal, request);
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
        CacheEntry entry = peek(principal);
        counters.rejected(Rejection.RATE_LIMITED);
        if (entry != null) {
            failures.note(entry, Rejection.RATE_LIMITED, request);
        }
    }

    /** Counts that a call of an agent was denied, and audits it as long as the key is cached. */
    void noteMcpDenied(KeyPrincipal principal, ClientRequest request, String reason) {
        CacheEntry entry = peek(principal);
        counters.mcpDenials.increment();
        if (entry != null) {
            failures.noteMcpDenied(entry, reason, request);
        }
    }

    /** Has it noted that a session sees the present policy, where that isn't known yet; no more than once an entry. */
    void noteMcpSession(KeyPrincipal principal, ApiKeyStore store) {
        CacheEntry entry = peek(principal);
        long unseen = entry == null ? 0 : entry.unseenPolicy();
        if (entry != null && unseen > 0) {
            store.recordMcpSession(principal.keyId(), unseen);
            entry.notes().noteMcpSession();
        }
    }

    private @Nullable CacheEntry peek(KeyPrincipal principal) {
        PublicId id =
                PublicId.parse(principal.publicId(), 0, principal.publicId().length());
        return id == null ? null : cache.peek(id);
    }

    private static boolean addressAllowed(List<IpRange> allowedFrom, @Nullable String address) {
        if (allowedFrom.isEmpty()) {
            return true;
        }
        return address != null && allowedFrom.stream().anyMatch(range -> range.contains(address));
    }

    private Verification reject(CacheEntry entry, Rejection reason, ClientRequest request) {
        failures.note(entry, reason, request);
        return reject(reason);
    }

    private Verification reject(Rejection reason) {
        counters.rejected(reason);
        return Objects.requireNonNull(rejected.get(reason));
    }
}
