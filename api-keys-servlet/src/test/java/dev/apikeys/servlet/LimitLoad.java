package dev.apikeys.servlet;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.servlet.RateLimit.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Threads of several nodes that use one key, each with a pause between its requests, until it is ended. */
final class LimitLoad {
    static final int THREADS_PER_NODE = 16;

    private static final long PAUSE_NANOS = 4_000_000;

    private final KeyPrincipal key;
    private final ExecutorService threads;
    private final List<Future<?>> running = new ArrayList<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder admitted = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Long::max, 0);
    private final AtomicLong lastLocal = new AtomicLong(System.nanoTime());
    private final long start = System.nanoTime();
    private volatile boolean ended;

    LimitLoad(List<Bucket4jRateLimit> nodes, KeyPrincipal key) {
        this.key = key;
        this.threads = Executors.newFixedThreadPool(nodes.size() * THREADS_PER_NODE);
        for (Bucket4jRateLimit node : nodes) {
            for (int i = 0; i < THREADS_PER_NODE; i++) {
                running.add(threads.submit(() -> run(node)));
            }
        }
    }

    private void run(Bucket4jRateLimit node) {
        while (!ended) {
            long failures = node.backEndFailures();
            long asked = System.nanoTime();
            Decision decision = node.tryConsume(key);
            long answered = System.nanoTime();
            requests.increment();
            longest.accumulate(answered - asked);
            if (decision instanceof Decision.Allowed) {
                admitted.increment();
            }
            if (node.backEndFailures() != failures) {
                lastLocal.accumulateAndGet(answered, Math::max);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    long requests() {
        return requests.sum();
    }

    long admitted() {
        return admitted.sum();
    }

    Duration longestWait() {
        return Duration.ofNanos(longest.get());
    }

    /** When a node counted by itself for the last time, as {@link System#nanoTime()}. */
    long lastLocal() {
        return lastLocal.get();
    }

    /** Whether no node counted by itself for so long. */
    boolean sharesSince(Duration duration) {
        return System.nanoTime() - lastLocal.get() > duration.toNanos();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Ends it, and throws what a request threw. */
    void end() throws Exception {
        ended = true;
        try {
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
