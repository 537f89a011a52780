package dev.apikeys;

import java.security.Principal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who came in with a key, and what they may do.
 *
 * <p>Immutable and thread-safe.
 *
 * @param keyId the key
 * @param publicId the public id of the token that was presented
 * @param kind the key's kind
 * @param owner whom the key acts for
 * @param keyName the key's name
 * @param scopes what it may do now
 * @param expiresAt when the presented token ends, or null when never
 */
public record KeyPrincipal(
        UUID keyId,
        String publicId,
        KeyKind kind,
        Owner owner,
        String keyName,
        EffectiveScopes scopes,
        @Nullable Instant expiresAt)
        implements Principal {
    /** The user that the key acts for, or the organization where there is no user. */
    @Override
    public String getName() {
        return owner.displayId();
    }
}
