package dev.apikeys.spi;

import java.util.Objects;

/**
 * A place in a store's history of changes. Only the store reads meaning into it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param incarnation names the history; another one was made from scratch
 * @param epoch counts the changes of the history
 * @param stamp a random number drawn with the change of this epoch; tells apart two histories that count alike because
 *     one was restored from a backup of the other
 */
public record FeedPosition(String incarnation, long epoch, long stamp) {
    /** Checks that nothing is missing. */
    public FeedPosition {
        Objects.requireNonNull(incarnation, "incarnation");
    }
}
