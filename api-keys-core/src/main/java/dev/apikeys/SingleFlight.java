package dev.apikeys;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One read for each key, for any number of threads: the first thread reads, and the others wait for it for a limited
 * time, for each thread that reads. No lock is held during the read, so virtual threads never pin their carrier.
 *
 * <p>A thread that is interrupted while it reads fails alone: one of the others reads instead.
 *
 * <p>If {@link #outdate} is called during a read, its value is not published, and later callers start a new read. So a
 * value from before a change is never used after the change.
 *
 * <p>Thread-safe.
 *
 * @param <K> what is asked for
 * @param <V> what is read
 */
final class SingleFlight<K, V> {
    private final ConcurrentHashMap<K, Flight<V>> flights = new ConcurrentHashMap<>();
    private final long maxWaitNanos;
    private final Function<Throwable, RuntimeException> failed;

    /**
     * Creates a group of shared reads.
     *
     * @param maxWait how long to wait for another thread's read
     * @param failed makes the exception for threads that waited too long, or for a read that failed
     */
    SingleFlight(Duration maxWait, Function<Throwable, RuntimeException> failed) {
        this.maxWaitNanos = maxWait.toNanos();
        this.failed = failed;
    }

    private static final class Flight<V> {
        private final CompletableFuture<V> result = new CompletableFuture<>();
        private boolean outdated;
        /** Set before the result: the reading thread was to end, which says nothing about the read. */
        private volatile boolean interrupted;

        synchronized void publish(V value, Consumer<V> publisher, Consumer<V> dropped) {
            (outdated ? dropped : publisher).accept(value);
        }

        synchronized void outdate() {
            outdated = true;
        }
    }

    /**
     * Reads, or waits for another thread that reads.
     *
     * @param cached a value that another thread published since the caller looked, or null; it is returned and not
     *     published again
     * @param publisher gets the value that was read, unless it was outdated meanwhile; must not block
     * @param dropped gets the value if it was outdated; must not block
     */
    V get(K key, Supplier<@Nullable V> cached, Supplier<V> read, Consumer<V> publisher, Consumer<V> dropped) {
        Flight<V> mine = new Flight<>();
        Flight<V> running = flights.putIfAbsent(key, mine);
        while (running != null) {
            V value = await(running);
            if (value != null) {
                return value;
            }
            running = flights.putIfAbsent(key, mine);
        }
        try {
            V value = cached.get();
            if (value == null) {
                value = read.get();
                mine.publish(value, publisher, dropped);
            }
            mine.result.complete(value);
            return value;
        } catch (Throwable failure) {
            mine.interrupted = Thread.currentThread().isInterrupted();
            // Others must not find it any more when they look for another one.
            flights.remove(key, mine);
            mine.result.completeExceptionally(failure);
            throw failure;
        } finally {
            flights.remove(key, mine);
        }
    }

    /**
     * Call it after a change was committed: once before the cached value is removed, because of reads that began before
     * the change, and once after it, because of threads that still found the old value.
     */
    void outdate(K key) {
        Flight<V> running = flights.remove(key);
        if (running != null) {
            running.outdate();
        }
    }

    /** As {@link #outdate}, for every current read. */
    void outdateAll() {
        flights.keySet().forEach(this::outdate);
    }

    /** What another thread read; null if that thread was interrupted, and so could not. */
    private @Nullable V await(Flight<V> running) {
        try {
            return running.result.get(maxWaitNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failed.apply(interrupted);
        } catch (TimeoutException tooLong) {
            throw failed.apply(tooLong);
        } catch (ExecutionException readFailed) {
            if (running.interrupted) {
                return null;
            }
            throw failed.apply(readFailed.getCause() == null ? readFailed : readFailed.getCause());
        }
    }
}
