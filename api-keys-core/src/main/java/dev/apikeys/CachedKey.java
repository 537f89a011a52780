package dev.apikeys;

import dev.apikeys.Fingerprints.Fingerprint;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a node remembers of one public id. Unknown ids have an entry too: it takes the same steps as a known one and
 * matches no secret.
 *
 * <p>Thread-safe. The two remembered values are written without a lock: whoever loses the race computes an equal value.
 */
final class CachedKey {
    private static final long NEVER = Long.MAX_VALUE;

    private final @Nullable PublicId id;
    private final @Nullable Known known;
    private @Nullable Fingerprint fingerprint;
    private @Nullable AcceptedFor accepted;
    private final long loadedNanos;
    private final long loadedWallMillis;
    private volatile boolean sawEnd;
    private volatile boolean detached;
    private volatile boolean mcpSessionNoted;
    private @Nullable FailureBudget mcpDenials;

    private CachedKey(
            @Nullable PublicId id, @Nullable Known known, @Nullable Fingerprint fingerprint, Lease.Moment loaded) {
        this.id = id;
        this.known = known;
        this.fingerprint = fingerprint;
        this.loadedNanos = loaded.nanos();
        this.loadedWallMillis = loaded.wallMillis();
    }

    /** What is fixed for the life of an entry: a change of the key makes another entry. */
    record Known(
            StoredCredential credential,
            OwnerStates.View owner,
            long endMillis,
            UsageCell usage,
            FailureBudget failures) {
        ApiKey key() {
            return credential.key();
        }

        SecretHash hash() {
            return credential.hash();
        }
    }

    /** The answer as long as the owner's state is this one; built once, because every request gets it. */
    private record AcceptedFor(OwnerDirectory.State state, Verification.Accepted answer) {}

    /**
     * An entry for what the store said.
     *
     * @param loaded taken before the store was asked
     */
    static CachedKey of(PublicId id, StoredCredential credential, OwnerStates.View owner, Lease.Moment loaded) {
        ApiKey key = credential.key();
        long end = Math.min(millis(key.expiresAt()), millis(credential.validUntil()));
        return new CachedKey(
                id, new Known(credential, owner, end, new UsageCell(key.id()), new FailureBudget()), null, loaded);
    }

    static CachedKey unknown(Fingerprint unmatchable) {
        return new CachedKey(null, null, unmatchable, new Lease.Moment(0, 0));
    }

    /** Null for unknown ids, which share an entry. */
    @Nullable
    PublicId id() {
        return id;
    }

    boolean hasId(long high, long low) {
        return id != null && id.high() == high && id.low() == low;
    }

    /** Null for an unknown id. */
    @Nullable
    Known known() {
        return known;
    }

    /** Null until a secret was checked against the stored hash. */
    @Nullable
    Fingerprint fingerprint() {
        return fingerprint;
    }

    void remember(Fingerprint ofRightSecret) {
        fingerprint = ofRightSecret;
    }

    /** Why the key's own state refuses it, or null when it doesn't. */
    @Nullable
    Rejection refusal(Known knownKey, long nowMillis) {
        ApiKey key = knownKey.key();
        if (key.revocation() != null) {
            return Rejection.REVOKED;
        }
        if (sawEnd || nowMillis >= knownKey.endMillis()) {
            // Once seen to be over it stays over, also when the clock is set back.
            sawEnd = true;
            return Rejection.EXPIRED;
        }
        return key.pausedAt() != null ? Rejection.PAUSED : null;
    }

    /** Which version of the policy an MCP session that opens now is the first to see; 0 when it isn't, or was noted. */
    long unseenPolicy(Known knownKey) {
        McpSessions sessions = knownKey.key().mcpSessions();
        return mcpSessionNoted || !sessions.isUnseen() ? 0 : sessions.policyVersion();
    }

    void mcpSessionNoted() {
        mcpSessionNoted = true;
    }

    /** Apart from the budget for refused tokens, so that a busy agent hides no attack. Made for keys that need it. */
    synchronized FailureBudget mcpDenials() {
        FailureBudget budget = mcpDenials;
        if (budget == null) {
            budget = new FailureBudget();
            mcpDenials = budget;
        }
        return budget;
    }

    long loadedNanos() {
        return loadedNanos;
    }

    long loadedWallMillis() {
        return loadedWallMillis;
    }

    /** To be called when the cache no longer holds the entry: it isn't told of changes from now on. */
    void detach() {
        detached = true;
    }

    boolean isDetached() {
        return detached;
    }

    Verification.Accepted accepted(Known knownKey, OwnerDirectory.State state, ScopeIntersections scopes) {
        AcceptedFor cached = accepted;
        if (cached != null && cached.state.equals(state)) {
            return cached.answer;
        }
        ApiKey key = knownKey.key();
        Verification.Accepted answer = new Verification.Accepted(new KeyPrincipal(
                key.id(),
                knownKey.credential().publicId(),
                key.kind(),
                key.owner(),
                key.name(),
                scopes.of(key.grant(), state.scopes()),
                key.traits().mcp(),
                knownKey.endMillis() == NEVER ? null : Instant.ofEpochMilli(knownKey.endMillis()),
                Freshness.CONFIRMED));
        accepted = new AcceptedFor(state, answer);
        return answer;
    }

    private static long millis(@Nullable Instant instant) {
        return instant == null ? NEVER : instant.toEpochMilli();
    }
}
