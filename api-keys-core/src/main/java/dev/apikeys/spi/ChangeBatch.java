package dev.apikeys.spi;

import dev.apikeys.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One batch of a {@link ChangeFeed}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param position where the next batch begins
 * @param continuity whether the history at the position is the one that was read before
 * @param changes what was committed since; meaningless after a gap or a rewind
 * @param storeTime the store's own time at the reading, or null if it has no clock
 * @param age how long before the answer the store was asked, measured where it was asked; zero if it was asked after the
 *     call. What was committed earlier than this before the call is in the batch or before the position
 */
public record ChangeBatch(
        FeedPosition position,
        Continuity continuity,
        List<Change> changes,
        @Nullable Instant storeTime,
        Duration age) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when the age is negative
     */
    public ChangeBatch {
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(continuity, "continuity");
        Objects.requireNonNull(changes, "changes");
        Objects.requireNonNull(age, "age");
        if (age.isNegative()) {
            throw new IllegalArgumentException("an age is not negative: " + age);
        }
        changes = List.copyOf(changes);
    }

    /** A batch of a store that was asked after the call. */
    public ChangeBatch(
            FeedPosition position, Continuity continuity, List<Change> changes, @Nullable Instant storeTime) {
        this(position, continuity, changes, storeTime, Duration.ZERO);
    }

    /** The store's own time; empty if it has no clock. */
    public Optional<Instant> time() {
        return Optional.ofNullable(storeTime);
    }

    /** How a batch continues the previous one. */
    public enum Continuity {
        /** {@link ChangeBatch#changes()} are all changes since then; also for a first batch. */
        CONTINUOUS,
        /**
         * {@link ChangeBatch#changes()} is the first part of all that happened since, up to
         * {@link ChangeBatch#position()}: read on.
         */
        PARTIAL,
        /** What happened since can't be told: it was trimmed already, or it is too much. */
        GAP,
        /** The history of the store is another one: the store was restored to an older state, or created again. */
        REWOUND
    }

    /** What changed. */
    public sealed interface Change {
        /**
         * The key of a public id changed.
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
         * The state of some owners changed.
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
