package dev.apikeys;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What became of a revocation of many keys.
 *
 * <p>Immutable and thread-safe.
 *
 * @param revoked how many keys this call revoked
 * @param unchanged the ids of keys that it could not revoke, because other calls kept changing them; call it again
 * @param effectiveBy from this instant on every node that can reach the store rejects the keys
 * @param effectiveEverywhereBy from this instant on every node rejects them, as in {@link RevocationReceipt}
 */
public record BulkRevocation(long revoked, List<UUID> unchanged, Instant effectiveBy, Instant effectiveEverywhereBy) {
    /** Copies the list. */
    public BulkRevocation {
        Objects.requireNonNull(unchanged, "unchanged");
        Objects.requireNonNull(effectiveBy, "effectiveBy");
        Objects.requireNonNull(effectiveEverywhereBy, "effectiveEverywhereBy");
        unchanged = List.copyOf(unchanged);
    }
}
