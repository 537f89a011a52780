package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.MaintenanceReport;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one entry: issues, verifies, finds, changes and revokes API keys.
 *
 * <p>Verification never throws for what a client sends; a refusal is a value. Every change is one transaction of the
 * store, audited in that transaction. Close the service to write out what is noted in memory (usage, refused tokens) and
 * to stop its threads; the store and its connection pool stay open, they are the host's.
 *
 * <p>Thread-safe; one instance serves a whole application.
 */
public final class KeyService implements AutoCloseable {
    private final ApiKeyStore store;
    private final Settings settings;
    private final LocalState state;
    private final Verifier verifier;
    private final KeyOperations operations;
    private final Upkeep upkeep;
    private final Counters counters;

    KeyService(
            ApiKeyStore store,
            Settings settings,
            LocalState state,
            Verifier verifier,
            KeyOperations operations,
            Upkeep upkeep,
            Counters counters) {
        this.store = store;
        this.settings = settings;
        this.state = state;
        this.verifier = verifier;
        this.operations = operations;
        this.upkeep = upkeep;
        this.counters = counters;
    }

    /** What callers can ask about. */
    record Settings(TokenFormat format, KeyPolicy policy, LeasePolicy lease) {}

    /** What is done with keys besides verifying them. */
    record KeyOperations(KeyIssuer issuer, KeyChanges changes, Grantability grants, LaterReports reports) {}

    /**
     * Starts a service on this store; everything else has a default.
     *
     * @param store where the keys live
     */
    public static KeyServiceBuilder builder(ApiKeyStore store) {
        return new KeyServiceBuilder(store);
    }

    /**
     * Issues a key. The token in the answer is shown this once.
     *
     * @throws IllegalArgumentException when the spec lacks a name or a grant, or its lifetime breaks the policy
     * @throws KeyLimitExceededException when the owner has as many active keys as the policy allows
     * @throws OwnerInactiveException when the owner is suspended or unknown
     * @throws ScopeNotGrantableException when named scopes go beyond what the owner may do
     * @throws OwnerDirectoryUnavailableException when the host's directory failed; nothing was written
     * @throws StoreUnavailableException when the store failed; where its {@linkplain
     *     StoreUnavailableException#isOutcomeUnknown() outcome is unknown} the key may exist, unused, and can be revoked
     */
    public IssuedKey issue(KeySpec spec) {
        return operations.issuer().issue(spec);
    }

    /**
     * Takes over a key that another system has issued: its token goes on working, if the service's {@link TokenFormat}
     * was told of {@linkplain TokenFormat.Builder#alsoAccept(dev.apikeys.spi.ImportedTokens) such tokens}. The password
     * hash stays what it is, so the first verification on each node costs what the hash costs, and the same again after
     * the key was changed or pushed out of the cache; all others are as fast as usual. Rotate the key for a token of this
     * service.
     *
     * @throws DuplicateKeyException when there is a key with this lookup, in whatever state
     * @throws IllegalArgumentException as {@link #issue}, and when the hash can't be read or is known to cut its input
     */
    public ApiKey importKey(KeySpec spec, ImportedToken token) {
        return operations.issuer().importKey(spec, token);
    }

    /** As {@link #verify(String, ClientRequest)}, for a token that came from inside the host. */
    public Verification verify(@Nullable String presented) {
        return verifier.verify(presented, ClientRequest.NONE, settings.lease().weakest());
    }

    /**
     * Verifies a token and notes where it was used from. A cached key costs one SHA-256, no I/O and no write.
     *
     * @param presented what was presented, without a scheme such as {@code Bearer}; null or blank when nothing was
     * @param request where it came from; its address is held against the key's allowed addresses
     * @throws StoreUnavailableException when the key is not cached and the store cannot be asked
     * @throws OwnerDirectoryUnavailableException when the owner's state is not cached and the directory failed
     */
    public Verification verify(@Nullable String presented, ClientRequest request) {
        return verifier.verify(
                presented,
                Objects.requireNonNull(request, "request"),
                settings.lease().weakest());
    }

    /**
     * Verifies a token as strictly as this request needs: a request that changes something that matters should require
     * {@link Freshness#CONFIRMED}, whatever the service's own policy. The other way round nothing is gained: a service
     * whose policy is strict grants no request a grace.
     *
     * <p>A cached key that is confirmed never waits. Otherwise each step has its bound: two seconds for a place among the
     * loads or for somebody else's load, twice two for an imported key to be hashed, three poll time-outs for the store
     * to confirm, and what store and directory themselves take.
     *
     * @param presented what was presented, without a scheme such as {@code Bearer}; null or blank when nothing was
     * @param request where it came from
     * @param required the worst freshness on which the request may be accepted: {@link Freshness#CONFIRMED} or
     *     {@link Freshness#WITHIN_GRACE}
     * @throws IllegalArgumentException when {@link Freshness#LAPSED} is required
     * @throws StoreUnavailableException when the store is needed and cannot be asked
     * @throws OwnerDirectoryUnavailableException when the owner's state is not cached and the directory failed
     */
    public Verification verify(@Nullable String presented, ClientRequest request, Freshness required) {
        if (Objects.requireNonNull(required, "required") == Freshness.LAPSED) {
            throw new IllegalArgumentException("lapsed state accepts no request: require CONFIRMED or WITHIN_GRACE");
        }
        return verifier.verify(presented, Objects.requireNonNull(request, "request"), required);
    }

    /**
     * Verifies a token if memory alone can tell, for event loops: waits for nothing and nobody. Hand what it can't tell to
     * {@link #verify(String, ClientRequest)} on a thread that may wait.
     *
     * @return what {@code verify} would give now, or null when that would have to ask somebody
     */
    public @Nullable Verification verifyIfKnown(@Nullable String presented, ClientRequest request) {
        return verifier.verifyIfKnown(presented, request);
    }

    /**
     * The key with this id; empty when there is none.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public Optional<ApiKey> find(UUID id) {
        return store.find(Objects.requireNonNull(id, "id"), KeyFilter.everything());
    }

    /** As {@link #find(UUID)}, for the key that the reference names, if the caller may see it. */
    public Optional<ApiKey> find(KeyRef ref) {
        return store.find(Objects.requireNonNull(ref, "ref").id(), ref.within());
    }

    /**
     * A part of the keys that the filter lets be seen, newest first; revoked and expired ones included.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public Page<ApiKey> list(KeyFilter filter, PageRequest page) {
        return store.list(Objects.requireNonNull(filter, "filter"), Objects.requireNonNull(page, "page"));
    }

    /**
     * The newest keys that the filter lets be seen, at most {@value PageRequest#MAX_LIMIT}, and how many there are. If
     * there are more, those that have not ended come first, the newest first, and then the newest of the others: so many
     * ended keys never hide one that works.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public Page<ApiKey> listNewest(KeyFilter filter) {
        Objects.requireNonNull(filter, "filter");
        PageRequest most = PageRequest.first(PageRequest.MAX_LIMIT);
        Page<ApiKey> newest = store.list(filter, most);
        if (newest.total() <= newest.items().size()) {
            return newest;
        }
        Set<ApiKey> live =
                new LinkedHashSet<>(store.list(filter.liveAt(now()), most).items());
        live.addAll(newest.items());
        return new Page<>(live.stream().limit(PageRequest.MAX_LIMIT).toList(), newest.total());
    }

    /**
     * All keys that the filter lets be seen, newest first; for the keys of one owner, who has few.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public List<ApiKey> listAll(KeyFilter filter) {
        return KeyPages.readAll(store, Objects.requireNonNull(filter, "filter"));
    }

    /**
     * A part of the audit trail, newest first. Refused tokens appear after at most one usage interval.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public Page<AuditEntry> audit(AuditFilter filter, PageRequest page) {
        return store.audit(Objects.requireNonNull(filter, "filter"), Objects.requireNonNull(page, "page"));
    }

    /**
     * Changes name, grant or addresses.
     *
     * @return the key as it is now
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked or expired
     * @throws OwnerInactiveException when the grant changes and the owner is suspended
     * @throws ScopeNotGrantableException when the new scopes go beyond what the owner may do now
     * @throws ConcurrentChangeException when others kept changing the key at the same time
     * @throws OwnerDirectoryUnavailableException when the grant changes and the host's directory failed
     * @throws StoreUnavailableException when the store failed
     */
    public ApiKey update(KeyRef ref, KeyUpdate update, Actor actor) {
        return operations.changes().update(ref, update, actor);
    }

    /**
     * Gives the key a new token under the same key id. The token before it works until the policy's grace ends, tokens
     * before that one end at once. Of two rotations at the same time one succeeds.
     *
     * @return the key and its new token, shown this once
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked or expired
     * @throws OwnerInactiveException when the owner is suspended
     * @throws ConcurrentChangeException when somebody else changed the key at the same time
     * @throws StoreUnavailableException when the store failed
     */
    public IssuedKey rotate(KeyRef ref, Actor actor) {
        return operations.changes().rotate(ref, settings.policy().rotationGrace(), actor);
    }

    /**
     * As {@link #rotate(KeyRef, Actor)}, with a grace of its own.
     *
     * @param grace how long the old token works, 0 to 7 days
     * @throws IllegalArgumentException when the grace is out of range
     */
    public IssuedKey rotate(KeyRef ref, Duration grace, Actor actor) {
        return operations.changes().rotate(ref, KeyPolicy.checkedGrace(grace), actor);
    }

    /**
     * Revokes the key for good. On this node no verification that begins after the return accepts it; the receipt tells
     * from when on that holds elsewhere.
     *
     * @param reason in the actor's words; cut to 255 characters; may be empty
     * @return the key as it is now, and from when on it is refused everywhere
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked already
     * @throws ConcurrentChangeException when others kept changing the key at the same time
     * @throws StoreUnavailableException when the store failed; only where its {@linkplain
     *     StoreUnavailableException#isOutcomeUnknown() outcome is unknown} the key may be revoked
     */
    public RevocationReceipt revoke(KeyRef ref, Actor actor, String reason) {
        return receipt(operations.changes().revoke(ref, actor, reason));
    }

    private RevocationReceipt receipt(ApiKey revoked) {
        Instant now = state.lease().now();
        LeasePolicy lease = settings.lease();
        return new RevocationReceipt(revoked, now.plus(lease.trust()), now.plus(lease.bound()));
    }

    /**
     * Revokes the key for good and returns when no node can accept it any more, one that is cut off from the store
     * included: after Y under {@link LeasePolicy#strict()}, after Y + G under {@link LeasePolicy#balanced}. A key that is
     * revoked already stays as it is, and the call waits all the same: so it can be repeated.
     *
     * @param reason in the actor's words; cut to 255 characters; may be empty
     * @return the key as it is now, refused everywhere
     * @throws InterruptedException when interrupted while waiting; the key is revoked all the same
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws StoreUnavailableException when the store failed; only where its {@linkplain
     *     StoreUnavailableException#isOutcomeUnknown() outcome is unknown} the key may be revoked
     */
    public RevocationReceipt revokeAndWait(KeyRef ref, Actor actor, String reason) throws InterruptedException {
        RevocationReceipt receipt = receipt(operations.changes().revokeUnlessRevoked(ref, actor, reason));
        long bound = settings.lease().bound().toNanos(); // NTP may stretch or shorten a second by 0.05 %
        TimeUnit.NANOSECONDS.sleep(bound + bound / 1_000);
        return receipt;
    }

    /**
     * Switches the key off until {@link #resume}; does nothing when it is paused.
     *
     * @return the key as it is now
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked or expired
     * @throws ConcurrentChangeException when others kept changing the key at the same time
     * @throws StoreUnavailableException when the store failed
     */
    public ApiKey pause(KeyRef ref, Actor actor) {
        return operations.changes().pause(ref, actor);
    }

    /**
     * Switches a paused key on again; does nothing when it is not paused.
     *
     * @return the key as it is now
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked or expired
     * @throws ConcurrentChangeException when others kept changing the key at the same time
     * @throws StoreUnavailableException when the store failed
     */
    public ApiKey resume(KeyRef ref, Actor actor) {
        return operations.changes().resume(ref, actor);
    }

    /**
     * To be called when an owner was suspended, came back, or may do more or less than before. On this node no
     * verification that begins after the return uses what was known of the owner earlier.
     *
     * @param selector whose; an absent part stands for every value, so {@code Owner.user("alice")} means alice in every
     *     organization
     * @throws StoreUnavailableException when the store failed; this node has taken note all the same
     */
    public void ownerChanged(Owner selector) {
        state.owners().forget(Objects.requireNonNull(selector, "selector"));
        store.ownerChanged(selector);
    }

    /**
     * Which of the scopes no key of the owner could be given now: because the owner may not do it, or because no key may.
     *
     * @throws OwnerDirectoryUnavailableException when the host's directory can't tell
     */
    public Scopes notGrantable(Owner owner, Scopes wanted) {
        return operations.grants().notGrantable(owner, wanted);
    }

    /** The scopes that a grant asks for, before the owner's own narrow them. */
    public Scopes scopesOf(Grant grant) {
        return operations.grants().scopesOf(grant);
    }

    /** The time by which this service decides: the store's, as far as it is known, else that of the service's clock. */
    public Instant now() {
        return state.lease().now();
    }

    /**
     * To be called when a request was refused because its key, though accepted, is over a rate limit that the host or the
     * filter keeps: counts it as {@link Rejection#RATE_LIMITED} and audits it, a few times a minute and key.
     */
    public void rateLimited(KeyPrincipal principal, ClientRequest request) {
        operations.reports().rateLimited(principal, request);
    }

    /**
     * To be called when a call of an agent was denied: counts it, and audits it as {@link AuditEvent#MCP_DENIED}, a few
     * times a minute and key.
     *
     * @param reason which call and why, for people; cut to 255 characters
     */
    public void mcpDenied(KeyPrincipal principal, ClientRequest request, String reason) {
        operations.reports().mcpDenied(principal, request, reason);
    }

    /**
     * To be called when an agent opens a session, or sends a request of a revision of the protocol without sessions: from
     * now on it knows the key's present policy, so {@link ApiKey#mcpReconnectRequired()} is false until the next change.
     * Costs a write the first time and after a change of the policy, else nothing.
     *
     * @throws StoreUnavailableException when the store failed; the next call tries again
     */
    public void mcpSessionOpened(KeyPrincipal principal) {
        operations.reports().mcpSessionOpened(principal);
    }

    /** How tokens look. */
    public TokenFormat tokenFormat() {
        return settings.format();
    }

    /** How long keys live and how many an owner may have. */
    public KeyPolicy policy() {
        return settings.policy();
    }

    /**
     * Has about one verification in 64 timed, for metrics; what was given before is replaced.
     *
     * @param nanos takes each duration on the thread that verified; returns at once and throws nothing
     */
    public void timeVerifications(LongConsumer nanos) {
        verifier.time(Objects.requireNonNull(nanos, "nanos"));
    }

    /** What was counted since the service was built. */
    public KeyServiceStats stats() {
        return counters.read(state.cache(), health(), verifier.slowHashesWaiting());
    }

    /** How the service stands with its store; asks nobody. */
    public KeyServiceHealth health() {
        return upkeep.health();
    }

    /**
     * Writes out what is noted in memory now instead of at the end of the interval.
     *
     * @throws StoreUnavailableException when the store failed; what was noted is kept for the next time
     */
    public void flush() {
        upkeep.flush();
    }

    /**
     * Removes keys that ended longer ago than the retention, and what the nodes no longer need to know of changes. Runs
     * by itself every hour; of several nodes one does it.
     *
     * @return what was removed by this call; nothing when another node is at it
     * @throws StoreUnavailableException when the store failed; what was removed until then stays removed
     */
    public MaintenanceReport maintain() {
        return upkeep.maintain();
    }

    /**
     * Writes out what is noted in memory and stops the threads. Waits for a store that hangs three poll time-outs and
     * five seconds at the most; then the threads end when it lets them go, and what was noted is lost. Idempotent.
     */
    @Override
    public void close() {
        upkeep.stop();
    }
}
