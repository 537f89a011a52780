package dev.apikeys.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A wall clock and a ticker that stand still until a test moves them.
 *
 * <p>Thread-safe.
 */
public final class SettableClock extends Clock {
    /** Where the wall clock begins: not at a full second, minute or day. */
    public static final Instant START = Instant.parse("2026-02-03T09:42:17.123Z");

    private volatile Instant wall;
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    /** A clock that stands at {@link #START}. */
    public SettableClock() {
        this(START);
    }

    /** A clock that stands there. */
    public SettableClock(Instant start) {
        Objects.requireNonNull(start, "start");
        this.wall = start;
    }

    /** Lets time pass, for clock and ticker. */
    public synchronized void advance(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        nanos.addAndGet(duration.toNanos());
        wall = wall.plus(duration);
    }

    /** Sets the wall clock, forwards or back; no time passes. */
    public synchronized void set(Instant instant) {
        Objects.requireNonNull(instant, "instant");
        wall = instant;
    }

    /** Elapsed nanoseconds; begins just below the overflow, as {@link System#nanoTime()} may. */
    public LongSupplier ticker() {
        return nanos::get;
    }

    @Override
    public Instant instant() {
        return wall;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** A clock with this zone. It shows the time of this clock, also when a test moves that later. */
    @Override
    public Clock withZone(ZoneId zone) {
        Objects.requireNonNull(zone, "zone");
        return new InZone(this, zone);
    }

    private static final class InZone extends Clock {
        private final Clock time;
        private final ZoneId zone;

        InZone(Clock time, ZoneId zone) {
            this.time = time;
            this.zone = zone;
        }

        @Override
        public Instant instant() {
            return time.instant();
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return time.withZone(other);
        }
    }
}
