package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.MaintenanceReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
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
    private final KeyPolicy policy;
    private final LeasePolicy leasePolicy;
    private final Lease lease;
    private final TokenFormat format;
    private final Lifecycle lifecycle;
    private final Verifier verifier;
    private final OwnerStates owners;
    private final WriteBehind writeBehind;
    private final Maintenance maintenance;
    private final Poller poller;
    private final Background background = new Background(Duration.ofSeconds(5));
    private final Counters counters = new Counters();

    KeyService(KeyServiceBuilder settings) {
        this.store = settings.store;
        this.policy = settings.policy;
        this.leasePolicy = settings.leasePolicy;
        this.format = settings.format;
        this.lease = new Lease(settings.leasePolicy, settings.ticker, settings.clock);
        SecretHasher hasher = new SecretHasher(settings.pepper, settings.peppers);
        Fingerprints fingerprints = new Fingerprints(settings.random, format.secretLength());
        TimeOrderedIds auditIds = new TimeOrderedIds(settings.random, lease::nowMillis);
        this.owners = new OwnerStates(settings.directory, settings.ownerStateMaxAge, lease, settings.loadTimeout);
        this.writeBehind = new WriteBehind(store, counters);
        this.maintenance = new Maintenance(store, lease, settings.retention);
        KeyCache cache = new KeyCache(settings, owners, fingerprints, lease, counters);
        this.poller = new Poller(settings, lease, cache, owners, counters);
        RejectionAudit failures = new RejectionAudit(writeBehind, auditIds, lease);
        SlowSecretCheck slow = new SlowSecretCheck(settings.passwordHashing, fingerprints, settings.loadTimeout);
        SecretCheck secrets = new SecretCheck(format, hasher, fingerprints, slow, writeBehind);
        this.verifier = new Verifier(settings, cache, secrets, owners, writeBehind, failures, lease, poller, counters);
        this.lifecycle = new Lifecycle(settings, cache, hasher, slow, owners, lease, auditIds);
        poller.start();
        background.every(settings.usageInterval, "Writing usage", writeBehind::flush);
        background.every(Maintenance.INTERVAL, "Maintenance", maintenance::run);
    }

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
     * @throws StoreUnavailableException when the store failed; the key may exist, unused, and can be revoked
     */
    public IssuedKey issue(KeySpec spec) {
        return lifecycle.issue(spec);
    }

    /**
     * Takes over a key that another system has issued: its token goes on working, if the service's {@link TokenFormat}
     * was told of {@linkplain TokenFormat.Builder#alsoAccept(dev.apikeys.spi.ImportedTokens) such tokens}. The password
     * hash stays what it is, so the first verification on each node costs what the hash costs, and the same again after
     * the key was changed or pushed out of the cache; all others are as fast as usual. Rotate the key for a token of this
     * service.
     *
     * @throws DuplicateKeyException when there is a key with this lookup, in whatever state
     * @throws IllegalArgumentException as {@link #issue}, whose other exceptions hold here too
     */
    public ApiKey importKey(KeySpec spec, ImportedToken token) {
        return lifecycle.importKey(spec, token);
    }

    /** As {@link #verify(String, ClientRequest)}, for a token that came from inside the host. */
    public Verification verify(@Nullable String presented) {
        return verifier.verify(presented, ClientRequest.NONE, leasePolicy.consistency());
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
        return verifier.verify(presented, request, leasePolicy.consistency());
    }

    /**
     * Verifies a token as strictly as this request needs it: what changes something that matters is better
     * {@link Consistency#STRICT}, whatever the service's own policy. The other way round nothing is gained: a service
     * whose policy is strict grants no request a grace.
     *
     * <p>A cached key that is confirmed never waits. Otherwise each step has its bound: two seconds for a place among the
     * loads or for somebody else's load, twice two for an imported key to be hashed, three poll time-outs for the store
     * to confirm, and what store and directory themselves take.
     *
     * @param presented what was presented, without a scheme such as {@code Bearer}; null or blank when nothing was
     * @param request where it came from
     * @param consistency what to do while the store can't confirm
     * @throws StoreUnavailableException when the store is needed and cannot be asked
     * @throws OwnerDirectoryUnavailableException when the owner's state is not cached and the directory failed
     */
    public Verification verify(@Nullable String presented, ClientRequest request, Consistency consistency) {
        return verifier.verify(presented, request, consistency);
    }

    /**
     * The key with this id; empty when there is none.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public Optional<ApiKey> find(UUID id) {
        return store.find(id, KeyFilter.everything());
    }

    /**
     * The key that the reference names, if the caller may see it.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public Optional<ApiKey> find(KeyRef ref) {
        return store.find(ref.id(), ref.within());
    }

    /**
     * A part of the keys that the filter lets be seen, newest first; revoked and expired ones included.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public Page<ApiKey> list(KeyFilter filter, PageRequest slice) {
        return store.list(filter, slice);
    }

    /**
     * All keys that the filter lets be seen, newest first; for the keys of one owner, who has few. Read in slices, so
     * that a key issued meanwhile disturbs nothing.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public List<ApiKey> listAll(KeyFilter filter) {
        List<ApiKey> all = new ArrayList<>();
        PageRequest next = PageRequest.first(PageRequest.MAX_LIMIT);
        while (true) {
            List<ApiKey> part = store.list(filter, next).items();
            all.addAll(part);
            if (part.size() < next.limit()) {
                return all;
            }
            ApiKey last = part.get(part.size() - 1);
            next = PageRequest.after(new PageRequest.Position(last.createdAt(), last.id()), PageRequest.MAX_LIMIT);
        }
    }

    /**
     * A part of the audit trail, newest first. Refused tokens appear after at most one usage interval.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public Page<AuditEntry> audit(AuditFilter filter, PageRequest slice) {
        return store.audit(filter, slice);
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
        return lifecycle.update(ref, update, actor);
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
        return lifecycle.rotate(ref, policy.rotationGrace(), actor);
    }

    /**
     * As {@link #rotate(KeyRef, Actor)}, with a grace of its own.
     *
     * @param grace how long the old token works, 0 to 7 days
     * @throws IllegalArgumentException when the grace is out of range
     */
    public IssuedKey rotate(KeyRef ref, Duration grace, Actor actor) {
        return lifecycle.rotate(ref, KeyPolicy.checkedGrace(grace), actor);
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
     * @throws StoreUnavailableException when the store failed; the key may be revoked or not
     */
    public RevocationReceipt revoke(KeyRef ref, Actor actor, String reason) {
        ApiKey revoked = lifecycle.revoke(ref, actor, reason);
        Instant now = lease.now();
        return new RevocationReceipt(revoked, now.plus(leasePolicy.trust()), now.plus(leasePolicy.bound()));
    }

    /**
     * Revokes the key for good and returns when no node can accept it any more, one that is cut off from the store
     * included: after Y under {@link Consistency#STRICT}, after Y + G under {@link Consistency#BALANCED}.
     *
     * @param reason in the actor's words; cut to 255 characters; may be empty
     * @return the key as it is now, refused everywhere
     * @throws InterruptedException when interrupted while waiting; the key is revoked all the same
     * @throws KeyNotFoundException when the caller can see no such key
     * @throws InvalidKeyStateException when it is revoked already
     * @throws StoreUnavailableException when the store failed; the key may be revoked or not
     */
    public RevocationReceipt revokeAndWait(KeyRef ref, Actor actor, String reason) throws InterruptedException {
        RevocationReceipt receipt = revoke(ref, actor, reason);
        long bound = leasePolicy.bound().toNanos();
        // NTP lets two machines count a second by up to 0.05 % too long and too short.
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
        return lifecycle.pause(ref, actor);
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
        return lifecycle.resume(ref, actor);
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
        owners.forget(selector);
        store.ownerChanged(selector);
    }

    /**
     * Which of the scopes no key of the owner could be given now: because the owner may not do it, or because no key may.
     *
     * @throws OwnerDirectoryUnavailableException when the host's directory can't tell
     */
    public Scopes notGrantable(Owner owner, Scopes wanted) {
        return lifecycle.notGrantable(owner, wanted);
    }

    /** The scopes that a grant asks for, before the owner's own narrow them. */
    public Scopes scopesOf(Grant grant) {
        return lifecycle.scopesOf(grant);
    }

    /** The time by which this service decides: the store's, as far as it is known, else that of the service's clock. */
    public Instant now() {
        return lease.now();
    }

    /**
     * To be called when a request was refused because its key, though accepted, is over a rate limit that the host or the
     * filter keeps: counts it as {@link Rejection#RATE_LIMITED} and audits it, a few times a minute and key.
     */
    public void rateLimited(KeyPrincipal principal, ClientRequest request) {
        verifier.noteRateLimited(principal, request);
    }

    /**
     * To be called when a call of an agent was denied: counts it, and audits it as {@link AuditEvent#MCP_DENIED}, a few
     * times a minute and key.
     *
     * @param reason which call and why, for people; cut to 255 characters
     */
    public void mcpDenied(KeyPrincipal principal, ClientRequest request, String reason) {
        verifier.noteMcpDenied(principal, request, reason);
    }

    /**
     * To be called when an agent opens a session, or sends a request of a revision of the protocol without sessions: from
     * now on it knows the key's present policy, so {@link ApiKey#mcpReconnectRequired()} is false until the next change.
     * Costs a write the first time and after a change of the policy, else nothing.
     *
     * @throws StoreUnavailableException when the store failed; the next call tries again
     */
    public void mcpSessionOpened(KeyPrincipal principal) {
        verifier.noteMcpSession(principal, store);
    }

    /** How tokens look. */
    public TokenFormat tokenFormat() {
        return format;
    }

    /** How long keys live and how many an owner may have. */
    public KeyPolicy policy() {
        return policy;
    }

    /** What was counted since the service was built. */
    public KeyServiceStats stats() {
        return counters.read();
    }

    /**
     * Writes out what is noted in memory now instead of at the end of the interval.
     *
     * @throws StoreUnavailableException when the store failed; what was noted is kept for the next time
     */
    public void flush() {
        writeBehind.flush();
    }

    /**
     * Removes keys that ended longer ago than the retention, and what the nodes no longer need to know of changes. Runs
     * by itself every hour; of several nodes one does it.
     *
     * @return what was removed by this call; nothing when another node is at it
     * @throws StoreUnavailableException when the store failed; what was removed until then stays removed
     */
    public MaintenanceReport maintain() {
        return maintenance.run();
    }

    /**
     * Writes out what is noted in memory and stops the threads. Waits for a store that hangs three poll time-outs and
     * five seconds at the most; then the threads end when it lets them go, and what was noted is lost. Idempotent.
     */
    @Override
    public void close() {
        poller.close();
        background.closeAfter("The last write of usage", writeBehind::flush);
    }
}
