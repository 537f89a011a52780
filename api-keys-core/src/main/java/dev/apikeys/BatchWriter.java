package dev.apikeys;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes notes to the store in batches. A note that the store doesn't take holds up no other: its batch is halved until
 * the note stands alone. A note that failed three times while the store took others is given up.
 *
 * <p>Not thread-safe.
 */
final class BatchWriter<T> {
    private static final int MAX_TRIES = 3;

    /** So many single notes that fail in a row mean that the store is away. */
    private static final int MAX_FAILURES_IN_A_ROW = 3;

    private final Function<T, Object> id;
    private final int batchSize;
    private final Consumer<List<T>> store;
    private final Map<Object, Integer> tries = new HashMap<>();

    /**
     * A writer for one kind of note.
     *
     * @param id what a note is recognised by from one flush to the next
     * @param batchSize how many notes the store is given at once
     * @param store writes all of the notes or throws; one that was written before is no failure
     */
    BatchWriter(Function<T, Object> id, int batchSize, Consumer<List<T>> store) {
        this.id = id;
        this.batchSize = batchSize;
        this.store = store;
    }

    /** Writes as many of the notes as the store takes now. */
    Round write(List<T> notes) {
        Set<Object> present = new HashSet<>();
        notes.forEach(note -> present.add(id.apply(note)));
        tries.keySet().retainAll(present);
        List<T> ordered = new ArrayList<>(notes);
        // A note that failed before is tried last, so that others show first whether the store is there.
        ordered.sort(Comparator.comparingInt(note -> tries.getOrDefault(id.apply(note), 0)));
        Round round = new Round();
        for (int from = 0; from < ordered.size(); from += batchSize) {
            round.write(ordered.subList(from, Math.min(from + batchSize, ordered.size())));
        }
        return round;
    }

    /** What came of one flush. */
    final class Round {
        private final List<T> written = new ArrayList<>();
        private final List<T> failed = new ArrayList<>();
        private @Nullable Throwable failure;
        private int failuresInARow;
        private boolean storeIsAway;

        List<T> written() {
            return written;
        }

        /** The first failure, or null when all was written. */
        @Nullable
        Throwable failure() {
            return failure;
        }

        /** To be called when the store took something in this flush: the notes that it will never take. */
        List<T> givenUp() {
            List<T> hopeless = new ArrayList<>();
            for (T note : failed) {
                if (tries.merge(id.apply(note), 1, Integer::sum) >= MAX_TRIES) {
                    hopeless.add(note);
                }
            }
            return hopeless;
        }

        private void write(List<T> part) {
            if (storeIsAway || part.isEmpty()) {
                return;
            }
            try {
                store.accept(part);
                written.addAll(part);
                failuresInARow = 0;
            } catch (Throwable refused) {
                // Errors and undeclared exceptions too: what they were about is tried again, and nothing else is lost.
                failure = failure == null ? refused : failure;
                // A store that hangs would take as long for each half.
                storeIsAway = refused instanceof StoreUnavailableException late && late.isTimeout();
                if (part.size() > 1) {
                    split(part);
                } else {
                    failed.add(part.get(0));
                    storeIsAway |= ++failuresInARow == MAX_FAILURES_IN_A_ROW;
                }
            }
        }

        private void split(List<T> part) {
            int from = 0;
            int to = part.size();
            if (written.isEmpty()) {
                // Two single notes show whether the store is away or doesn't take one of many.
                write(part.subList(from, ++from));
                if (written.isEmpty()) {
                    write(part.subList(--to, to + 1));
                }
                storeIsAway |= written.isEmpty();
            }
            int middle = (from + to) >>> 1;
            write(part.subList(from, middle));
            write(part.subList(middle, to));
        }
    }
}
