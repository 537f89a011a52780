package dev.apikeys.gateway;

import java.time.Duration;

/**
 * How a relay asks, and how long it lets others wait.
 *
 * @param poll between two questions, spread by 20 %
 * @param timeout of one question
 * @param waitingCallers most callers that wait for a hint at once
 * @param longestWait for a hint
 */
record RelayPace(Duration poll, Duration timeout, int waitingCallers, Duration longestWait) {
    static final RelayPace DEFAULT =
            new RelayPace(Duration.ofMillis(100), Duration.ofMillis(200), 10_000, Duration.ofSeconds(20));

    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofMinutes(1);

    RelayPace polling(Duration every, Duration within) {
        if (every.compareTo(LEAST) < 0
                || within.compareTo(LEAST) < 0
                || every.compareTo(MOST) > 0
                || within.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "polling every " + every + " with a time-out of " + within + ": both are 10 ms to a minute");
        }
        return new RelayPace(every, within, waitingCallers, longestWait);
    }

    RelayPace waiting(int callers, Duration atMost) {
        if (callers < 0 || callers > 1_000_000) {
            throw new IllegalArgumentException("0 to 1,000,000 callers may wait: " + callers);
        }
        if (atMost.compareTo(Duration.ofSeconds(1)) < 0 || atMost.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("a caller waits a second to a minute: " + atMost);
        }
        return new RelayPace(poll, timeout, callers, atMost);
    }

    /** How old what the relay knows can be while nothing fails, if it knew everything at each question. */
    Duration lag() {
        return poll.multipliedBy(6).dividedBy(5).plus(timeout);
    }
}
