package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.MaintenanceReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The entry point of the library: issues, verifies, finds, changes and revokes API keys.
 *
 * <p>Verification never throws for input of a client: a rejection is a value. Each change is one transaction of the
 * store, which also writes the audit entry. Every call that needs the store throws {@link StoreUnavailableException} if it
 * failed. Close the service to write noted uses and rejections, and to stop its threads. The store and its connection pool
 * stay open, because the host owns them.
 *
 * <p>Thread-safe; one instance serves a whole application.
 */
public final class KeyService implements AutoCloseable {
    private final ServiceParts parts;
    private final Verifier verifier;
    private final KeyOperations operations;
    private final Freshness weakest;

    KeyService(ServiceParts parts) {
        this.parts = parts;
        this.verifier = parts.verifier();
        this.operations = parts.operations();
        this.weakest = parts.settings().lease().weakest();
    }

    /** Starts a service on this store, where the keys live; everything else has a default. */
    public static KeyServiceBuilder builder(ApiKeyStore store) {
        return new KeyServiceBuilder(store);
    }

    /**
     * Issues a key. Only this answer contains the token.
     *
     * @throws IllegalArgumentException when the spec lacks a name or a grant, or its lifetime breaks the policy
     * @throws KeyLimitExceededException when the owner has as many active keys as the policy allows
     * @throws NameTakenException when an active key of the owner has the name, and the policy wants unique ones
     * @throws OwnerInactiveException when the owner is suspended or unknown
     * @throws ScopeNotGrantableException when named scopes go beyond what the owner may do
     * @throws OwnerDirectoryUnavailableException when the host's directory failed; nothing was written
     * @throws StoreUnavailableException when the store failed; where its
     *     {@linkplain StoreUnavailableException#isOutcomeUnknown() outcome is unknown} the key may exist, unused, and
     *     can be revoked
     */
    public IssuedKey issue(KeySpec spec) {
        return operations.issuer().issue(spec);
    }

    /**
     * Imports a key of another system. Its token keeps working if the service's {@link TokenFormat} accepts
     * {@linkplain TokenFormat.Builder#alsoAccept(dev.apikeys.spi.ImportedTokens) such tokens}. For many keys, and for
     * keys with a history, see {@link #transfer}. It also throws what {@link #issue} throws.
     *
     * @throws DuplicateKeyException if a key with this look-up value exists, in any state
     * @throws IllegalArgumentException as {@link #issue}, and when the hash can't be read or is known to cut its input
     */
    public ApiKey importKey(KeySpec spec, ImportedToken token) {
        return operations.issuer().importKey(spec, token);
    }

    /** Moves many keys: from another system, or from one database to another. */
    public KeyTransfer transfer() {
        return operations.transfer();
    }

    /** Like {@link #verify(String, ClientRequest)}, for a token from inside the host. */
    public Verification verify(@Nullable String presented) {
        return verifier.verify(presented, ClientRequest.NONE, weakest);
    }

    /**
     * Verifies a token and notes where it was used from. A cached key costs one SHA-256, no I/O and no write.
     *
     * @param presented the presented token, without a scheme such as {@code Bearer}; null or blank if there is none
     * @param request where the token came from; its address is compared with the key's allowed addresses
     * @throws StoreUnavailableException when the store would have to be asked and can't be: for a key that isn't cached,
     *     and for every key once the lease with its grace is over
     * @throws OwnerDirectoryUnavailableException when the owner's state is not cached and the directory failed
     */
    public Verification verify(@Nullable String presented, ClientRequest request) {
        return verifier.verify(presented, Objects.requireNonNull(request, "request"), weakest);
    }

    /**
     * Verifies a token as strictly as this request needs. For important changes require {@link Freshness#CONFIRMED},
     * with every policy of the service. A request can't be less strict than the policy: a strict service gives no
     * request a grace.
     *
     * <p>A cached key that is confirmed never waits. Otherwise each step has a limit: two seconds for a place among the
     * loads or another request's load, twice two seconds for the hash of an imported key, three poll time-outs for the
     * store to confirm, plus the time of the store and the directory.
     *
     * @param presented the presented token, without a scheme such as {@code Bearer}; null or blank if there is none
     * @param request where it came from
     * @param required the worst freshness on which the request may be accepted: {@link Freshness#CONFIRMED} or
     *     {@link Freshness#WITHIN_GRACE}
     * @throws IllegalArgumentException when {@link Freshness#LAPSED} is required
     * @throws StoreUnavailableException if the store is needed and can't be asked
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
        return verifier.verifyIfKnown(presented, Objects.requireNonNull(request, "request"));
    }

    /**
     * Verifies a token without making the caller wait: from memory if that can tell, otherwise on a thread of the executor,
     * which may wait.
     *
     * @return what {@code verify} gives; failed with what it throws, or with what the executor throws if it takes no work
     */
    public CompletionStage<Verification> verifyAsync(
            @Nullable String presented, ClientRequest request, Executor executor) {
        Objects.requireNonNull(executor, "executor");
        Verification known = verifyIfKnown(presented, request);
        return known == null
                ? LaterVerification.on(executor, () -> verify(presented, request))
                : CompletableFuture.completedStage(known);
    }

    /** The key that a token belongs to, whatever the state of both; empty unless the secret is right. It accepts nothing. */
    public Optional<ApiKey> findByToken(String presented) {
        UUID id = verifier.holder(Objects.requireNonNull(presented, "presented"));
        return id == null ? Optional.empty() : find(id);
    }

    /** The key with this id; empty if there is none. */
    public Optional<ApiKey> find(UUID id) {
        return parts.store().find(Objects.requireNonNull(id, "id"), KeyFilter.everything());
    }

    /** As {@link #find(UUID)}, for the key that the reference names, if the caller may see it. */
    public Optional<ApiKey> find(KeyRef ref) {
        return parts.store().find(Objects.requireNonNull(ref, "ref").id(), ref.within());
    }

    /** One page of the keys that match the filter, including revoked and expired ones, in the order of the page. */
    public Page<ApiKey> list(KeyFilter filter, PageRequest page) {
        return parts.store().list(Objects.requireNonNull(filter, "filter"), Objects.requireNonNull(page, "page"));
    }

    /**
     * The newest keys that the filter lets be seen, at most {@value PageRequest#MAX_LIMIT}, and how many there are. If
     * there are more, those that have not ended come first, so that ended ones never hide one that works.
     */
    public Page<ApiKey> listNewest(KeyFilter filter) {
        return KeyPages.readNewest(parts.store(), Objects.requireNonNull(filter, "filter"), now());
    }

    /** Like {@link #list} for all keys that match, newest first; for the keys of one owner, who has few. */
    public List<ApiKey> listAll(KeyFilter filter) {
        return KeyPages.readAll(parts.store(), Objects.requireNonNull(filter, "filter"));
    }

    /** One page of the audit trail, newest first. Rejected tokens appear after at most one usage interval. */
    public Page<AuditEntry> audit(AuditFilter filter, PageRequest page) {
        return parts.store().audit(Objects.requireNonNull(filter, "filter"), Objects.requireNonNull(page, "page"));
    }

    /**
     * Changes name, grant, addresses, expiry or the policy for agents, and gives the key as it is now.
     *
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked or expired
     * @throws OwnerInactiveException when the grant changes and the owner is suspended
     * @throws ScopeNotGrantableException when the new scopes go beyond what the owner may do now
     * @throws ExpiryNotAllowedException when the policy doesn't allow the new expiry
     * @throws ConcurrentChangeException if other calls kept changing the key at the same time
     * @throws OwnerDirectoryUnavailableException when the grant changes and the host's directory failed
     */
    public ApiKey update(KeyRef ref, KeyUpdate update, Actor actor) {
        return operations.changes().update(ref, update, actor);
    }

    /**
     * Gives the key a new token under the same key id. The previous token works until the policy's grace ends. Older
     * tokens end at once. If two callers rotate at the same time, one of them succeeds.
     *
     * @return the key and its new token, which is shown only here
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked or expired
     * @throws OwnerInactiveException when the owner is suspended
     * @throws OwnerDirectoryUnavailableException when the host's directory failed; nothing was written
     * @throws ConcurrentChangeException if another call changed the key at the same time
     * @throws StoreUnavailableException as {@link #issue}: the key may have a new token, which nobody knows
     */
    public IssuedKey rotate(KeyRef ref, Actor actor) {
        return operations.changes().rotate(ref, parts.settings().policy().rotationGrace(), actor);
    }

    /**
     * Like {@link #rotate(KeyRef, Actor)}, with another grace than the policy's.
     *
     * @throws IllegalArgumentException unless the grace, in which the old token works, is 0 to 7 days
     */
    public IssuedKey rotate(KeyRef ref, Duration grace, Actor actor) {
        return operations.changes().rotate(ref, KeyPolicy.checkedGrace(grace), actor);
    }

    /**
     * Revokes the key. This can't be undone. On this node, a verification that begins after this call returned rejects
     * the key. The receipt tells from which instant other nodes reject it.
     *
     * @param reason the reason in the actor's words; cut to 255 characters; may be empty
     * @return the key as it is now, and the instants from which it is rejected everywhere
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked already
     * @throws ConcurrentChangeException if other calls kept changing the key at the same time
     * @throws StoreUnavailableException when the store failed; only where its
     *     {@linkplain StoreUnavailableException#isOutcomeUnknown() outcome is unknown} the key may be revoked
     */
    public RevocationReceipt revoke(KeyRef ref, Actor actor, String reason) {
        return operations.revocations().revoke(ref, actor, reason);
    }

    /**
     * Revokes the key, and returns when no node can accept it any more, not even a node that is cut off from the store:
     * after Y under {@link LeasePolicy#strict()}, after Y + G under {@link LeasePolicy#balanced}. It can be repeated: a key
     * that is revoked already stays as it is, and the call waits all the same.
     *
     * @param reason as for {@link #revoke}
     * @return the key as it is now, rejected everywhere
     * @throws InterruptedException if interrupted while waiting; the key is revoked in any case
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws StoreUnavailableException when the store failed; only where its
     *     {@linkplain StoreUnavailableException#isOutcomeUnknown() outcome is unknown} the key may be revoked
     */
    public RevocationReceipt revokeAndWait(KeyRef ref, Actor actor, String reason) throws InterruptedException {
        return operations.revocations().revokeAndWait(ref, actor, reason);
    }

    /**
     * Pauses the key until {@link #resume}. Does nothing if it is paused already.
     *
     * @return the key as it is now
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked or expired
     * @throws ConcurrentChangeException if other calls kept changing the key at the same time
     */
    public ApiKey pause(KeyRef ref, Actor actor) {
        return operations.changes().pause(ref, actor);
    }

    /**
     * Ends a pause. Does nothing if the key is not paused. Throws what {@link #pause} throws.
     *
     * @return the key as it is now
     */
    public ApiKey resume(KeyRef ref, Actor actor) {
        return operations.changes().resume(ref, actor);
    }

    /**
     * Call it after an owner was suspended or reactivated, or may do more or less than before. On this node, a
     * verification that begins after this call returned uses the new state.
     *
     * @param selector selects owners; an absent part matches every value, so {@code Owner.user("alice")} selects alice
     *     in every organization
     * @throws StoreUnavailableException if the store failed; this node uses the new state in any case
     */
    public void ownerChanged(Owner selector) {
        parts.state().owners().forget(List.of(Objects.requireNonNull(selector, "selector")));
        parts.store().ownerChanged(selector);
    }

    /**
     * The scopes that no key of the owner can get now, because the owner doesn't have them or because no key may.
     *
     * @throws OwnerDirectoryUnavailableException when the host's directory can't tell
     */
    public Scopes notGrantable(Owner owner, Scopes wanted) {
        return operations.grants().notGrantable(owner, wanted);
    }

    /** The scopes of a grant, before they are limited by the owner's scopes. */
    public Scopes scopesOf(Grant grant) {
        return operations.grants().scopesOf(grant);
    }

    /** The time with which this service decides: the store's if it is known, otherwise that of the service's clock. */
    public Instant now() {
        return parts.state().lease().now();
    }

    /** Call it when a rate limit rejected a request with an accepted key: it is counted, and audited a few times a minute. */
    public void rateLimited(KeyPrincipal principal, ClientRequest request) {
        operations.reports().rateLimited(principal, request);
    }

    /** Like {@link #rateLimited}, for a denied call of an agent; the reason is for people, and cut to 255 characters. */
    public void mcpDenied(KeyPrincipal principal, ClientRequest request, String reason) {
        operations.reports().mcpDenied(principal, request, reason);
    }

    /**
     * Call it when an agent opens a session, or sends a request of a protocol revision without sessions. From now on
     * the agent knows the key's present policy, so {@link ApiKey#mcpReconnectRequired()} is false until the next
     * change. It costs a write the first time and after a change of the policy.
     *
     * @throws StoreUnavailableException when the store failed; the next call tries again
     */
    public void mcpSessionOpened(KeyPrincipal principal) {
        operations.reports().mcpSessionOpened(principal);
    }

    /** Revokes many keys at once, and does what is due about keys that end or that nobody uses. */
    public CleanUp cleanUp() {
        return parts.cleanUp();
    }

    /** The form of tokens. */
    public TokenFormat tokenFormat() {
        return parts.settings().format();
    }

    /** How long keys live and how many an owner may have. */
    public KeyPolicy policy() {
        return parts.settings().policy();
    }

    /** How long nodes use what they have in memory, and so from when on a revocation holds. */
    public LeasePolicy lease() {
        return parts.settings().lease();
    }

    /**
     * Has about one verification in 64 timed, for metrics. It takes the place of what was given before.
     *
     * @param nanos takes each duration on the thread that verified; returns at once and throws nothing
     */
    public void timeVerifications(LongConsumer nanos) {
        verifier.time(Objects.requireNonNull(nanos, "nanos"));
    }

    /** The counters since the service was built. */
    public KeyServiceStats stats() {
        return parts.counters().read(parts.state().cache().size(), health(), verifier.slowHashesWaiting());
    }

    /** How the service stands with its store; asks nobody. */
    public KeyServiceHealth health() {
        return parts.upkeep().health();
    }

    /**
     * Writes noted uses and rejections now, instead of at the end of the interval.
     *
     * @throws StoreUnavailableException when the store failed; they are kept for the next time
     */
    public void flush() {
        parts.upkeep().flush();
    }

    /**
     * Removes keys that ended longer ago than the retention, and changes that nodes no longer need, as one of the nodes does
     * every hour. It rests between its steps, so that many keys take minutes.
     *
     * @return what this call removed; nothing if another node is running maintenance
     * @throws StoreUnavailableException when the store failed; rows that were removed until then stay removed
     */
    public MaintenanceReport maintain() {
        return parts.upkeep().maintain();
    }

    /**
     * Writes noted uses and rejections, and stops the threads. If the store hangs, it waits at most for three poll
     * time-outs plus five seconds. Then the notes are lost, and the threads end when the store returns. Keys in memory are
     * verified for as long as the lease trusts them (Y), without a grace. Idempotent.
     */
    @Override
    public void close() {
        parts.upkeep().stop();
    }
}
