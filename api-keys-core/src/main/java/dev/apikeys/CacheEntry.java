package dev.apikeys;

import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.Fingerprints.Fingerprint;
import dev.apikeys.OwnerStates.View;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What a node remembers of one public id, in one object, since there may be millions: numbers in the place of ids, the
 * name as bytes, and what many keys share by reference. The record of the key isn't kept. A change of the key makes
 * another entry.
 *
 * <p>Ids that no key has have an entry too, one for all: it takes the same steps as a known one and matches no secret.
 *
 * <p>Thread-safe. Fingerprint and end are written without a lock when they are learned: whoever loses the race learned the
 * same.
 */
final class CacheEntry extends PublicId {
    private static final long NEVER = Long.MAX_VALUE;
    private static final AtomicReferenceFieldUpdater<CacheEntry, @Nullable UsageCell> USE =
            AtomicReferenceFieldUpdater.newUpdater(CacheEntry.class, UsageCell.class, "use");

    private final long keyHigh;
    private final long keyLow;
    private final long endMillis;
    private final long loadedNanos;
    private final long loadedWallMillis;
    private final byte[] name;
    private final View owner;
    private final SharedEntryPart shared;
    private final boolean revoked;
    private final boolean paused;

    /** Until a secret was checked against it. Written after the fingerprint: who finds none sees the fingerprint. */
    private volatile @Nullable SecretHash hash;

    private long fingerprintA;
    private long fingerprintB;
    private long fingerprintC;
    private long fingerprintD;

    private volatile boolean sawEnd;
    private volatile boolean detached;
    private volatile @Nullable UsageCell use;
    private volatile @Nullable EntryNotes notes;

    /** An entry for what the store said. */
    private CacheEntry(
            PublicId id, StoredCredential credential, View owner, SharedEntryPart shared, Lease.Moment loaded) {
        super(id.high(), id.low());
        ApiKey key = credential.key();
        this.keyHigh = key.id().getMostSignificantBits();
        this.keyLow = key.id().getLeastSignificantBits();
        this.endMillis = Math.min(millis(key.expiresAt()), millis(credential.validUntil()));
        this.loadedNanos = loaded.nanos();
        this.loadedWallMillis = loaded.wallMillis();
        this.name = key.name().getBytes(StandardCharsets.UTF_8);
        this.owner = owner;
        this.shared = shared;
        this.revoked = key.revocation() != null;
        this.paused = key.pausedAt() != null;
        this.hash = credential.hash();
    }

    /** The entry of all ids that no key has. */
    private CacheEntry(Fingerprint unmatchable) {
        super(0, 0);
        this.keyHigh = 0;
        this.keyLow = 0;
        this.endMillis = 0;
        this.loadedNanos = 0;
        this.loadedWallMillis = 0;
        this.name = new byte[0];
        this.owner = new View(Owner.organization("unknown"));
        this.shared = SharedEntryPart.UNKNOWN;
        this.revoked = false;
        this.paused = false;
        remember(unmatchable);
    }

    /**
     * An entry for what the store said.
     *
     * @param loaded taken before the store was asked
     */
    static CacheEntry of(
            PublicId id, StoredCredential credential, View owner, SharedEntryPart shared, Lease.Moment loaded) {
        return new CacheEntry(id, credential, owner, shared, loaded);
    }

    static CacheEntry unknown(Fingerprint unmatchable) {
        return new CacheEntry(unmatchable);
    }

    @SuppressWarnings("ReferenceEquality") // The very object stands for ids that no key has.
    boolean isKnown() {
        return shared != SharedEntryPart.UNKNOWN;
    }

    UUID keyId() {
        return new UUID(keyHigh, keyLow);
    }

    String name() {
        return new String(name, StandardCharsets.UTF_8);
    }

    View owner() {
        return owner;
    }

    SharedEntryPart shared() {
        return shared;
    }

    /** When the token ends, or null when never. */
    @Nullable
    Instant end() {
        return endMillis == NEVER ? null : Instant.ofEpochMilli(endMillis);
    }

    /** What a secret must be checked against as long as there is no fingerprint; null from then on. */
    @Nullable
    SecretHash uncheckedHash() {
        return hash;
    }

    void remember(Fingerprint ofRightSecret) {
        fingerprintA = ofRightSecret.a();
        fingerprintB = ofRightSecret.b();
        fingerprintC = ofRightSecret.c();
        fingerprintD = ofRightSecret.d();
        hash = null;
    }

    /** Compared without a branch that depends on them. To be called once {@link #uncheckedHash} gave null. */
    boolean hasFingerprint(long a, long b, long c, long d) {
        return ((a ^ fingerprintA) | (b ^ fingerprintB) | (c ^ fingerprintC) | (d ^ fingerprintD)) == 0;
    }

    /** Why the key's own state rejects it, or null when it doesn't. */
    @Nullable
    Rejection checkState(long nowMillis) {
        if (revoked) {
            return Rejection.REVOKED;
        }
        if (sawEnd || nowMillis >= endMillis) {
            // Once seen to be over it stays over, also when the clock is set back.
            sawEnd = true;
            return Rejection.EXPIRED;
        }
        return paused ? Rejection.PAUSED : null;
    }

    /** Which version of the policy an MCP session that opens now is the first to see; 0 when it isn't, or was noted. */
    long unseenPolicy() {
        McpSessions sessions = shared.mcpSessions();
        return !sessions.isUnseen() || notes().mcpSessionNoted() ? 0 : sessions.policyVersion();
    }

    /** What few keys need; made when it is first needed. */
    EntryNotes notes() {
        EntryNotes made = notes;
        return made != null ? made : makeNotes();
    }

    private synchronized EntryNotes makeNotes() {
        EntryNotes made = notes;
        if (made == null) {
            made = new EntryNotes();
            notes = made;
        }
        return made;
    }

    /** The uses that wait to be written, or null. */
    @Nullable
    UsageCell use() {
        return use;
    }

    /** Puts another cell, or none, into the place of this one, if it is still there. */
    boolean replaceUse(@Nullable UsageCell present, @Nullable UsageCell next) {
        return USE.compareAndSet(this, present, next);
    }

    /** When the store was asked for what is remembered here. */
    Lease.Moment loaded() {
        return new Lease.Moment(loadedNanos, loadedWallMillis);
    }

    /** To be called when the cache no longer holds the entry: it isn't told of changes from now on. */
    void detach() {
        detached = true;
    }

    boolean isDetached() {
        return detached;
    }

    AuditEntry audited(UUID id, AuditEvent event, String reason, ClientRequest request, Instant now) {
        Owner whose = owner.owner();
        Mode mode = shared.grant() instanceof Grant.ByMode byMode ? byMode.mode() : null;
        return new AuditEntry(
                id,
                keyId(),
                shared.kind(),
                whose,
                event,
                reason,
                name(),
                mode,
                whose.displayId(),
                request,
                ApiKey.millis(now));
    }

    private static long millis(@Nullable Instant instant) {
        return instant == null ? NEVER : instant.toEpochMilli();
    }
}
