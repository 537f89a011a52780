package dev.apikeys;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread for work that no request should wait for.
 *
 * <p>Thread-safe.
 */
final class Background {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final AtomicReference<@Nullable Thread> worker = new AtomicReference<>();
    private volatile @Nullable Repeated repeated;
    private final ScheduledExecutorService thread;

    /** A thread of this name that waits for tasks. */
    Background(String name) {
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            worker.set(made);
            return made;
        });
    }

    /**
     * Runs the task at each interval. When it fails, that is logged once, by the class of the failure, until it works again;
     * the task runs again at the next interval.
     */
    void every(Duration interval, String what, Runnable task) {
        long nanos = interval.toNanos();
        Repeated made = new Repeated(what, task);
        repeated = made;
        var unused = thread.scheduleWithFixedDelay(made, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Runs the repeated task once more, as soon as the thread has time. Does not wait. */
    synchronized void soon() {
        Repeated task = repeated;
        if (task != null && !thread.isShutdown()) {
            thread.execute(task);
        }
    }

    /** A task that is run again and again. For one thread. */
    private static final class Repeated implements Runnable {
        private final String what;
        private final Runnable task;
        private boolean failing;

        Repeated(String what, Runnable task) {
            this.what = what;
            this.task = task;
        }

        @Override
        public void run() {
            try {
                task.run();
                if (failing) {
                    LOG.info("{} works again", what);
                }
                failing = false;
            } catch (Throwable failure) {
                // Catches errors too: a scheduled task that throws is never run again.
                if (!failing) {
                    warn(what, failure);
                }
                failing = true;
            }
        }
    }

    /**
     * Runs the task now. If it fails, logs only the class of the failure, because a driver's message may quote values.
     */
    static void quietly(String what, Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            warn(what, failure);
        }
    }

    private static void warn(String what, Throwable failure) {
        try {
            LOG.warn(
                    "{} failed and is tried again later: {}",
                    what,
                    failure.getClass().getName());
        } catch (Throwable noMemoryForThat) {
            // The next run shows it again.
        }
    }

    /** Lets the thread end after what is running. Does not wait. */
    synchronized void end() {
        thread.shutdown();
    }

    /** Runs the task once more, behind what is running, and lets the thread end after it. Does not wait. */
    synchronized void endWith(String what, Runnable lastTask) {
        if (!thread.isShutdown()) {
            // On the same thread, which may be running a task already. If the store hangs, the caller waits only for a
            // limited time.
            thread.execute(() -> quietly(what, lastTask));
            end();
        }
    }

    /**
     * Waits until the thread has ended, but no longer than this. It is not interrupted: in the middle of a statement that would
     * close some embedded databases.
     */
    void await(Duration atMost) {
        Thread last = worker.get();
        if (last == null) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            // Not awaitTermination: an executor reports its end a moment before its thread ends.
            last.join(Math.max(1, atMost.toMillis()));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
