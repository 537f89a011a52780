package dev.apikeys.servlet;

import dev.apikeys.KeyPrincipal;
import java.time.Duration;
import java.util.Objects;

/**
 * Decides how often a key may be used. The {@link ApiKeyFilter} asks once for each client request that came with a valid
 * key: never for a credential that was refused, never where a rule permits all, and not again when the request is
 * dispatched on inside the container.
 *
 * <p>{@link Bucket4jRateLimit} is the one that comes with the library. One of the host's own may choose between several
 * by the principal's kind or owner. It should count by {@link KeyPrincipal#keyId()}, which stays the same when a key is
 * rotated. What it throws denies the request, as every failure of a decision does; one that counts elsewhere has to say
 * itself what holds while elsewhere can't be reached.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface RateLimit {
    /**
     * Takes one request from what the key may still do.
     *
     * @param principal whose key was verified for this request
     */
    Decision tryConsume(KeyPrincipal principal);

    /** Whether the request may go on, and what the client is told of its quota. */
    sealed interface Decision {
        /** What holds for the key. */
        RateQuota quota();

        /**
         * It may go on.
         *
         * @param quota what holds for the key
         * @param remaining how many more requests could follow at once
         * @param untilFull after how long without requests the whole burst is there again
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
         * It is one too many.
         *
         * @param quota what holds for the key
         * @param retryAfter after how long the next one may go on
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
