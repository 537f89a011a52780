package dev.apikeys;

import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The cache entry of one public id. It is one compact object, because there may be millions: ids are numbers, the name
 * is bytes, and values that many keys share are references. The record of the key isn't kept. A change of the key makes
 * a new entry.
 *
 * <p>All unknown ids share one entry. It takes the same steps as a known one, and matches no secret.
 *
 * <p>Thread-safe. Fingerprint and end are written without a lock. Threads that write at the same time write the same
 * values.
 */
final class CacheEntry extends PublicId {
    private static final long NEVER = Long.MAX_VALUE;
    private static final AtomicReferenceFieldUpdater<CacheEntry, @Nullable UsageCell> USE =
            AtomicReferenceFieldUpdater.newUpdater(CacheEntry.class, UsageCell.class, "use");

    private final long keyHigh;
    private final long keyLow;
    private final long endMillis;
    private final long loadedNanos;
    private final int loadedDrift;
    private final byte[] name;
    private final OwnerView owner;
    private final SharedEntryPart shared;
    private final boolean revoked;
    private final boolean paused;

    /**
     * The hash at rest, until a secret was checked against it; then null. It is written after the fingerprint, so a
     * thread that reads null sees the fingerprint.
     */
    private volatile @Nullable SecretHash hash;

    private long fingerprintA;
    private long fingerprintB;

    /** How much the key was used. A use that is noted while another thread notes one may get lost. */
    private int heat;

    /** The next entry in its chain of the table. */
    private volatile @Nullable CacheEntry next;

    /** The answer that the latest requests got, if {@link RecentAnswers} lets the entry keep it. */
    private @Nullable KeptAnswer answer;

    private volatile boolean sawEnd;
    private volatile boolean detached;
    private volatile @Nullable UsageCell use;
    private volatile @Nullable EntryNotes notes;

    /** An entry for a credential from the store. */
    private CacheEntry(
            PublicId id, StoredCredential credential, OwnerView owner, SharedEntryPart shared, LoadMoment loaded) {
        super(id.high(), id.low());
        ApiKey key = credential.key();
        this.keyHigh = key.id().getMostSignificantBits();
        this.keyLow = key.id().getLeastSignificantBits();
        this.endMillis = Math.min(millis(key.expiresAt()), millis(credential.validUntil()));
        this.loadedNanos = loaded.nanos();
        this.loadedDrift = loaded.driftMillis();
        this.name = key.name().getBytes(StandardCharsets.UTF_8);
        this.owner = owner;
        this.shared = shared;
        this.revoked = key.revocation() != null;
        this.paused = key.pausedAt() != null;
        this.hash = credential.hash();
    }

    /** The entry of all unknown ids. */
    private CacheEntry(Fingerprint unmatchable) {
        super(0, 0);
        this.keyHigh = 0;
        this.keyLow = 0;
        this.endMillis = 0;
        this.loadedNanos = 0;
        this.loadedDrift = 0;
        this.name = new byte[0];
        this.owner = new OwnerView(Owner.organization("unknown"));
        this.shared = SharedEntryPart.UNKNOWN;
        this.revoked = false;
        this.paused = false;
        remember(unmatchable);
    }

    /**
     * An entry for a credential from the store.
     *
     * @param loaded taken before the store was asked
     */
    static CacheEntry of(
            PublicId id, StoredCredential credential, OwnerView owner, SharedEntryPart shared, LoadMoment loaded) {
        return new CacheEntry(id, credential, owner, shared, loaded);
    }

    static CacheEntry unknown(Fingerprint unmatchable) {
        return new CacheEntry(unmatchable);
    }

    @SuppressWarnings("ReferenceEquality") // This one object stands for unknown ids.
    boolean isKnown() {
        return shared != SharedEntryPart.UNKNOWN;
    }

    UUID keyId() {
        return new UUID(keyHigh, keyLow);
    }

    String name() {
        return new String(name, StandardCharsets.UTF_8);
    }

    OwnerView owner() {
        return owner;
    }

    SharedEntryPart shared() {
        return shared;
    }

    /** When the token ends, or null if it never ends. */
    @Nullable
    Instant end() {
        return endMillis == NEVER ? null : Instant.ofEpochMilli(endMillis);
    }

    /** The hash to check a secret against while there is no fingerprint; null afterwards. */
    @Nullable
    SecretHash uncheckedHash() {
        return hash;
    }

    void remember(Fingerprint ofRightSecret) {
        fingerprintA = ofRightSecret.a();
        fingerprintB = ofRightSecret.b();
        hash = null;
    }

    /** Compares in constant time. Call it only after {@link #uncheckedHash} returned null. */
    boolean hasFingerprint(long a, long b) {
        return ((a ^ fingerprintA) | (b ^ fingerprintB)) == 0;
    }

    /** The reason why the key's own state rejects it, or null if it doesn't. */
    @Nullable
    Rejection checkState(long nowMillis) {
        if (revoked) {
            return Rejection.REVOKED;
        }
        if (sawEnd || nowMillis >= endMillis) {
            // Once the end was reached, the key stays expired, even if the clock is set back.
            sawEnd = true;
            return Rejection.EXPIRED;
        }
        return paused ? Rejection.PAUSED : null;
    }

    /**
     * The version of the policy that an MCP session that opens now is the first to see. 0 if another session saw it, or
     * if this was noted already.
     */
    long unseenPolicy() {
        McpSessions sessions = shared.mcpSessions();
        return !sessions.isUnseen() || notes().mcpSessionNoted() ? 0 : sessions.policyVersion();
    }

    /** Fields that few keys need; created when they are first needed. */
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

    /** The uses that are not written yet, or null. */
    @Nullable
    UsageCell use() {
        return use;
    }

    /** Replaces this cell by another one, or by none, if it is still there. */
    boolean replaceUse(@Nullable UsageCell present, @Nullable UsageCell next) {
        return USE.compareAndSet(this, present, next);
    }

    /** When the store was asked for this entry. */
    LoadMoment loaded() {
        return new LoadMoment(loadedNanos, loadedDrift);
    }

    /** Begins with one use at this time of {@link Heat}. */
    void warm(int now) {
        heat = now;
    }

    /** Notes a use at this time of {@link Heat}. */
    void heat(int now) {
        int more = Heat.afterUse(heat, now);
        if (more != heat) {
            heat = more;
        }
    }

    int heat() {
        return heat;
    }

    @Nullable
    CacheEntry next() {
        return next;
    }

    void linkBefore(@Nullable CacheEntry behind) {
        next = behind;
    }

    @Nullable
    KeptAnswer answer() {
        return answer;
    }

    void keep(@Nullable KeptAnswer latest) {
        answer = latest;
    }

    /** Call it when the cache drops the entry. From then on the entry doesn't receive changes. */
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
