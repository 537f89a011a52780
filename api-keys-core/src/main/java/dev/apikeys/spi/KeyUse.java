package dev.apikeys.spi;

import dev.apikeys.ApiKey.LastUse;
import java.util.Objects;
import java.util.UUID;

/**
 * The latest use of one key, to be stored unless a later one is stored already.
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
