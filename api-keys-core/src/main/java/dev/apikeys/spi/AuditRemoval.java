package dev.apikeys.spi;

import java.time.Instant;
import java.util.Objects;

/**
 * What one step removed at the end of the audit trail.
 *
 * <p>Immutable and thread-safe.
 *
 * @param entries how many entries
 * @param reached no entry from before this is left; the next step goes on here
 */
public record AuditRemoval(int entries, Instant reached) {
    /** Checks that nothing is null. */
    public AuditRemoval {
        Objects.requireNonNull(reached, "reached");
    }
}
