package dev.apikeys;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * How {@link KeyTransfer} imports: in batches of 1,000, beginning with line 1, and telling nobody until it is done.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class ImportOptions {
    /** The options without any other word. */
    public static final ImportOptions DEFAULT =
            new ImportOptions(1_000, 1, Purpose.IMPORT, report -> {}, refused -> {});

    private static final int MAX_BATCH = 10_000;

    private final int batchSize;
    private final long firstLine;
    private final Purpose purpose;
    private final Consumer<ImportReport> progress;
    private final Consumer<ImportReport.Refused> refused;

    private ImportOptions(
            int batchSize,
            long firstLine,
            Purpose purpose,
            Consumer<ImportReport> progress,
            Consumer<ImportReport.Refused> refused) {
        this.batchSize = batchSize;
        this.firstLine = firstLine;
        this.purpose = purpose;
        this.progress = progress;
        this.refused = refused;
    }

    /** Whether anything is written. */
    enum Purpose {
        IMPORT,
        DRY_RUN
    }

    /**
     * How many keys are imported in one transaction; default 1,000.
     *
     * @throws IllegalArgumentException unless it is 1 to 10,000
     */
    public ImportOptions batchSize(int keys) {
        if (keys < 1 || keys > MAX_BATCH) {
            throw new IllegalArgumentException("a batch has 1 to " + MAX_BATCH + " keys: " + keys);
        }
        return new ImportOptions(keys, firstLine, purpose, progress, refused);
    }

    /**
     * The number of the first line, for the report; default 1. A file with a heading begins with 2.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public ImportOptions firstLine(long line) {
        if (line < 0) {
            throw new IllegalArgumentException("lines are numbered from 0 or 1: " + line);
        }
        return new ImportOptions(batchSize, line, purpose, progress, refused);
    }

    /**
     * Writes nothing, and reports what an import would do. The limits of owners are checked against what is stored and
     * the keys of one batch.
     */
    public ImportOptions dryRun() {
        return new ImportOptions(batchSize, firstLine, Purpose.DRY_RUN, progress, refused);
    }

    /** Is told after each batch, on the thread of the import, what was done until then. */
    public ImportOptions onProgress(Consumer<ImportReport> listener) {
        Objects.requireNonNull(listener, "listener");
        return new ImportOptions(batchSize, firstLine, purpose, listener, refused);
    }

    /** Is told of each line that is refused, on the thread of the import. The report keeps the first thousand only. */
    public ImportOptions onRefused(Consumer<ImportReport.Refused> listener) {
        Objects.requireNonNull(listener, "listener");
        return new ImportOptions(batchSize, firstLine, purpose, progress, listener);
    }

    int batchSize() {
        return batchSize;
    }

    long firstLine() {
        return firstLine;
    }

    Purpose purpose() {
        return purpose;
    }

    Consumer<ImportReport> progress() {
        return progress;
    }

    Consumer<ImportReport.Refused> refused() {
        return refused;
    }
}
