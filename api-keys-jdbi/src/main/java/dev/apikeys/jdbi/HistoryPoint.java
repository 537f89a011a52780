package dev.apikeys.jdbi;

import java.util.Objects;

/**
 * How far the history of a database has come. It names no key, and may be kept in a file.
 *
 * <p>Immutable and thread-safe.
 *
 * @param incarnation the text that names the history
 * @param epoch how many changes it has seen
 */
public record HistoryPoint(String incarnation, long epoch) {
    /** Checks that there is a name. */
    public HistoryPoint {
        Objects.requireNonNull(incarnation, "incarnation");
    }
}
