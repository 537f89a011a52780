package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What verification wants written, collected in memory and written by one thread: latest uses, refusals for the audit
 * trail, hashes of older schemes. Bounded: while the store is away the newest uses are kept per key, and what goes over
 * the bounds is dropped and counted.
 *
 * <p>Thread-safe.
 */
final class WriteBehind implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);
    private static final int MAX_USES = 100_000;
    private static final int MAX_AUDIT = 1_000;
    private static final int MAX_REHASHES = 1_000;
    private static final int BATCH = 500;
    private static final Duration LAST_FLUSH = Duration.ofSeconds(5);

    private final ApiKeyStore store;
    private final Counters counters;
    private final Queue<UsageCell> touched = new ArrayBlockingQueue<>(MAX_USES);
    private final BlockingQueue<AuditEntry> audit = new ArrayBlockingQueue<>(MAX_AUDIT);
    private final Queue<Rehash> rehashes = new ArrayBlockingQueue<>(MAX_REHASHES);
    private final Map<UUID, KeyUse> unwritten = new HashMap<>();
    private final ReentrantLock flushing = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ScheduledExecutorService thread;
    private final Duration lastFlush;

    WriteBehind(ApiKeyStore store, Duration interval, Counters counters) {
        this(store, interval, LAST_FLUSH, counters);
    }

    /** @param lastFlush how long {@link #close()} waits for the store */
    WriteBehind(ApiKeyStore store, Duration interval, Duration lastFlush, Counters counters) {
        this.store = store;
        this.lastFlush = lastFlush;
        this.counters = counters;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread worker = new Thread(task, "api-keys-flush");
            worker.setDaemon(true);
            return worker;
        });
        long nanos = interval.toNanos();
        var unused = thread.scheduleWithFixedDelay(this::flushQuietly, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    void noteUse(UsageCell cell, long nowMillis, @Nullable String address) {
        if (cell.note(nowMillis, address) && !touched.offer(cell)) {
            cell.notQueued();
            counters.dropped.increment();
        }
    }

    void noteAudit(AuditEntry entry) {
        if (!audit.offer(entry)) {
            counters.dropped.increment();
        }
    }

    void noteRehash(Rehash rehash) {
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
        } finally {
            flushing.unlock();
        }
    }

    private void writeUses() {
        for (UsageCell cell = touched.poll(); cell != null; cell = touched.poll()) {
            KeyUse use = cell.take();
            if (unwritten.size() < MAX_USES || unwritten.containsKey(use.keyId())) {
                unwritten.merge(use.keyId(), use, WriteBehind::later);
            } else {
                counters.dropped.increment();
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

    private void flushQuietly() {
        try {
            flush();
        } catch (RuntimeException | Error failure) {
            // Errors too: what a scheduled task throws ends its schedule for good.
            counters.failedFlushes.increment();
            // The message alone: a driver's own text may quote values.
            LOG.warn(
                    "Usage could not be written and is kept for the next time: {}",
                    failure.getClass().getName());
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // By the thread that may be flushing already: a store that hangs holds the caller up for a while and no longer.
        thread.execute(this::flushQuietly);
        thread.shutdown();
        boolean interrupted = Thread.interrupted();
        try {
            if (!thread.awaitTermination(lastFlush.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
