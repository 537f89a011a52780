package dev.apikeys;

import dev.apikeys.mcp.McpPolicy;
import java.security.Principal;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The principal of an accepted key: who it acts for, and what it may do.
 *
 * <p>Immutable and thread-safe.
 *
 * @param keyId the key
 * @param publicId the public id of the token that was presented
 * @param kind the key's kind
 * @param owner whom the key acts for
 * @param keyName the key's name
 * @param scopes what it may do now
 * @param mcp what agents may do with it
 * @param expiresAt when the presented token ends, or null if it never ends
 * @param freshness {@link Freshness#CONFIRMED} or {@link Freshness#WITHIN_GRACE}: whether the store confirmed that the
 *     key is still good
 */
public record KeyPrincipal(
        UUID keyId,
        String publicId,
        KeyKind kind,
        Owner owner,
        String keyName,
        EffectiveScopes scopes,
        McpPolicy mcp,
        @Nullable Instant expiresAt,
        Freshness freshness)
        implements Principal {
    /** Checks that nothing is missing. */
    public KeyPrincipal {
        Objects.requireNonNull(keyId, "keyId");
        Objects.requireNonNull(publicId, "publicId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(keyName, "keyName");
        Objects.requireNonNull(scopes, "scopes");
        Objects.requireNonNull(mcp, "mcp");
        Objects.requireNonNull(freshness, "freshness");
    }

    /** The same principal, marked as not confirmed by the store. */
    KeyPrincipal withinGrace() {
        return new KeyPrincipal(keyId, publicId, kind, owner, keyName, scopes, mcp, expiresAt, Freshness.WITHIN_GRACE);
    }

    /** The user that the key acts for, or the organization if there is no user. */
    @Override
    public String getName() {
        return owner.displayId();
    }
}
