package dev.apikeys;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A notice about a key, for its owner or an operator.
 *
 * <p>Immutable and thread-safe.
 *
 * @param kind what it says
 * @param key the key as it is now
 * @param span of {@link Kind#EXPIRING}, the time before the expiry from which on the notice is given; of
 *     {@link Kind#IDLE} and {@link Kind#NEVER_USED}, the time without use after which it is given; of
 *     {@link Kind#WILL_BE_PAUSED}, the time until the pause
 * @param about the key's expiry, or its latest use, or its issue if it was never used
 */
public record KeyNotice(Kind kind, ApiKey key, Duration span, Instant about) {
    /** Checks that nothing is missing. */
    public KeyNotice {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(span, "span");
        Objects.requireNonNull(about, "about");
    }

    /** What a notice says. */
    public enum Kind {
        /** The key expires soon. */
        EXPIRING,
        /** The key was not used for a while. */
        IDLE,
        /** The key was never used since it was issued. */
        NEVER_USED,
        /** The {@link IdlePolicy} is going to pause the key, unless it is used. */
        WILL_BE_PAUSED
    }
}
