package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Moves many keys: from another system, and from one database of this library to another.
 *
 * <p>Thread-safe.
 *
 * @see KeyService#transfer
 */
public final class KeyTransfer {
    private final ApiKeyStore store;
    private final ImportRecords records;
    private final ChangeCommitter committer;
    private final Stamps stamps;

    KeyTransfer(ApiKeyStore store, ImportRecords records, ChangeCommitter committer, Stamps stamps) {
        this.store = store;
        this.records = records;
        this.committer = committer;
        this.stamps = stamps;
    }

    /**
     * As {@link #importKeys(Stream, Function, ImportOptions)}, for keys that were read already. The place of a key in the
     * stream is its line.
     */
    public ImportReport importKeys(Stream<ImportedKey> keys, ImportOptions options) {
        Objects.requireNonNull(keys, "keys");
        Objects.requireNonNull(options, "options");
        return importKeys(keys, Function.identity(), options);
    }

    /**
     * Imports keys in batches, each in one transaction, and holds one batch in memory. A key whose token is there already,
     * for the same kind and owner, is a duplicate and is left as it is: so an import that was stopped is started again
     * from the beginning. A line that can't be imported is refused and reported; the others are imported. Listeners are
     * told of each key as of an issued one.
     *
     * @param lines closed at the end; read in order, on this thread
     * @param reader makes a key of a line. A line for which it throws is refused. The message of an
     *     {@link IllegalArgumentException} is reported, with three asterisks for each word of 20 characters or more, which
     *     may be a secret; of other exceptions the class is reported
     * @throws StoreUnavailableException when the store failed; the batches before stay imported
     * @throws OwnerDirectoryUnavailableException when the host's directory failed; the batches before stay imported
     */
    public <T> ImportReport importKeys(
            Stream<T> lines, Function<? super T, ImportedKey> reader, ImportOptions options) {
        Objects.requireNonNull(lines, "lines");
        Objects.requireNonNull(reader, "reader");
        Objects.requireNonNull(options, "options");
        ImportRun run = new ImportRun(records, committer, options);
        try (lines) {
            lines.sequential().forEachOrdered(line -> run.add(() -> reader.apply(line)));
        }
        return run.finish();
    }

    /**
     * All keys with their hashes, newest first, read page by page. {@link ImportedKey#of(ExportedKey)} takes them back in
     * another database. Keys that are issued or changed meanwhile may be missing or old: stop all services first, or
     * import a second time, which adds what is missing.
     *
     * @throws StoreUnavailableException when the store failed, in this call or while the stream is read
     */
    public Stream<ExportedKey> exportKeys() {
        Instant now = stamps.now();
        return Stream.iterate(page(null, now), page -> !page.isEmpty(), page -> page(page.get(page.size() - 1), now))
                .flatMap(List::stream);
    }

    private List<ExportedKey> page(@Nullable ExportedKey last, Instant now) {
        PageRequest page = last == null
                ? PageRequest.first(PageRequest.MAX_LIMIT)
                : PageRequest.after(
                        new PageRequest.Position(
                                last.key().createdAt(), last.key().id()),
                        PageRequest.MAX_LIMIT);
        return store.exportKeys(page, now);
    }

    /**
     * How many tokens of keys that are not revoked there are of each scheme and pepper. A pepper without tokens is needed
     * no more.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public List<HashCount> hashCounts() {
        return store.countHashes().entrySet().stream()
                .map(count -> count(count.getKey(), count.getValue()))
                .sorted(Comparator.comparing(HashCount::scheme)
                        .thenComparing(count -> Objects.requireNonNullElse(count.pepperId(), "")))
                .toList();
    }

    private static HashCount count(String kind, long tokens) {
        String pepper = SecretHasher.pepperOf(kind);
        String scheme = pepper == null ? kind : kind.substring(0, kind.length() - pepper.length() - 1);
        return new HashCount(scheme.replace('$', ' '), pepper, tokens);
    }
}
