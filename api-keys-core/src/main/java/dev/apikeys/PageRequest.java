package dev.apikeys;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request for one page of a list, newest first: a page by its number, or the records after a given one. The second
 * form neither skips nor repeats a record if others are inserted meanwhile.
 *
 * <p>Immutable and thread-safe.
 *
 * @param offset how many records to skip, at least 0
 * @param after the last record seen, or null
 * @param limit how many records at the most, 1 to 1,000
 */
public record PageRequest(long offset, @Nullable Position after, int limit) {
    /** Most records in one page. */
    public static final int MAX_LIMIT = 1_000;

    /**
     * Where a record stands in a list.
     *
     * @param at its time of creation
     * @param id its id, which orders records of the same millisecond
     */
    public record Position(Instant at, UUID id) {
        /** Checks that both are there. */
        public Position {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(id, "id");
        }
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException when one is out of range
     */
    public PageRequest {
        if (offset < 0 || limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "a page has an offset from 0 and a limit of 1 to " + MAX_LIMIT + ": " + offset + ", " + limit);
        }
    }

    /** The newest records. */
    public static PageRequest first(int limit) {
        return new PageRequest(0, null, limit);
    }

    /**
     * A page by its number.
     *
     * @param number from 1
     * @param size 1 to 1,000
     */
    public static PageRequest page(int number, int size) {
        return new PageRequest((number - 1L) * size, null, size);
    }

    /** The records that are older than one seen before. */
    public static PageRequest after(Position last, int limit) {
        Objects.requireNonNull(last, "last");
        return new PageRequest(0, last, limit);
    }
}
