package dev.apikeys;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a key but its secret: neither token nor hash can be reached from here. The rules of a key's life
 * are methods of this record, each giving the next record with the version one higher; a store only ever replaces one
 * version by the next.
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
 * @param traits what else is settled about it
 * @param createdAt when it was issued, to the millisecond
 * @param createdBy the {@link Actor#id()} of who issued it
 * @param expiresAt the first instant at which it is refused, or null when it never expires
 * @param pausedAt since when it is paused, or null
 * @param revocation that it was revoked, or null
 * @param lastUse its latest use, or null when it was never used
 * @param mcpSessions whether connected agents have seen the present policy
 * @param version counts the changes of the record, from 1; uses and MCP sessions do not count
 */
public record ApiKey(
        UUID id,
        String publicId,
        KeyKind kind,
        Owner owner,
        String name,
        Grant grant,
        List<IpRange> allowedFrom,
        KeyOptions traits,
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

    /** Copies the list. */
    public ApiKey {
        allowedFrom = List.copyOf(allowedFrom);
    }

    /** What the key is at this instant. Revoked outranks expired, expired outranks paused. */
    public KeyStatus status(Instant now) {
        if (revocation != null) {
            return KeyStatus.REVOKED;
        }
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return KeyStatus.EXPIRED;
        }
        return pausedAt != null ? KeyStatus.PAUSED : KeyStatus.ACTIVE;
    }

    /**
     * Tells whether the policy for agents changed, in any field, after the latest MCP session with this key was opened: a
     * client that is still connected may show what no longer holds. False before the first session, and after the next.
     */
    public boolean mcpReconnectRequired() {
        return mcpSessions.reconnectRequired();
    }

    /** Tells whether the key counts against its owner's limit: neither revoked nor expired. */
    public boolean countsAt(Instant now) {
        KeyStatus status = status(now);
        return status == KeyStatus.ACTIVE || status == KeyStatus.PAUSED;
    }

    /**
     * The record after its revocation.
     *
     * @throws InvalidKeyStateException when it is revoked already
     */
    public ApiKey revoked(Actor actor, String reason, Instant now) {
        if (revocation != null) {
            throw new InvalidKeyStateException(id, KeyStatus.REVOKED, "revoked");
        }
        return next(
                publicId, name, grant, allowedFrom, traits, pausedAt, new Revocation(millis(now), actor.id(), reason));
    }

    /**
     * The record while it is paused; this record when it is paused already.
     *
     * @throws InvalidKeyStateException when it is revoked or expired
     */
    public ApiKey paused(Instant now) {
        requireAlive(now, "paused");
        return pausedAt != null ? this : next(publicId, name, grant, allowedFrom, traits, millis(now), null);
    }

    /**
     * The record after the pause; this record when it is not paused.
     *
     * @throws InvalidKeyStateException when it is revoked or expired
     */
    public ApiKey resumed(Instant now) {
        requireAlive(now, "resumed");
        return pausedAt == null ? this : next(publicId, name, grant, allowedFrom, traits, null, null);
    }

    /**
     * The record with the fields that the update names.
     *
     * @throws InvalidKeyStateException when it is revoked or expired
     */
    public ApiKey updated(KeyUpdate update, Instant now) {
        requireAlive(now, "updated");
        ApiKey next = next(
                publicId,
                update.name().orElse(name),
                update.grant().orElse(grant),
                update.allowedFrom().orElse(allowedFrom),
                traits.with(update.mcp(traits.mcp())),
                pausedAt,
                null);
        return next.sameContent(this) ? this : next;
    }

    /**
     * The record with a new token under the same key id.
     *
     * @throws InvalidKeyStateException when it is revoked or expired
     */
    public ApiKey rotated(String newPublicId, Instant now) {
        requireAlive(now, "rotated");
        return next(newPublicId, name, grant, allowedFrom, traits, pausedAt, null);
    }

    /** Until when the token before a rotation goes on working: the grace, but never past the key's own expiry. */
    public Instant graceEnd(Duration grace, Instant now) {
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
                && traits.equals(other.traits);
    }

    private ApiKey next(
            String nextPublicId,
            String nextName,
            Grant nextGrant,
            List<IpRange> nextAllowedFrom,
            KeyOptions nextTraits,
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
                nextTraits,
                createdAt,
                createdBy,
                expiresAt,
                nextPausedAt,
                nextRevocation,
                lastUse,
                nextTraits.mcp().equals(traits.mcp()) ? mcpSessions : mcpSessions.policyChanged(version + 1),
                version + 1);
    }

    static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
