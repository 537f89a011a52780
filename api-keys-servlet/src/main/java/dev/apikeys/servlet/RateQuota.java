package dev.apikeys.servlet;

import java.time.Duration;
import java.util.Objects;

/**
 * How many requests one key may make: a sustained rate, and a burst after a quiet time. It is a token bucket. The
 * bucket holds {@code burst} tokens and is full at first. Each request takes one token, and {@code requests} tokens are
 * added in each {@code period}, spread evenly.
 *
 * <p>Immutable and thread-safe.
 *
 * @param requests in each period, sustained; 1 to 1,000,000,000
 * @param period whole seconds, from one second to one day
 * @param burst at most at once; 1 to 1,000,000,000
 */
public record RateQuota(long requests, Duration period, long burst) {
    private static final long MAX = 1_000_000_000;
    private static final Duration MAX_PERIOD = Duration.ofDays(1);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one of them is out of range
     */
    public RateQuota {
        Objects.requireNonNull(period, "period");
        checkCount("requests", requests);
        checkCount("burst", burst);
        if (period.compareTo(Duration.ofSeconds(1)) < 0
                || period.compareTo(MAX_PERIOD) > 0
                || period.toNanosPart() != 0) {
            throw new IllegalArgumentException("period must be whole seconds from PT1S to PT24H: " + period);
        }
    }

    /**
     * This many each second, and at most this many at once.
     *
     * @throws IllegalArgumentException when the number is out of range
     */
    public static RateQuota perSecond(long requests) {
        return new RateQuota(requests, Duration.ofSeconds(1), requests);
    }

    /**
     * This many each minute, and at most this many at once.
     *
     * @throws IllegalArgumentException when the number is out of range
     */
    public static RateQuota perMinute(long requests) {
        return new RateQuota(requests, Duration.ofMinutes(1), requests);
    }

    /**
     * The same sustained rate with another burst.
     *
     * @throws IllegalArgumentException when the number is out of range
     */
    public RateQuota burst(long burst) {
        return new RateQuota(requests, period, burst);
    }

    /** The time without requests after which the whole burst is available again, rounded up to whole seconds. */
    public Duration timeToFill() {
        return Duration.ofSeconds((burst * period.toSeconds() + requests - 1) / requests);
    }

    private static void checkCount(String what, long count) {
        if (count < 1 || count > MAX) {
            throw new IllegalArgumentException(what + " must be 1 to 1000000000: " + count);
        }
    }
}
