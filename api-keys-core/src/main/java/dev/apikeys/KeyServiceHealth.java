package dev.apikeys;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How a {@link KeyService} stands with its store, for a health check.
 *
 * <p>Immutable and thread-safe.
 *
 * @param state what the service can decide now
 * @param leaseAge how long ago the service asked the store and was told of every change; as long as that never happened,
 *     how long ago the service was built
 * @param lastPoll when the service asked that, by this node's clock; empty as long as the store never answered
 * @param lastFailure the class of the exception with which the latest question to the store failed, without its message;
 *     empty when it was answered
 */
public record KeyServiceHealth(
        State state, Duration leaseAge, Optional<Instant> lastPoll, Optional<String> lastFailure) {
    /** Checks that nothing is missing. */
    public KeyServiceHealth {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(leaseAge, "leaseAge");
        Objects.requireNonNull(lastPoll, "lastPoll");
        Objects.requireNonNull(lastFailure, "lastFailure");
    }

    /** What a service can decide. */
    public enum State {
        /** The store confirmed within the time of trust (Y). */
        CONFIRMED,
        /** The store does not answer; keys that were seen before are accepted until the grace (G) ends. */
        WITHIN_GRACE,
        /**
         * The store does not answer, and the grace is over or there is none, or the store has never answered since the
         * service was built. Verifications fail with {@link StoreUnavailableException}.
         */
        LAPSED
    }
}
