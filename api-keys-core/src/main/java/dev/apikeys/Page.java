package dev.apikeys;

import java.util.List;
import java.util.Objects;

/**
 * A page of a list, and the length of the whole list.
 *
 * <p>Immutable and thread-safe.
 *
 * @param items the records of this page, in the order that was asked for
 * @param total how many records the whole list had when it was counted
 * @param count whether the total was counted or estimated; a store counts exactly up to 10,000 at least, except for a
 *     search among the keys of many owners
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, long total, Count count) {
    /** How the total was found. */
    public enum Count {
        /** All records were counted. */
        EXACT,
        /** More records were found than are worth counting: the total is at least what was counted. */
        ESTIMATE
    }

    /** Copies the list. */
    public Page {
        Objects.requireNonNull(items, "items");
        Objects.requireNonNull(count, "count");
        items = List.copyOf(items);
    }

    /** A page of a list that was counted exactly. */
    public Page(List<T> items, long total) {
        this(items, total, Count.EXACT);
    }

    /** Tells whether the total is an estimate. */
    public boolean isEstimated() {
        return count == Count.ESTIMATE;
    }
}
