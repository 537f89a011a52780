package dev.apikeys;

import java.time.Instant;
import java.util.Objects;

/**
 * That a key was revoked, and from when on that holds.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key the key as it is now
 * @param effectiveBy from then on every node that can reach the store refuses it (Y); on this node it holds already
 * @param effectiveEverywhereBy from then on every node refuses it, also one that is cut off from the store: the same
 *     under {@link LeasePolicy#strict()}, later by the grace under {@link LeasePolicy#balanced}. It supposes that all
 *     nodes run under the same {@link LeasePolicy}
 */
public record RevocationReceipt(ApiKey key, Instant effectiveBy, Instant effectiveEverywhereBy) {
    /** Checks that nothing is missing. */
    public RevocationReceipt {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(effectiveBy, "effectiveBy");
        Objects.requireNonNull(effectiveEverywhereBy, "effectiveEverywhereBy");
    }
}
