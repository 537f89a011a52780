package dev.apikeys.spi;

import java.util.Objects;
import java.util.Set;

/**
 * A committed change.
 *
 * <p>Immutable and thread-safe.
 *
 * @param epoch the epoch that the change raised the counter to
 * @param publicIds all public ids whose cached state is outdated by the change
 */
public record AppliedChange(long epoch, Set<String> publicIds) {
    /** Copies the set. */
    public AppliedChange {
        Objects.requireNonNull(publicIds, "publicIds");
        publicIds = Set.copyOf(publicIds);
    }
}
