package dev.apikeys;

import java.util.List;
import java.util.Objects;

/**
 * A page of a list, and the length of the whole list.
 *
 * <p>Immutable and thread-safe.
 *
 * @param items the records of this page, newest first
 * @param total how many records the whole list had when it was counted
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, long total) {
    /** Copies the list. */
    public Page {
        Objects.requireNonNull(items, "items");
        items = List.copyOf(items);
    }
}
