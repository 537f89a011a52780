package dev.apikeys;

import dev.apikeys.ImportOptions.Purpose;
import dev.apikeys.ImportReport.Refused;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One import: reads lines, and commits them in batches. It keeps one batch, and the first refused lines.
 *
 * <p>Not thread-safe.
 */
final class ImportRun {
    private final ImportRecords records;
    private final ChangeCommitter committer;
    private final ImportOptions options;
    private final List<Line> batch = new ArrayList<>();
    private final Set<String> publicIds = new HashSet<>();
    private final List<Refused> firstRefused = new ArrayList<>();
    private final Totals totals = new Totals();

    ImportRun(ImportRecords records, ChangeCommitter committer, ImportOptions options) {
        this.records = records;
        this.committer = committer;
        this.options = options;
    }

    private record Line(long number, KeyImport key) {}

    /** What was done until now. */
    private static final class Totals {
        private long lines;
        private long imported;
        private long duplicates;
        private long refused;
    }

    /** Reads the next line; a line that can't be imported is refused. */
    void add(Supplier<ImportedKey> line) {
        long number = options.firstLine() + totals.lines;
        totals.lines++;
        KeyImport key;
        try {
            key = records.complete(line.get());
        } catch (StoreUnavailableException | OwnerDirectoryUnavailableException unavailable) {
            throw unavailable;
        } catch (RuntimeException unfit) {
            refuse(number, reason(unfit));
            return;
        }
        // One batch never has one token twice, so that a store needs to compare it with stored keys only.
        boolean isNew = key.key().tokens().stream().allMatch(token -> publicIds.add(token.publicId()));
        if (!isNew) {
            flush();
            key.key().tokens().forEach(token -> publicIds.add(token.publicId()));
        }
        batch.add(new Line(number, key));
        if (batch.size() >= options.batchSize()) {
            flush();
        }
    }

    /** Commits the last batch. */
    ImportReport finish() {
        flush();
        return report();
    }

    private void flush() {
        if (!batch.isEmpty()) {
            List<KeyImport> keys = batch.stream().map(Line::key).toList();
            List<Outcome> outcomes =
                    options.purpose() == Purpose.DRY_RUN ? committer.tryImport(keys) : committer.importKeys(keys);
            for (int i = 0; i < outcomes.size(); i++) {
                note(batch.get(i).number(), outcomes.get(i));
            }
        }
        batch.clear();
        publicIds.clear();
        options.progress().accept(report());
    }

    private void note(long line, Outcome outcome) {
        switch (outcome) {
            case IMPORTED -> totals.imported++;
            case DUPLICATE -> totals.duplicates++;
            case CONFLICT -> refuse(line, "another key has this token or this id");
            case LIMIT_EXCEEDED -> refuse(line, "the owner has as many active keys as the policy allows");
            case NAME_TAKEN -> refuse(line, "an active key of the owner has this name");
            case NOT_SUPPORTED -> refuse(line, "the store can't import a key like this one");
        }
    }

    private void refuse(long line, String reason) {
        Refused refused = new Refused(line, reason);
        totals.refused++;
        if (firstRefused.size() < ImportReport.MAX_REFUSED) {
            firstRefused.add(refused);
        }
        options.refused().accept(refused);
    }

    /** Only our own messages are known to show no hash: those of other exceptions may quote the line. */
    private static String reason(RuntimeException unfit) {
        boolean isOurs = unfit.getClass() == IllegalArgumentException.class || unfit instanceof ApiKeyException;
        String message = unfit.getMessage();
        return isOurs && message != null
                ? message
                : "the line can't be read: " + unfit.getClass().getSimpleName();
    }

    private ImportReport report() {
        return new ImportReport(totals.lines, totals.imported, totals.duplicates, totals.refused, firstRefused);
    }
}
