package dev.apikeys;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a node may use what it has in memory. A node asks the store for changes every <em>P</em>, and uses its
 * memory only if the store confirmed it within the last <em>Y</em>. So no node accepts a key later than <em>Y</em>
 * after its revocation returned. A {@linkplain #balanced balanced} node that can't reach the store continues for
 * <em>G</em> more.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class LeasePolicy {
    /** P = 250 ms, Y = 1 s, balanced with G = 60 s; one poll of the store may take 200 ms. */
    public static final LeasePolicy DEFAULT = new LeasePolicy(
            Duration.ofMillis(250),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Freshness.WITHIN_GRACE);

    private final Duration pollInterval;
    private final Duration pollTimeout;
    private final Duration trust;
    private final Duration grace;
    private final Freshness weakest;

    private LeasePolicy(
            Duration pollInterval, Duration pollTimeout, Duration trust, Duration grace, Freshness weakest) {
        this.pollInterval = pollInterval;
        this.pollTimeout = pollTimeout;
        this.trust = trust;
        this.grace = grace;
        this.weakest = weakest;
    }

    /**
     * How often to poll (P, spread by ± 20 %), how long one poll may take, and how long an answer is trusted (Y).
     *
     * @throws IllegalArgumentException when P or the time-out is under 10 ms, one of the three over an hour, or Y is
     *     shorter than 1.2 P plus the time-out: the lease would run out between two polls
     */
    public LeasePolicy timing(Duration poll, Duration timeout, Duration trustFor) {
        Objects.requireNonNull(poll, "poll");
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(trustFor, "trustFor");
        Duration least = Duration.ofMillis(10);
        if (poll.compareTo(least) < 0 || timeout.compareTo(least) < 0) {
            throw new IllegalArgumentException("polling every " + poll + " with a time-out of " + timeout
                    + ": both are at least " + least.toMillis() + " ms");
        }
        Duration most = Duration.ofHours(1);
        if (poll.compareTo(most) > 0 || timeout.compareTo(most) > 0 || trustFor.compareTo(most) > 0) {
            throw new IllegalArgumentException("polling every " + poll + " with a time-out of " + timeout
                    + ", trusted for " + trustFor + ": none is longer than an hour");
        }
        Duration needed = needed(poll, timeout);
        if (trustFor.compareTo(needed) < 0) {
            throw new IllegalArgumentException(
                    "an answer is trusted for at least 1.2 x poll + time-out = " + needed + ": " + trustFor);
        }
        return new LeasePolicy(poll, timeout, trustFor, grace, weakest);
    }

    /**
     * Decides nothing that the store can't confirm. While the store is away, every request is a 503 after Y, even if it
     * asks for {@link Freshness#WITHIN_GRACE}.
     */
    public LeasePolicy strict() {
        return new LeasePolicy(pollInterval, pollTimeout, trust, grace, Freshness.CONFIRMED);
    }

    /**
     * Continues for G while the store can't be reached.
     *
     * @throws IllegalArgumentException when the grace is negative or over a day
     */
    public LeasePolicy balanced(Duration graceAfterTrust) {
        Objects.requireNonNull(graceAfterTrust, "graceAfterTrust");
        if (graceAfterTrust.isNegative() || graceAfterTrust.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("the grace is 0 to 24 hours: " + graceAfterTrust);
        }
        return new LeasePolicy(pollInterval, pollTimeout, trust, graceAfterTrust, Freshness.WITHIN_GRACE);
    }

    /**
     * Checks that this policy leaves time for answers of a relay: they may be as old as its lag when they arrive.
     *
     * @throws IllegalStateException when Y is shorter than 1.2 P plus the time-out plus the lag: the lease would run out
     *     between two polls
     */
    public void requireTimeFor(Duration lag) {
        Objects.requireNonNull(lag, "lag");
        Duration needed = needed(pollInterval, pollTimeout).plus(lag);
        if (trust.compareTo(needed) < 0) {
            throw new IllegalStateException("what the relay answers may be " + lag + " old, so with a poll every "
                    + pollInterval + " and a time-out of " + pollTimeout + " it must be trusted for at least " + needed
                    + " and not for " + trust + ": raise the trust of all nodes with LeasePolicy.timing, let the relay"
                    + " poll more often, or follow the store itself");
        }
    }

    private static Duration needed(Duration poll, Duration timeout) {
        return poll.multipliedBy(6).dividedBy(5).plus(timeout);
    }

    /** P, the time between two polls of the store. */
    public Duration pollInterval() {
        return pollInterval;
    }

    /** How long one poll may take. */
    public Duration pollTimeout() {
        return pollTimeout;
    }

    /** Y, how long an answer is trusted. */
    public Duration trust() {
        return trust;
    }

    /** G, how much longer decisions continue without the store. */
    public Duration grace() {
        return grace;
    }

    /**
     * The worst freshness on which this policy lets a key be accepted: {@link Freshness#CONFIRMED} when strict,
     * {@link Freshness#WITHIN_GRACE} when balanced.
     */
    public Freshness weakest() {
        return weakest;
    }

    /** How long any node with this policy may accept a key after its revocation: Y, or Y + G when balanced. */
    public Duration bound() {
        return weakest == Freshness.CONFIRMED ? trust : trust.plus(grace);
    }
}
