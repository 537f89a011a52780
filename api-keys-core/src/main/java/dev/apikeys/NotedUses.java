package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyUse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The latest use of each key that is not written yet. Its size is limited; what is above the limit is dropped and
 * counted.
 *
 * <p>Thread-safe for noting; the other methods are for the one thread that writes.
 */
final class NotedUses {
    private static final int MAX_USES = 100_000;

    private final Counters counters;
    private final BlockingQueue<UsageCell> touched = new ArrayBlockingQueue<>(MAX_USES);
    /** Whether there was no room since the latest flush, so that not every use that is dropped has to find out. */
    private volatile boolean isFull;
    /** Whether the writer was asked for a flush since the latest one. */
    private final AtomicBoolean asked = new AtomicBoolean();

    private volatile Runnable nearlyFull = () -> {};

    private final Map<UUID, KeyUse> unwritten = new HashMap<>();
    /** The cells that the latest flush took. A use that was noted during that flush may still be in one of them. */
    private final List<UsageCell> takenBefore = new ArrayList<>();

    private final BatchWriter<KeyUse> writer;

    NotedUses(ApiKeyStore store, Counters counters, int batchSize) {
        this.counters = counters;
        this.writer = new BatchWriter<>(KeyUse::keyId, batchSize, uses -> {
            store.recordUses(uses);
            counters.usesWritten.add(uses.size());
        });
    }

    /** What to call, on a thread that verifies, when seven eighths of the room are taken. */
    void whenNearlyFull(Runnable flushSoon) {
        nearlyFull = flushSoon;
    }

    void note(CacheEntry key, long nowMillis, @Nullable String address) {
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
            note(key, nowMillis, address);
        }
    }

    /** Runs once for each key and interval, as long as there is room. */
    private void beginCell(CacheEntry key, long nowMillis, @Nullable String address) {
        if (isFull) {
            counters.dropped.increment();
            return;
        }
        UsageCell cell = new UsageCell(key, nowMillis, address);
        if (!key.replaceUse(null, cell)) {
            // Another thread began one.
            note(key, nowMillis, address);
        } else if (!touched.offer(cell)) {
            // There is no room. A use after the next flush tries again.
            isFull = true;
            key.replaceUse(cell, null);
            counters.dropped.increment();
        } else if (touched.remainingCapacity() < MAX_USES / 8 && asked.compareAndSet(false, true)) {
            nearlyFull.run();
        }
    }

    /** The latest use of each key that is to be written, in the order of the ids. */
    List<KeyUse> collect() {
        for (UsageCell cell : takenBefore) {
            KeyUse later = cell.takeLater();
            if (later != null) {
                keep(later);
            }
        }
        takenBefore.clear();
        asked.set(false);
        // Only as many as there are now: busy keys are added again faster than they are taken.
        for (int left = touched.size(); left > 0; left--) {
            UsageCell cell = touched.poll();
            if (cell != null) {
                keep(cell.take());
                takenBefore.add(cell);
            }
        }
        isFull = false;
        List<KeyUse> latest = new ArrayList<>(unwritten.values());
        latest.sort(Comparator.comparing(KeyUse::keyId));
        return latest;
    }

    BatchWriter<KeyUse>.Round write(List<KeyUse> latest) {
        return writer.write(latest);
    }

    /** Forgets what is not among these. */
    void keepOnly(List<KeyUse> left) {
        unwritten.clear();
        left.forEach(this::keep);
    }

    private void keep(KeyUse use) {
        if (unwritten.size() < MAX_USES || unwritten.containsKey(use.keyId())) {
            unwritten.merge(use.keyId(), use, NotedUses::later);
        } else {
            counters.dropped.increment();
        }
    }

    private static KeyUse later(KeyUse one, KeyUse other) {
        return other.use().at().isBefore(one.use().at()) ? one : other;
    }
}
