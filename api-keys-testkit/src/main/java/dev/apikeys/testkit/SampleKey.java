package dev.apikeys.testkit;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.ClientRequest;
import dev.apikeys.ExportedKey;
import dev.apikeys.Grant;
import dev.apikeys.IpRange;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyOptions;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.NewKey.NameRule;
import dev.apikeys.spi.SecretHash;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds keys for tests of a store: by default an active personal key with new ids. Not thread-safe. */
public final class SampleKey {
    /** The default creation time of a sample key. */
    public static final Instant NOW = Instant.parse("2026-01-05T10:00:00.123Z");

    /** The default owner of a sample key. */
    public static final Owner ALICE = Owner.user("alice", "org_1");

    /** A key with new ids. */
    public SampleKey() {}

    private UUID id = UUID.randomUUID();
    private String publicId = randomPublicId();
    private KeyKind kind = KeyKind.PERSONAL;
    private Owner owner = ALICE;
    private String name = "CRM";
    private Grant grant = Grant.of(Mode.READ);
    private List<IpRange> allowedFrom = List.of();
    private KeyOptions options = KeyOptions.DEFAULT;
    private Instant createdAt = NOW;
    private @Nullable Instant expiresAt = NOW.plus(Duration.ofDays(90));
    private @Nullable Instant pausedAt;
    private @Nullable Revocation revocation;
    private @Nullable LastUse lastUse;
    private McpSessions mcpSessions = McpSessions.NONE;
    private long version = 1;

    /** 24 random hexadecimal digits. */
    public static String randomPublicId() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, 24);
    }

    /** Some hash for this public id. */
    public static SecretHash hashOf(String publicId) {
        Objects.requireNonNull(publicId, "publicId");
        return new SecretHash("sha256$" + publicId + "$canary");
    }

    /** An audit entry about the key. */
    public static AuditEntry audit(ApiKey key, AuditEvent event, Instant at) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(at, "at");
        Mode mode = key.grant() instanceof Grant.ByMode byMode ? byMode.mode() : null;
        return new AuditEntry(
                UUID.randomUUID(),
                key.id(),
                key.kind(),
                key.owner(),
                event,
                "",
                key.name(),
                mode,
                "alice",
                ClientRequest.from("192.0.2.7"),
                at);
    }

    /** The change from one record to the next, at this instant. */
    public static KeyChange change(ApiKey before, ApiKey after, Instant at) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(at, "at");
        return new KeyChange(before, after, null, audit(after, AuditEvent.UPDATED, at));
    }

    /** The change to a paused key. */
    public static KeyChange pause(ApiKey before) {
        Objects.requireNonNull(before, "before");
        Instant at = NOW.plusSeconds(60);
        return change(before, before.paused(at), at);
    }

    /** The change to a revoked key. */
    public static KeyChange revoke(ApiKey before) {
        Objects.requireNonNull(before, "before");
        Instant at = NOW.plusSeconds(120);
        ApiKey after = before.revoked(Actor.of("bob"), "lost", at);
        return new KeyChange(before, after, null, audit(after, AuditEvent.REVOKED, at));
    }

    /** The change to a key with this public id; the token before works until the grace ends. */
    public static KeyChange rotate(ApiKey before, String newPublicId, Instant at, Duration grace) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(newPublicId, "newPublicId");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(grace, "grace");
        ApiKey after = before.rotated(newPublicId, at);
        return new KeyChange(
                before,
                after,
                new KeyChange.Rotation(hashOf(newPublicId), before.graceEnd(grace, at)),
                audit(after, AuditEvent.ROTATED, at));
    }

    /** Sets the key id. */
    public SampleKey id(UUID keyId) {
        Objects.requireNonNull(keyId, "keyId");
        this.id = keyId;
        return this;
    }

    /** Sets the public id. */
    public SampleKey publicId(String hex) {
        Objects.requireNonNull(hex, "hex");
        this.publicId = hex;
        return this;
    }

    /** Sets kind and owner. */
    public SampleKey of(KeyKind ofKind, Owner whom) {
        Objects.requireNonNull(ofKind, "ofKind");
        Objects.requireNonNull(whom, "whom");
        this.kind = ofKind;
        this.owner = whom;
        return this;
    }

    /** Sets the owner of a personal key. */
    public SampleKey of(Owner whom) {
        Objects.requireNonNull(whom, "whom");
        return of(KeyKind.PERSONAL, whom);
    }

    /** Sets the name. */
    public SampleKey named(String text) {
        Objects.requireNonNull(text, "text");
        this.name = text;
        return this;
    }

    /** Sets the grant. */
    public SampleKey granting(Grant what) {
        Objects.requireNonNull(what, "what");
        this.grant = what;
        return this;
    }

    /** Sets the addresses. */
    public SampleKey allowedFrom(String... ranges) {
        Objects.requireNonNull(ranges, "ranges");
        this.allowedFrom = Arrays.stream(ranges).map(IpRange::parse).toList();
        return this;
    }

    /** Sets the options. */
    public SampleKey with(KeyOptions what) {
        Objects.requireNonNull(what, "what");
        this.options = what;
        return this;
    }

    /** Sets the time of creation. */
    public SampleKey createdAt(Instant at) {
        Objects.requireNonNull(at, "at");
        this.createdAt = at;
        return this;
    }

    /** Sets the expiry. */
    public SampleKey expiresAt(@Nullable Instant at) {
        this.expiresAt = at;
        return this;
    }

    /** Pauses the key. */
    public SampleKey pausedAt(Instant at) {
        Objects.requireNonNull(at, "at");
        this.pausedAt = at;
        return this;
    }

    /** Revokes the key. */
    public SampleKey revoked(Revocation how) {
        Objects.requireNonNull(how, "how");
        this.revocation = how;
        return this;
    }

    /** Sets the latest use. */
    public SampleKey lastUse(LastUse use) {
        Objects.requireNonNull(use, "use");
        this.lastUse = use;
        return this;
    }

    /** Sets the MCP sessions. */
    public SampleKey mcpSessions(McpSessions sessions) {
        Objects.requireNonNull(sessions, "sessions");
        this.mcpSessions = sessions;
        return this;
    }

    /** Sets the version. */
    public SampleKey version(long number) {
        this.version = number;
        return this;
    }

    /** The key as a store takes it: with the hash of {@link #hashOf}, any name. */
    public static NewKey toAdd(ApiKey key, int maxActive) {
        Objects.requireNonNull(key, "key");
        return toAdd(key, hashOf(key.publicId()), maxActive);
    }

    /** The key as a store takes it: as one of five, any name. */
    public static NewKey toAdd(ApiKey key, SecretHash hash) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(hash, "hash");
        return toAdd(key, hash, 5);
    }

    /** The key as an import takes it: with the hash of {@link #hashOf} and no limit, at {@link #NOW}. */
    public static KeyImport toImport(ApiKey key) {
        Objects.requireNonNull(key, "key");
        return toImport(key, hashOf(key.publicId()));
    }

    /** The key as an import takes it: with no limit, at {@link #NOW}. */
    public static KeyImport toImport(ApiKey key, SecretHash hash) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(hash, "hash");
        ExportedKey.Token token = new ExportedKey.Token(key.publicId(), hash, null);
        return new KeyImport(
                new ExportedKey(key, List.of(token)),
                KeyImport.NO_LIMIT,
                NameRule.ANY,
                audit(key, AuditEvent.CREATED, NOW));
    }

    /** As {@link #toImport(ApiKey)}, with an earlier token that works until a day after {@link #NOW}. */
    public static KeyImport toImport(ApiKey key, String earlierPublicId) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(earlierPublicId, "earlierPublicId");
        KeyImport single = toImport(key);
        ExportedKey.Token earlier =
                new ExportedKey.Token(earlierPublicId, hashOf(earlierPublicId), NOW.plus(Duration.ofDays(1)));
        ExportedKey both = new ExportedKey(key, List.of(single.key().currentToken(), earlier));
        return new KeyImport(both, single.maxActive(), single.names(), single.audit());
    }

    private static NewKey toAdd(ApiKey key, SecretHash hash, int maxActive) {
        return new NewKey(key, hash, maxActive, NameRule.ANY, audit(key, AuditEvent.CREATED, key.createdAt()));
    }

    /** The key; by default of version 1 and never used. */
    public ApiKey build() {
        return new ApiKey(
                id,
                publicId,
                kind,
                owner,
                name,
                grant,
                allowedFrom,
                options,
                createdAt,
                "alice",
                expiresAt,
                pausedAt,
                revocation,
                lastUse,
                mcpSessions,
                version);
    }
}
