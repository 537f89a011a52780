package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyUse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
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
    private static final int MAX_USES = 100_000;
    private static final int MAX_AUDIT = 1_000;
    private static final int MAX_REHASHES = 1_000;
    private static final int BATCH = 500;

    private final ApiKeyStore store;
    private final Counters counters;
    private final Queue<UsageCell> touched = new ArrayBlockingQueue<>(MAX_USES);
    private final BlockingQueue<AuditEntry> audit = new ArrayBlockingQueue<>(MAX_AUDIT);
    private final BlockingQueue<Rehash> rehashes = new ArrayBlockingQueue<>(MAX_REHASHES);
    private final Map<UUID, KeyUse> unwritten = new HashMap<>();
    /** The cells that the latest flush took. A use that was noted during that flush may still be in one of them. */
    private final List<UsageCell> takenBefore = new ArrayList<>();

    private final BatchWriter<KeyUse> useWriter;
    private final BatchWriter<AuditEntry> auditWriter;
    private final BatchWriter<Rehash> rehashWriter;
    private final ReentrantLock flushing = new ReentrantLock();

    WriteBehind(ApiKeyStore store, Counters counters) {
        this.store = store;
        this.counters = counters;
        this.useWriter = new BatchWriter<>(KeyUse::keyId, BATCH, uses -> {
            store.recordUses(uses);
            counters.usesWritten.add(uses.size());
        });
        this.auditWriter = new BatchWriter<>(AuditEntry::id, BATCH, store::appendAudit);
        this.rehashWriter = new BatchWriter<>(Rehash::publicId, 1, one -> one.forEach(this::write));
    }

    void noteUse(CacheEntry key, long nowMillis, @Nullable String address) {
        UsageCell waiting = key.use();
        if (waiting != null) {
            noteIn(waiting, key, nowMillis, address);
        } else {
            beginCell(key, nowMillis, address);
        }
    }

    /** Notes a use in the present cell of the key, and again in a new cell if the present one was taken meanwhile. */
    @SuppressWarnings("ReferenceEquality") // Compares references.
    void noteIn(UsageCell found, CacheEntry key, long nowMillis, @Nullable String address) {
        if (found.note(nowMillis, address) && key.use() != found) {
            noteUse(key, nowMillis, address);
        }
    }

    /** Runs once for each key and interval. */
    private void beginCell(CacheEntry key, long nowMillis, @Nullable String address) {
        UsageCell cell = new UsageCell(key, nowMillis, address);
        if (!key.replaceUse(null, cell)) {
            // Another thread began one.
            noteUse(key, nowMillis, address);
        } else if (!touched.offer(cell)) {
            // There is no room. The next use tries again.
            key.replaceUse(cell, null);
            counters.dropped.increment();
        }
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
     * @throws RuntimeException the first failure, after everything was tried
     */
    void flush() {
        flushing.lock();
        try {
            collectUses();
            List<KeyUse> uses = new ArrayList<>(unwritten.values());
            uses.sort(Comparator.comparing(KeyUse::keyId));
            List<AuditEntry> entries = drained(audit);
            List<Rehash> hashes = drained(rehashes);
            BatchWriter<KeyUse>.Round usesRound = useWriter.write(uses);
            BatchWriter<AuditEntry>.Round auditRound = auditWriter.write(entries);
            BatchWriter<Rehash>.Round rehashRound = rehashWriter.write(hashes);
            boolean storeIsThere = !usesRound.written().isEmpty()
                    || !auditRound.written().isEmpty()
                    || !rehashRound.written().isEmpty();
            unwritten.clear();
            left(uses, usesRound, storeIsThere).forEach(this::keep);
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

    private void throwFirst(@Nullable RuntimeException... failures) {
        for (RuntimeException failure : failures) {
            if (failure != null) {
                counters.failedFlushes.increment();
                throw failure;
            }
        }
    }

    private void collectUses() {
        for (UsageCell cell : takenBefore) {
            KeyUse later = cell.takeLater();
            if (later != null) {
                keep(later);
            }
        }
        takenBefore.clear();
        // Only as many as there are now: busy keys are added again faster than they are taken.
        for (int left = touched.size(); left > 0; left--) {
            UsageCell cell = touched.poll();
            if (cell != null) {
                keep(cell.take());
                takenBefore.add(cell);
            }
        }
    }

    private void keep(KeyUse use) {
        if (unwritten.size() < MAX_USES || unwritten.containsKey(use.keyId())) {
            unwritten.merge(use.keyId(), use, WriteBehind::later);
        } else {
            counters.dropped.increment();
        }
    }

    private static KeyUse later(KeyUse one, KeyUse other) {
        return other.use().at().isBefore(one.use().at()) ? one : other;
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
