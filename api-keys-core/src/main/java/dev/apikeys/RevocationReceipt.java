package dev.apikeys;

import java.time.Instant;
import java.util.Objects;

/**
 * The receipt of a revocation, with the instants from which it holds.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key the key as it is now
 * @param effectiveBy from this instant on every node that can reach the store rejects the key (Y); this node rejects it
 *     already
 * @param effectiveEverywhereBy from this instant on every node rejects the key, also a node that is cut off from the
 *     store: the same instant under {@link LeasePolicy#strict()}, later by the grace under
 *     {@link LeasePolicy#balanced}. This is correct only if all nodes have the same {@link LeasePolicy}
 */
public record RevocationReceipt(ApiKey key, Instant effectiveBy, Instant effectiveEverywhereBy) {
    /** Checks that nothing is missing. */
    public RevocationReceipt {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(effectiveBy, "effectiveBy");
        Objects.requireNonNull(effectiveEverywhereBy, "effectiveEverywhereBy");
    }
}
