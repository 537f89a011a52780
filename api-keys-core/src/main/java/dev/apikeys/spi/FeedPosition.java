package dev.apikeys.spi;

import java.util.Objects;

/**
 * A position in a store's history of changes. Only the store interprets it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param incarnation the id of the history; a store that is created again has another one
 * @param epoch counts the changes of the history
 * @param stamp a random number drawn with the change of this epoch; it distinguishes two histories with the same
 *     counts, if one was restored from a backup of the other
 * @param witness names something lasting that one of the latest commits left, such as an entry of the audit trail; a
 *     history that lacks it is another one, although no change was counted. Empty when there is none
 */
public record FeedPosition(String incarnation, long epoch, long stamp, String witness) {
    /** Checks that nothing is missing. */
    public FeedPosition {
        Objects.requireNonNull(incarnation, "incarnation");
        Objects.requireNonNull(witness, "witness");
    }

    /** A place without a witness. */
    public FeedPosition(String incarnation, long epoch, long stamp) {
        this(incarnation, epoch, stamp, "");
    }
}
