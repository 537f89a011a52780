package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyUse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Collects in memory what verification has to write, for one thread that writes it: latest uses, rejections for the
 * audit trail, replacements of older hashes. Its size is limited. While the store is away, the newest use of each key
 * is kept, and everything above the limits is dropped and counted.
 *
 * <p>Thread-safe.
 */
final class WriteBehind {
    private static final int MAX_AUDIT = 1_000;
    private static final int MAX_REHASHES = 1_000;
    private static final int BATCH = 500;

    private final ApiKeyStore store;
    private final Counters counters;
    private final NotedUses uses;
    private final BlockingQueue<AuditEntry> audit = new ArrayBlockingQueue<>(MAX_AUDIT);
    private final BlockingQueue<Rehash> rehashes = new ArrayBlockingQueue<>(MAX_REHASHES);
    private final BatchWriter<AuditEntry> auditWriter;
    private final BatchWriter<Rehash> rehashWriter;
    private final ReentrantLock flushing = new ReentrantLock();

    WriteBehind(ApiKeyStore store, Counters counters) {
        this.store = store;
        this.counters = counters;
        this.uses = new NotedUses(store, counters, BATCH);
        this.auditWriter = new BatchWriter<>(AuditEntry::id, BATCH, store::appendAudit);
        this.rehashWriter = new BatchWriter<>(Rehash::publicId, 1, one -> one.forEach(this::write));
    }

    /** Uses are kept for as many keys as there is room for. This is called before it is full, once before each flush. */
    void whenNearlyFull(Runnable flushSoon) {
        uses.whenNearlyFull(flushSoon);
    }

    void noteUse(CacheEntry key, long nowMillis, @Nullable String address) {
        uses.note(key, nowMillis, address);
    }

    /** As {@link #noteUse}, where the caller has the cell of the key. */
    void noteIn(UsageCell found, CacheEntry key, long nowMillis, @Nullable String address) {
        uses.noteIn(found, key, nowMillis, address);
    }

    void noteAudit(AuditEntry entry) {
        if (!audit.offer(entry)) {
            counters.dropped.increment();
        }
    }

    void noteOutdated(Rehash rehash) {
        counters.outdatedHashes.increment();
        keep(rehash);
    }

    /**
     * Writes what was noted. What the store doesn't take is kept for the next time; it holds up nothing else.
     *
     * <p>Throws the first failure, after everything was tried.
     */
    void flush() {
        flushing.lock();
        try {
            List<KeyUse> latest = uses.collect();
            List<AuditEntry> entries = drained(audit);
            List<Rehash> hashes = drained(rehashes);
            BatchWriter<KeyUse>.Round usesRound = uses.write(latest);
            BatchWriter<AuditEntry>.Round auditRound = auditWriter.write(entries);
            BatchWriter<Rehash>.Round rehashRound = rehashWriter.write(hashes);
            boolean storeIsThere = !usesRound.written().isEmpty()
                    || !auditRound.written().isEmpty()
                    || !rehashRound.written().isEmpty();
            uses.keepOnly(left(latest, usesRound, storeIsThere));
            left(entries, auditRound, storeIsThere).forEach(this::noteAudit);
            left(hashes, rehashRound, storeIsThere).forEach(this::keep);
            throwFirst(usesRound.failure(), auditRound.failure(), rehashRound.failure());
        } finally {
            flushing.unlock();
        }
    }

    private static <T> List<T> drained(BlockingQueue<T> queue) {
        List<T> notes = new ArrayList<>();
        queue.drainTo(notes);
        return notes;
    }

    /** What is to be written the next time. */
    private <T> List<T> left(List<T> notes, BatchWriter<T>.Round round, boolean storeIsThere) {
        Set<T> done = Collections.newSetFromMap(new IdentityHashMap<>());
        done.addAll(round.written());
        if (storeIsThere) {
            List<T> hopeless = round.givenUp();
            counters.setAside.add(hopeless.size());
            done.addAll(hopeless);
        }
        return notes.stream().filter(note -> !done.contains(note)).toList();
    }

    private void throwFirst(@Nullable Throwable... failures) {
        for (Throwable failure : failures) {
            if (failure != null) {
                counters.failedFlushes.increment();
                if (failure instanceof Error error) {
                    throw error;
                }
                throw failure instanceof RuntimeException usual
                        ? usual
                        : new StoreUnavailableException("what was noted could not be written", failure);
            }
        }
    }

    private void keep(Rehash rehash) {
        if (!rehashes.offer(rehash)) {
            counters.dropped.increment();
        }
    }

    private void write(Rehash rehash) {
        if (store.rehash(rehash.publicId(), rehash.expected(), rehash.replacement())) {
            counters.rehashes.increment();
        }
    }
}
