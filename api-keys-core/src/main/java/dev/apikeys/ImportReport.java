package dev.apikeys;

import java.util.List;
import java.util.Objects;

/**
 * What became of the lines of an import. No secret, token or hash is in it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param lines how many lines were read
 * @param imported how many keys were imported, or would be in a dry run
 * @param duplicates how many keys were there already, with the same token and owner; so an import that was stopped can be
 *     started again from the beginning
 * @param refused how many lines were refused
 * @param firstRefused the first of them, at most {@value #MAX_REFUSED}
 */
public record ImportReport(long lines, long imported, long duplicates, long refused, List<Refused> firstRefused) {
    /** How many refused lines the report keeps; {@link ImportOptions#onRefused} is told of all. */
    public static final int MAX_REFUSED = 1_000;

    /** Copies the list. */
    public ImportReport {
        Objects.requireNonNull(firstRefused, "firstRefused");
        firstRefused = List.copyOf(firstRefused);
    }

    /**
     * A line that was not imported.
     *
     * @param line its number, counted from {@link ImportOptions#firstLine}
     * @param reason why, for people
     */
    public record Refused(long line, String reason) {
        /** Checks that nothing is missing. */
        public Refused {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
