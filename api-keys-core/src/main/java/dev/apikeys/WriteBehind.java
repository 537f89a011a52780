package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyUse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What verification wants written, collected in memory for one thread to write: latest uses, refusals for the audit
 * trail, hashes of older schemes. Bounded: while the store is away the newest uses are kept per key, and what goes over
 * the bounds is dropped and counted.
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
    private final Queue<Rehash> rehashes = new ArrayBlockingQueue<>(MAX_REHASHES);
    private final Map<UUID, KeyUse> unwritten = new HashMap<>();
    /** By the latest flush: what was being noted in one of these at that moment may have been seen by neither side. */
    private final List<UsageCell> takenBefore = new ArrayList<>();

    private final ReentrantLock flushing = new ReentrantLock();

    WriteBehind(ApiKeyStore store, Counters counters) {
        this.store = store;
        this.counters = counters;
    }

    void noteUse(CacheEntry key, long nowMillis, @Nullable String address) {
        UsageCell waiting = key.use();
        if (waiting != null) {
            noteIn(waiting, key, nowMillis, address);
        } else {
            beginCell(key, nowMillis, address);
        }
    }

    /** Notes in a cell that the key had a moment ago, and anew where it was taken since. */
    @SuppressWarnings("ReferenceEquality") // The very cell.
    void noteIn(UsageCell found, CacheEntry key, long nowMillis, @Nullable String address) {
        if (found.note(nowMillis, address) && key.use() != found) {
            noteUse(key, nowMillis, address);
        }
    }

    /** Once per key and interval. */
    private void beginCell(CacheEntry key, long nowMillis, @Nullable String address) {
        UsageCell cell = new UsageCell(key, nowMillis, address);
        if (!key.replaceUse(null, cell)) {
            // Somebody else began one.
            noteUse(key, nowMillis, address);
        } else if (!touched.offer(cell)) {
            // No room: the next use tries again.
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
        if (!rehashes.offer(rehash)) {
            counters.dropped.increment();
        }
    }

    void flush() {
        flushing.lock();
        try {
            writeUses();
            writeAudit();
            writeRehashes();
        } catch (RuntimeException failure) {
            counters.failedFlushes.increment();
            throw failure;
        } finally {
            flushing.unlock();
        }
    }

    private void writeUses() {
        for (UsageCell cell : takenBefore) {
            KeyUse later = cell.takeLater();
            if (later != null) {
                keep(later);
            }
        }
        takenBefore.clear();
        // No more than there are now: the busiest keys come back faster than they are taken.
        for (int left = touched.size(); left > 0; left--) {
            UsageCell cell = touched.poll();
            if (cell != null) {
                keep(cell.take());
                takenBefore.add(cell);
            }
        }
        List<KeyUse> ordered = new ArrayList<>(unwritten.values());
        ordered.sort(Comparator.comparing(KeyUse::keyId));
        for (int from = 0; from < ordered.size(); from += BATCH) {
            List<KeyUse> batch = ordered.subList(from, Math.min(from + BATCH, ordered.size()));
            store.recordUses(batch);
            counters.usesWritten.add(batch.size());
            batch.forEach(use -> unwritten.remove(use.keyId()));
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

    private void writeAudit() {
        List<AuditEntry> batch = new ArrayList<>();
        audit.drainTo(batch);
        if (batch.isEmpty()) {
            return;
        }
        try {
            store.appendAudit(batch);
        } catch (RuntimeException failure) {
            batch.forEach(this::noteAudit);
            throw failure;
        }
    }

    private void writeRehashes() {
        for (Rehash next = rehashes.peek(); next != null; next = rehashes.peek()) {
            if (store.rehash(next.publicId(), next.expected(), next.replacement())) {
                counters.rehashes.increment();
            }
            rehashes.poll();
        }
    }
}
