package dev.apikeys.spi;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditEntry;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step in a key's life. A store carries it out completely or not at all, and only if the stored version is
 * {@code before.version()}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param before the record that the step was computed from
 * @param after the record to store, version one higher
 * @param rotation the new token's hash, or null when the token stays
 * @param audit the entry to append in the same transaction
 */
public record KeyChange(
        ApiKey before, ApiKey after, @Nullable Rotation rotation, AuditEntry audit) {
    /**
     * A new token for the key; its public id is {@code after.publicId()}. Tokens from before an earlier rotation end at
     * once: a key has at most two that work.
     *
     * @param hash the hash of the new secret
     * @param oldValidUntil when the token before this one ends
     */
    public record Rotation(SecretHash hash, Instant oldValidUntil) {
        /** Checks that nothing is missing. */
        public Rotation {
            Objects.requireNonNull(hash, "hash");
            Objects.requireNonNull(oldValidUntil, "oldValidUntil");
        }
    }

    /** Checks that the versions follow each other. */
    public KeyChange {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(audit, "audit");
        if (!before.id().equals(after.id()) || after.version() != before.version() + 1) {
            throw new IllegalArgumentException("a change leads from one version of a key to its next");
        }
    }
}
