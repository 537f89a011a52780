package dev.apikeys.spi;

import dev.apikeys.ApiKey.LastUse;
import java.util.Objects;
import java.util.UUID;

/**
 * The latest use of one key. A store keeps it unless it has a later one.
 *
 * <p>Immutable and thread-safe.
 *
 * @param keyId the key
 * @param use when and from where
 */
public record KeyUse(UUID keyId, LastUse use) {
    /** Checks that nothing is missing. */
    public KeyUse {
        Objects.requireNonNull(keyId, "keyId");
        Objects.requireNonNull(use, "use");
    }
}
