package dev.apikeys;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key without its secret: neither token nor hash can be reached from here. The rules of a key's life are methods of
 * this record. Each returns the next record, with a version that is higher by one. A store only replaces one version by
 * the next.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id the key id that management calls use; stays the same when the key is rotated
 * @param publicId the public id of the current token, lower-case hexadecimal
 * @param kind personal, workspace or organization
 * @param owner whom the key acts for
 * @param name 1 to 255 characters, for people
 * @param grant what it may do, as a mask over what its owner may do
 * @param allowedFrom addresses it may be used from; empty: from everywhere
 * @param options what else is settled about it
 * @param createdAt when it was issued, to the millisecond
 * @param createdBy the {@link Actor#id()} of the issuer
 * @param expiresAt the first instant at which it is rejected, or null if it never expires
 * @param pausedAt since when it is paused, or null
 * @param revocation when and why it was revoked, or null
 * @param lastUse its latest use, or null if it was never used
 * @param mcpSessions whether connected agents have seen the present policy
 * @param version counts the changes of the record, from 1; uses and MCP sessions don't count
 */
public record ApiKey(
        UUID id,
        String publicId,
        KeyKind kind,
        Owner owner,
        String name,
        Grant grant,
        List<IpRange> allowedFrom,
        KeyOptions options,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant pausedAt,
        @Nullable Revocation revocation,
        @Nullable LastUse lastUse,
        McpSessions mcpSessions,
        long version) {
    /** Longest name, in code points. */
    public static final int MAX_NAME_LENGTH = 255;

    /** The most addresses and blocks from which a key may be used. */
    public static final int MAX_ALLOWED_FROM = 500;

    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

    /** Copies the list. */
    public ApiKey {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(publicId, "publicId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(grant, "grant");
        Objects.requireNonNull(allowedFrom, "allowedFrom");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(createdBy, "createdBy");
        Objects.requireNonNull(mcpSessions, "mcpSessions");
        allowedFrom = List.copyOf(allowedFrom);
    }

    /** The status at this instant. Revoked wins over expired, and expired wins over paused. */
    public Status status(Instant now) {
        Objects.requireNonNull(now, "now");
        if (revocation != null) {
            return Status.REVOKED;
        }
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return Status.EXPIRED;
        }
        return pausedAt != null ? Status.PAUSED : Status.ACTIVE;
    }

    /** The host's own strings, by their names; never more than {@value KeyOptions#MAX_METADATA_ENTRIES}. */
    public Map<String, String> metadata() {
        return options.metadata();
    }

    /** The same record, of the same version, with this metadata; for stores that keep it apart. */
    public ApiKey withMetadata(Map<String, String> metadata) {
        Objects.requireNonNull(metadata, "metadata");
        return metadata.equals(options.metadata())
                ? this
                : new ApiKey(
                        id,
                        publicId,
                        kind,
                        owner,
                        name,
                        grant,
                        allowedFrom,
                        options.with(metadata),
                        createdAt,
                        createdBy,
                        expiresAt,
                        pausedAt,
                        revocation,
                        lastUse,
                        mcpSessions,
                        version);
    }

    /**
     * Tells whether any field of the policy for agents changed after the latest MCP session with this key was opened.
     * If so, a connected client may show an outdated list of tools. False before the first session, and again after the
     * next one.
     */
    public boolean mcpReconnectRequired() {
        return mcpSessions.reconnectRequired();
    }

    /** Tells whether the key counts against its owner's limit: neither revoked nor expired. */
    public boolean countsAt(Instant now) {
        Objects.requireNonNull(now, "now");
        Status status = status(now);
        return status == Status.ACTIVE || status == Status.PAUSED;
    }

    /**
     * The record after its revocation.
     *
     * @throws InvalidKeyStateException when it is revoked already
     */
    public ApiKey revoked(Actor actor, String reason, Instant now) {
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(now, "now");
        if (revocation != null) {
            throw new InvalidKeyStateException(id, Status.REVOKED, "revoked");
        }
        return next(
                publicId, name, grant, allowedFrom, options, pausedAt, new Revocation(millis(now), actor.id(), reason));
    }

    /**
     * The record while it is paused; this record when it is paused already.
     *
     * @throws InvalidKeyStateException when it is revoked or expired
     */
    public ApiKey paused(Instant now) {
        Objects.requireNonNull(now, "now");
        requireAlive(now, "paused");
        return pausedAt != null ? this : next(publicId, name, grant, allowedFrom, options, millis(now), null);
    }

    /**
     * The record after the pause; this record when it is not paused.
     *
     * @throws InvalidKeyStateException when it is revoked or expired
     */
    public ApiKey resumed(Instant now) {
        Objects.requireNonNull(now, "now");
        requireAlive(now, "resumed");
        return pausedAt == null ? this : next(publicId, name, grant, allowedFrom, options, null, null);
    }

    /**
     * The record with the fields that the update names.
     *
     * @throws InvalidKeyStateException when it is revoked or expired
     */
    public ApiKey updated(KeyUpdate update, Instant now) {
        Objects.requireNonNull(update, "update");
        Objects.requireNonNull(now, "now");
        requireAlive(now, "updated");
        ApiKey next = next(
                publicId,
                update.name().orElse(name),
                update.grant().orElse(grant),
                update.allowedFrom().orElse(allowedFrom),
                update.applied(options),
                pausedAt,
                null);
        ApiKey ending = update.expiresAt().map(next::endingAt).orElse(next);
        return ending.sameContent(this) ? this : ending;
    }

    /**
     * The record with a new token under the same key id.
     *
     * @throws InvalidKeyStateException when it is revoked or expired
     */
    public ApiKey rotated(String newPublicId, Instant now) {
        Objects.requireNonNull(newPublicId, "newPublicId");
        Objects.requireNonNull(now, "now");
        requireAlive(now, "rotated");
        return next(newPublicId, name, grant, allowedFrom, options, pausedAt, null);
    }

    /**
     * When the previous token stops working after a rotation: at the end of the grace, but never after the key's own
     * expiry.
     */
    public Instant graceEnd(Duration grace, Instant now) {
        Objects.requireNonNull(grace, "grace");
        Objects.requireNonNull(now, "now");
        Instant end = millis(now).plus(grace);
        return expiresAt != null && expiresAt.isBefore(end) ? expiresAt : end;
    }

    private void requireAlive(Instant now, String verb) {
        if (!countsAt(now)) {
            throw new InvalidKeyStateException(id, status(now), verb);
        }
    }

    private boolean sameContent(ApiKey other) {
        return name.equals(other.name)
                && grant.equals(other.grant)
                && allowedFrom.equals(other.allowedFrom)
                && options.equals(other.options)
                && Objects.equals(expiresAt, other.expiresAt);
    }

    private ApiKey endingAt(Instant end) {
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
                createdBy,
                end,
                pausedAt,
                revocation,
                lastUse,
                mcpSessions,
                version);
    }

    private ApiKey next(
            String nextPublicId,
            String nextName,
            Grant nextGrant,
            List<IpRange> nextAllowedFrom,
            KeyOptions nextOptions,
            @Nullable Instant nextPausedAt,
            @Nullable Revocation nextRevocation) {
        return new ApiKey(
                id,
                nextPublicId,
                kind,
                owner,
                nextName,
                nextGrant,
                nextAllowedFrom,
                nextOptions,
                createdAt,
                createdBy,
                expiresAt,
                nextPausedAt,
                nextRevocation,
                lastUse,
                nextOptions.mcp().equals(options.mcp()) ? mcpSessions : mcpSessions.policyChanged(version + 1),
                version + 1);
    }

    /** The time as it is stored. */
    static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * A time that somebody gives a key, as it is stored.
     *
     * @throws IllegalArgumentException when its year is none from 0 to 9999, the only ones in RFC 3339
     */
    static Instant givenTime(Instant instant) {
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new IllegalArgumentException("a time of a key is in one of the years 0 to 9999: " + instant);
        }
        return millis(instant);
    }

    /** The status of a key at one moment. It is computed from the record and the clock, and never stored. */
    public enum Status {
        /** Works. */
        ACTIVE,
        /** Switched off, and can be resumed. */
        PAUSED,
        /** Past its expiry. */
        EXPIRED,
        /** Revoked. This can't be undone. */
        REVOKED
    }

    /**
     * When and from where a key was last accepted. Uses are noted in memory and written in batches, so this value may
     * be late by one usage interval.
     *
     * <p>Immutable and thread-safe.
     *
     * @param at the latest accepted use
     * @param address the client's IP address, or null when unknown
     */
    public record LastUse(Instant at, @Nullable String address) {
        /** Checks that nothing is missing. */
        public LastUse {
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * A revocation of a key.
     *
     * <p>Immutable and thread-safe.
     *
     * @param at when
     * @param by the {@link Actor#id()} of the actor
     * @param reason the reason in the actor's words, at most 255 characters; may be empty
     */
    public record Revocation(Instant at, String by, String reason) {
        /** Longest reason, in code points; a longer one is cut. */
        public static final int MAX_REASON_LENGTH = 255;

        /** Cuts the reason to length and replaces control characters by U+FFFD. */
        public Revocation {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(reason, "reason");
            reason = Text.printable(reason, MAX_REASON_LENGTH);
        }
    }

    /**
     * Whether the connected agents of a key have seen its present policy. A guard decides each call by the present
     * policy in any case. But a client that listed tools before a change shows the old list until it connects again.
     *
     * <p>Immutable and thread-safe.
     *
     * @param policyVersion the {@link ApiKey#version()} that brought the present policy
     * @param seenVersion the policy version under which the latest session was opened; 0 if there was none
     */
    public record McpSessions(long policyVersion, long seenVersion) {
        /** For a new key: its first policy, and no session. */
        public static final McpSessions NONE = new McpSessions(1, 0);

        /** From the two numbers that a store keeps. */
        public static McpSessions of(long policyVersion, long seenVersion) {
            return policyVersion == 1 && seenVersion == 0 ? NONE : new McpSessions(policyVersion, seenVersion);
        }

        /** The sessions after a change of the policy that made this version of the record. */
        McpSessions policyChanged(long version) {
            return of(version, seenVersion);
        }

        /**
         * The sessions after a session was opened under this version of the policy, unless one was opened under a later
         * version.
         */
        McpSessions seen(long version) {
            return version <= seenVersion ? this : of(policyVersion, version);
        }

        /** Tells whether a session opened now would be the first one to see the present policy. */
        boolean isUnseen() {
            return seenVersion < policyVersion;
        }

        /** Tells whether the policy changed after the latest session was opened. False if there was no session. */
        boolean reconnectRequired() {
            return seenVersion > 0 && isUnseen();
        }
    }
}
