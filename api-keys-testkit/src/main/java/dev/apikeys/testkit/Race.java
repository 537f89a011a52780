package dev.apikeys.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Lets many threads begin at the same moment. */
public final class Race {
    private static final long MAX_WAIT_SECONDS = 30;

    private Race() {}

    /**
     * Runs one task per thread and gives their results, in no order of time.
     *
     * @param threads how many
     * @param tasks gives each thread, from 0, its task
     * @throws ExecutionException when a task threw
     */
    public static <T> List<T> between(int threads, IntFunction<Callable<T>> tasks)
            throws ExecutionException, InterruptedException {
        Objects.requireNonNull(tasks, "tasks");
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Callable<T> task = tasks.apply(i);
                futures.add(executor.submit(() -> {
                    start.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    /** The result of one thread: a value or a failure. */
    public record Outcome<T>(@Nullable T value, @Nullable Throwable failure) {
        /** Tells whether it was a value. */
        public boolean succeeded() {
            return failure == null;
        }
    }

    /** Runs the step on each of the threads, and returns all results. */
    public static <T> List<Outcome<T>> run(int threads, Callable<T> step) throws InterruptedException {
        Objects.requireNonNull(step, "step");
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    start.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
                    return step.call();
                }));
            }
            List<Outcome<T>> outcomes = new ArrayList<>();
            for (Future<T> one : running) {
                outcomes.add(outcome(one));
            }
            return outcomes;
        } finally {
            pool.shutdownNow();
        }
    }

    private static <T> Outcome<T> outcome(Future<T> one) throws InterruptedException {
        try {
            return new Outcome<>(one.get(MAX_WAIT_SECONDS, TimeUnit.SECONDS), null);
        } catch (ExecutionException failed) {
            return new Outcome<>(null, failed.getCause());
        } catch (TimeoutException stuck) {
            throw new AssertionError("a thread did not end within " + MAX_WAIT_SECONDS + " s", stuck);
        }
    }
}
