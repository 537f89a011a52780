package dev.apikeys.spi;

import java.util.Objects;
import java.util.Set;

/**
 * That a change was committed.
 *
 * <p>Immutable and thread-safe.
 *
 * @param epoch the epoch that the change raised the counter to
 * @param publicIds every public id whose cached state it outdated
 */
public record AppliedChange(long epoch, Set<String> publicIds) {
    /** Copies the set. */
    public AppliedChange {
        Objects.requireNonNull(publicIds, "publicIds");
        publicIds = Set.copyOf(publicIds);
    }
}
