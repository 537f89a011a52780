package dev.apikeys;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that does what no request should wait for.
 *
 * <p>Thread-safe.
 */
final class Background {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final Duration longestEnd;
    private final AtomicReference<@Nullable Thread> worker = new AtomicReference<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "api-keys-flush");
        made.setDaemon(true);
        worker.set(made);
        return made;
    });

    /**
     * A thread that waits for tasks.
     *
     * @param longestEnd how long {@link #closeAfter} waits
     */
    Background(Duration longestEnd) {
        this.longestEnd = longestEnd;
    }

    /** Runs the task again and again; one that fails is logged by its kind and runs again the next time. */
    void every(Duration interval, String what, Runnable task) {
        long nanos = interval.toNanos();
        var unused = thread.scheduleWithFixedDelay(() -> quietly(what, task), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Runs the task now; when it fails, logs the kind of the failure alone: a driver's own text may quote values. */
    static void quietly(String what, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            // Errors too: what a scheduled task throws ends its schedule for good.
            LOG.warn(
                    "{} failed and is tried again later: {}",
                    what,
                    failure.getClass().getName());
        }
    }

    /** Runs the task once more, behind what is running, and ends the thread; waits so long at the most. */
    void closeAfter(String what, Runnable lastTask) {
        if (thread.isShutdown()) {
            return;
        }
        // By the thread that may be at it already: a store that hangs holds the caller up for a while and no longer.
        thread.execute(() -> quietly(what, lastTask));
        thread.shutdown();
        Thread last = Objects.requireNonNull(worker.get());
        boolean interrupted = Thread.interrupted();
        try {
            // Not awaitTermination: an executor says that it has ended a moment before its thread has.
            last.join(longestEnd.toMillis());
            if (last.isAlive()) {
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
