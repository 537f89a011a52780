package dev.apikeys.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A wall clock and a ticker that stand still until a test moves them.
 *
 * <p>Thread-safe.
 */
public final class SettableClock extends Clock {
    /** Where the wall clock begins: not at a full second, minute or day. */
    public static final Instant START = Instant.parse("2026-02-03T09:42:17.123Z");

    private final AtomicReference<Instant> wall = new AtomicReference<>(START);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    /** Lets time pass, for clock and ticker. */
    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        wall.updateAndGet(now -> now.plus(duration));
    }

    /** Sets the wall clock, forwards or back; no time passes. */
    public void set(Instant instant) {
        wall.set(instant);
    }

    /** Elapsed nanoseconds; begins just below the overflow, as {@link System#nanoTime()} may. */
    public LongSupplier ticker() {
        return nanos::get;
    }

    @Override
    public Instant instant() {
        return wall.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.fixed(instant(), zone);
    }
}
