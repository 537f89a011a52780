package dev.apikeys;

import dev.apikeys.ImportOptions.Purpose;
import dev.apikeys.ImportReport.Refused;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * One import: reads lines, and commits them in batches. It keeps one batch, and the first refused lines.
 *
 * <p>Not thread-safe.
 */
final class ImportRun {
    /** Of 120 bits in Base64 and more; no word of a message of ours is as long. */
    private static final Pattern LONG_WORD = Pattern.compile("[A-Za-z0-9+/=_$|-]{20,}");

    private final ImportRecords records;
    private final ChangeCommitter committer;
    private final ImportOptions options;
    private final List<Line> batch = new ArrayList<>();
    private final Map<String, KeyImport> batchTokens = new HashMap<>();
    private final Set<UUID> batchIds = new HashSet<>();
    private final List<Refused> firstRefused = new ArrayList<>();
    private final Totals totals = new Totals();

    ImportRun(ImportRecords records, ChangeCommitter committer, ImportOptions options) {
        this.records = records;
        this.committer = committer;
        this.options = options;
    }

    /** What was read of a line of the batch. */
    private sealed interface Line {
        long number();

        /** A key for the store. */
        record Fit(long number, KeyImport key) implements Line {}

        /** In a dry run, a key with a token or the id of an earlier line. */
        record Repeated(long number, Outcome outcome) implements Line {}

        /** No key that can be imported. */
        record Unfit(long number, String reason) implements Line {}
    }

    /** What was done until now. */
    private static final class Totals {
        private long lines;
        private long imported;
        private long duplicates;
        private long refused;
    }

    /** Reads the next line; a line that can't be imported is refused. */
    void add(Supplier<ImportedKey> line) {
        Line next = read(options.firstLine() + totals.lines, line);
        totals.lines++;
        if (next instanceof Line.Fit fit) {
            add(fit);
        } else {
            batch.add(next);
        }
        if (batch.size() >= options.batchSize()) {
            flush();
        }
    }

    private Line read(long number, Supplier<ImportedKey> line) {
        try {
            return new Line.Fit(number, records.complete(line.get()));
        } catch (StoreUnavailableException | OwnerDirectoryUnavailableException unavailable) {
            throw unavailable;
        } catch (Exception unfit) {
            return new Line.Unfit(number, reason(unfit));
        }
    }

    /** One batch never has one token or one id twice, so that a store needs to compare it with stored keys only. */
    private void add(Line.Fit line) {
        ExportedKey key = line.key().key();
        boolean isRepeated = batchIds.contains(key.key().id())
                || key.tokens().stream().anyMatch(token -> batchTokens.containsKey(token.publicId()));
        if (isRepeated && options.purpose() == Purpose.DRY_RUN) {
            KeyImport earlier = batchTokens.get(key.currentToken().publicId());
            batch.add(new Line.Repeated(
                    line.number(),
                    earlier == null ? Outcome.CONFLICT : line.key().beside(earlier.key())));
            return;
        }
        if (isRepeated) {
            flush();
        }
        batchIds.add(key.key().id());
        key.tokens().forEach(token -> batchTokens.put(token.publicId(), line.key()));
        batch.add(line);
    }

    /** Commits the last batch. */
    ImportReport finish() {
        flush();
        return report();
    }

    private void flush() {
        Iterator<Outcome> outcomes = commit().iterator();
        for (Line line : batch) {
            if (line instanceof Line.Unfit unfit) {
                refuse(line.number(), unfit.reason());
            } else {
                note(line.number(), line instanceof Line.Repeated repeated ? repeated.outcome() : outcomes.next());
            }
        }
        batch.clear();
        batchTokens.clear();
        batchIds.clear();
        options.progress().accept(report());
    }

    private List<Outcome> commit() {
        List<KeyImport> keys = batch.stream()
                .filter(Line.Fit.class::isInstance)
                .map(line -> ((Line.Fit) line).key())
                .toList();
        if (keys.isEmpty()) {
            return List.of();
        }
        return options.purpose() == Purpose.DRY_RUN ? committer.tryImport(keys) : committer.importKeys(keys);
    }

    private void note(long line, Outcome outcome) {
        switch (outcome) {
            case IMPORTED -> totals.imported++;
            case DUPLICATE -> totals.duplicates++;
            case CONFLICT ->
                refuse(line, "another key has this token or this id, or the token is there with another secret");
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

    /**
     * Messages of other kinds of exceptions may quote the line. So may an IllegalArgumentException of the JDK or of the
     * host, so that all that is long enough for a secret or a hash is masked.
     */
    private static String reason(Exception unfit) {
        boolean isForPeople = unfit.getClass() == IllegalArgumentException.class || unfit instanceof ApiKeyException;
        String message = unfit.getMessage();
        return isForPeople && message != null
                ? LONG_WORD.matcher(message).replaceAll("***")
                : "the line can't be read: " + unfit.getClass().getSimpleName();
    }

    private ImportReport report() {
        return new ImportReport(totals.lines, totals.imported, totals.duplicates, totals.refused, firstRefused);
    }
}
