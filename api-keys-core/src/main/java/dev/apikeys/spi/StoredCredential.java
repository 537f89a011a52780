package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The credential that a store finds for a public id.
 *
 * <p>Immutable and thread-safe.
 *
 * @param publicId the id of the look-up
 * @param hash the hash of its secret
 * @param validUntil when this token ends because the key was rotated, or null for the current token
 * @param key the key that it belongs to, without its metadata: nothing is decided by it, and no node keeps it in memory
 */
public record StoredCredential(
        String publicId, SecretHash hash, @Nullable Instant validUntil, ApiKey key) {
    /** Leaves out the metadata of the key. */
    public StoredCredential {
        Objects.requireNonNull(publicId, "publicId");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(key, "key");
        key = key.withMetadata(Map.of());
    }
}
