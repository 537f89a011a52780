package dev.apikeys.spi;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A part of a walk through the latest uses of all keys.
 *
 * <p>Immutable and thread-safe.
 *
 * @param uses those that were asked for, in no order
 * @param end where the next part begins, or null if there is none
 */
public record LatestUses(List<Use> uses, @Nullable UUID end) {
    /** No use, and the end of the walk. */
    public static final LatestUses NONE = new LatestUses(List.of(), null);

    /** Copies the list. */
    public LatestUses {
        Objects.requireNonNull(uses, "uses");
        uses = List.copyOf(uses);
    }

    /**
     * The latest use of a key.
     *
     * @param publicId the public id of the key's current token
     * @param at when it was used
     */
    public record Use(String publicId, Instant at) {
        /** Checks that nothing is null. */
        public Use {
            Objects.requireNonNull(publicId, "publicId");
            Objects.requireNonNull(at, "at");
        }
    }
}
