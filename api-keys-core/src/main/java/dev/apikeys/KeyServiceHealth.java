package dev.apikeys;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link KeyService} stands with its store, for a health check.
 *
 * <p>Immutable and thread-safe.
 *
 * @param state what the service can decide now. {@link Freshness#LAPSED}: verifications fail with
 *     {@link StoreUnavailableException}; also as long as the store has never answered since the service was built
 * @param leaseAge how long ago the service asked the store and was told of every change; as long as that never happened,
 *     how long ago the service was built
 * @param lastPoll when the service asked that, by this node's clock; null as long as the store never answered
 * @param lastFailure the class of the exception with which the latest question to the store failed, without its message;
 *     null when it was answered
 */
public record KeyServiceHealth(
        Freshness state,
        Duration leaseAge,
        @Nullable Instant lastPoll,
        @Nullable String lastFailure) {
    /** Checks that state and age are there. */
    public KeyServiceHealth {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(leaseAge, "leaseAge");
    }
}
