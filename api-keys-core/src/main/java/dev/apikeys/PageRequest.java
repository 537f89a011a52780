package dev.apikeys;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request for one page of a list: a page by its number, or the records after a given one. The second form neither
 * skips nor repeats a record if others are inserted meanwhile. Lists come newest first; lists of keys also in
 * {@linkplain #in another order}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param offset how many records to skip, at least 0
 * @param after the last record seen, or null
 * @param limit how many records at the most, 1 to 1,000
 * @param order the order of a list of keys; other lists ignore it
 */
public record PageRequest(long offset, @Nullable Position after, int limit, KeyOrder order) {
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
     * @throws IllegalArgumentException when one is out of range, or a place in a list comes with another order than the
     *     newest first
     */
    public PageRequest {
        Objects.requireNonNull(order, "order");
        if (offset < 0 || limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "a page has an offset from 0 and a limit of 1 to " + MAX_LIMIT + ": " + offset + ", " + limit);
        }
        if (after != null && !order.equals(KeyOrder.NEWEST_FIRST)) {
            throw new IllegalArgumentException("only a list that is newest first goes on behind a record: " + order);
        }
    }

    /** Newest first. */
    public PageRequest(long offset, @Nullable Position after, int limit) {
        this(offset, after, limit, KeyOrder.NEWEST_FIRST);
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

    /**
     * The same page of a list of keys in another order.
     *
     * @throws IllegalArgumentException for the records after a given one, unless the order is newest first
     */
    public PageRequest in(KeyOrder another) {
        Objects.requireNonNull(another, "another");
        return new PageRequest(offset, after, limit, another);
    }
}
