package dev.apikeys.spi;

import dev.apikeys.Owner;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a {@link ChangeFeed}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param position where the next reading goes on
 * @param continuity whether the history at the position is the one that was read before
 * @param changes what was committed since; meaningless after a gap or a rewind
 * @param storeTime the store's own time during the reading, or null when it has no clock of its own
 */
public record ChangeBatch(
        FeedPosition position,
        Continuity continuity,
        List<Change> changes,
        @Nullable Instant storeTime) {
    /** Copies the list. */
    public ChangeBatch {
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(continuity, "continuity");
        Objects.requireNonNull(changes, "changes");
        changes = List.copyOf(changes);
    }

    /** The store's own time; empty when it has no clock of its own. */
    public Optional<Instant> time() {
        return Optional.ofNullable(storeTime);
    }

    /** How a reading continues the one before. */
    public enum Continuity {
        /** {@link ChangeBatch#changes()} is all that happened since; also for a first reading. */
        CONTINUOUS,
        /**
         * {@link ChangeBatch#changes()} is the first part of all that happened since, up to
         * {@link ChangeBatch#position()}: read on.
         */
        PARTIAL,
        /** What happened since can't be told: it was trimmed already, or it is too much. */
        GAP,
        /** The store's past is another one: it was restored to an older state, or made anew. */
        REWOUND
    }

    /** What changed. */
    public sealed interface Change {
        /**
         * The state behind a public id changed.
         *
         * @param publicId the id
         */
        record OfCredential(String publicId) implements Change {
            /** Checks that nothing is missing. */
            public OfCredential {
                Objects.requireNonNull(publicId, "publicId");
            }
        }

        /**
         * What is true of some owners changed.
         *
         * @param selector an absent part stands for every value
         */
        record OfOwners(Owner selector) implements Change {
            /** Checks that nothing is missing. */
            public OfOwners {
                Objects.requireNonNull(selector, "selector");
            }
        }
    }
}
