package dev.apikeys;

import dev.apikeys.testkit.Gate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Both clocks of one node. They stand still until a test moves them, together or apart.
 *
 * <p>Thread-safe.
 */
final class ClusterTime extends Clock {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicLong elapsedNanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final AtomicLong wallMillis = new AtomicLong(START.toEpochMilli());
    private volatile @Nullable Hold hold;
    private volatile Supplier<@Nullable Throwable> failure = () -> null;

    private record Hold(Thread thread, Gate gate) {}

    /** From now on the clock throws what is in there, if anything is. */
    void failWith(AtomicReference<Throwable> mayFail) {
        failure = mayFail::get;
    }

    /** The same, for the thread that polls alone. */
    void failPollerWith(AtomicReference<Throwable> mayFail) {
        failure = () -> Thread.currentThread().getName().startsWith("api-keys-poll") ? mayFail.get() : null;
    }

    /** Elapsed time; overflows early on, as it may. */
    long elapsed() {
        Throwable fails = failure.get();
        if (fails instanceof Error error) {
            throw error;
        }
        if (fails instanceof RuntimeException exception) {
            throw exception;
        }
        Hold held = hold;
        if (held != null && held.thread == Thread.currentThread()) {
            hold = null;
            held.gate.pass();
        }
        return elapsedNanos.get();
    }

    /** Time goes by, or the process is stopped for so long. */
    void pass(Duration time) {
        elapsedNanos.addAndGet(time.toNanos());
        wallMillis.addAndGet(time.toMillis());
    }

    /** The machine sleeps: elapsed time stands still. */
    void sleep(Duration time) {
        wallMillis.addAndGet(time.toMillis());
    }

    /** Somebody sets the wall clock, back when negative. */
    void setBy(Duration step) {
        wallMillis.addAndGet(step.toMillis());
    }

    /** Holds the thread the next time it asks for the elapsed time. */
    Gate holdNextLook(Thread thread) {
        Gate gate = new Gate();
        hold = new Hold(thread, gate);
        return gate;
    }

    @Override
    public long millis() {
        return wallMillis.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("nobody needs another zone");
    }
}
