package dev.apikeys.servlet;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apikeys.servlet.internal.FailureLog;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What counts for all nodes, and may be slow or away. A question waits no longer than the time-out, whatever the back-end
 * does, and a back-end that keeps failing is left alone by a {@link CircuitBreaker}. So is a single key about which it
 * keeps failing, such as one whose row is locked: its requests would hold all threads of the server.
 *
 * <p>Thread-safe.
 *
 * @param <T> an answer
 */
final class BackEnd<T> {
    private static final long NANOS_BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_FAILING_KEYS = 10_000;

    private final Function<UUID, CompletableFuture<T>> question;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final Logger log;
    private final CircuitBreaker breaker;
    private final Cache<UUID, CircuitBreaker> failingKeys;
    private final LongAdder failures = new LongAdder();
    private final AtomicLong nextWarning;

    /**
     * A back-end that is asked about one key at a time.
     *
     * @param question doesn't wait itself
     * @param timeout how long an answer is waited for
     * @param nanoTime for the pause between trials, and between warnings
     * @param log of the class that hosts know
     */
    BackEnd(Function<UUID, CompletableFuture<T>> question, Duration timeout, LongSupplier nanoTime, Logger log) {
        this.question = question;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
        this.log = log;
        this.breaker = new CircuitBreaker(nanoTime);
        this.failingKeys = Caffeine.newBuilder()
                .maximumSize(MOST_FAILING_KEYS)
                .expireAfterAccess(Duration.ofMinutes(1))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
        this.nextWarning = new AtomicLong(nanoTime.getAsLong());
    }

    /** The answer about the key, or null if the back-end has none in time or is left alone. */
    @Nullable
    T ask(UUID key) {
        CircuitBreaker ofKey = failingKeys.getIfPresent(key);
        // The key's own first: one that isn't asked about must not take the trial of all.
        if ((ofKey != null && !ofKey.allows()) || !breaker.allows()) {
            failures.increment();
            return null;
        }
        try {
            T answer = await(question.apply(key));
            if (ofKey != null) {
                failingKeys.invalidate(key);
            }
            if (breaker.answered()) {
                log.info("The back-end of the shared rate limits answers again.");
            }
            return answer;
        } catch (Exception noAnswer) {
            // A caller that was to end says nothing about the back-end.
            if (!(noAnswer.getCause() instanceof InterruptedException)) {
                breaker.failed();
                failingKeys.get(key, first -> new CircuitBreaker(nanoTime)).failed();
            }
            note(noAnswer);
            return null;
        }
    }

    /** How many questions had no answer. */
    long failures() {
        return failures.sum();
    }

    private T await(CompletableFuture<T> answer) {
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException tooSlow) {
            // What has not begun needn't begin.
            answer.cancel(false);
            throw new IllegalStateException("no answer within " + timeout, tooSlow);
        } catch (InterruptedException interrupted) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("the back-end failed", failed.getCause());
        }
    }

    private void note(Exception failure) {
        failures.increment();
        long now = nanoTime.getAsLong();
        long next = nextWarning.get();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + NANOS_BETWEEN_WARNINGS)) {
            log.warn(
                    "The back-end of the shared rate limits failed, so this node counts by itself: {}",
                    FailureLog.line(failure));
        }
    }
}
