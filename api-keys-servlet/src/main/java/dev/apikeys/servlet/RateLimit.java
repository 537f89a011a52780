package dev.apikeys.servlet;

import dev.apikeys.KeyPrincipal;
import java.time.Duration;
import java.util.Objects;

/**
 * Decides how often a key may be used. The {@link ApiKeyFilter} asks once for each client request with a valid key. It
 * doesn't ask for a rejected credential, for a rule that permits everybody, or again when the request is dispatched
 * inside the container.
 *
 * <p>{@link Bucket4jRateLimit} comes with the library. An implementation of the host may choose between several limits
 * by the kind or owner of the principal. It should count by {@link KeyPrincipal#keyId()}, which stays the same when a
 * key is rotated. If it throws, the request is denied. An implementation that counts in a back-end decides itself what
 * happens while the back-end is unreachable.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface RateLimit {
    /**
     * Uses up one request of the key.
     *
     * @param principal the principal of the verified key
     */
    Decision tryConsume(KeyPrincipal principal);

    /** Whether the request is allowed, and what the client is told about its quota. */
    sealed interface Decision {
        /** The quota of the key. */
        RateQuota quota();

        /**
         * The request is allowed.
         *
         * @param quota the quota of the key
         * @param remaining how many more requests could follow at once
         * @param untilFull the time without requests after which the whole burst is available again
         */
        record Allowed(RateQuota quota, long remaining, Duration untilFull) implements Decision {
            /**
             * Checks the values.
             *
             * @throws IllegalArgumentException when one of them is negative
             */
            public Allowed {
                Objects.requireNonNull(untilFull, "untilFull");
                Objects.requireNonNull(quota, "quota");
                if (remaining < 0 || untilFull.isNegative()) {
                    throw new IllegalArgumentException("negative: remaining " + remaining + ", untilFull " + untilFull);
                }
            }
        }

        /**
         * The request is over the limit.
         *
         * @param quota the quota of the key
         * @param retryAfter the time until the next request is allowed
         */
        record Refused(RateQuota quota, Duration retryAfter) implements Decision {
            /**
             * Checks the values.
             *
             * @throws IllegalArgumentException when the time is negative
             */
            public Refused {
                Objects.requireNonNull(retryAfter, "retryAfter");
                Objects.requireNonNull(quota, "quota");
                if (retryAfter.isNegative()) {
                    throw new IllegalArgumentException("negative: retryAfter " + retryAfter);
                }
            }
        }
    }
}
