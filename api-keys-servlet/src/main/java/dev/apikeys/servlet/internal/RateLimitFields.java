package dev.apikeys.servlet.internal;

import dev.apikeys.servlet.RateLimit.Decision;
import dev.apikeys.servlet.RateQuota;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;

/**
 * The header fields that tell the client its quota: {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers-11, structured fields of RFC 9651, and {@code Retry-After} of RFC 9110.
 *
 * <p>The policy is called {@code per-key}. Its quota {@code q} is the burst, and its window {@code w} is the time in
 * which the burst fills up, so {@code q / w} is the sustained rate. {@code r} is the number of requests left. {@code t}
 * is the time until the burst is full again. In a 429 it is the time until the next request, because section 6 of the
 * draft allows no {@code Retry-After} that ends earlier.
 *
 * <p>Immutable and thread-safe.
 *
 * @param policy {@code RateLimit-Policy}
 * @param limit {@code RateLimit}
 */
public record RateLimitFields(String policy, String limit) {
    private static final String NAME = "\"per-key\"";
    /** The greatest integer of a structured field (RFC 9651 section 3.3.1). Limits of the host may have greater numbers. */
    private static final long MAX_INTEGER = 999_999_999_999_999L;

    /** What the decision tells the client. */
    public static RateLimitFields of(Decision decision) {
        RateQuota quota = decision.quota();
        String policy =
                NAME + ";q=" + quota.burst() + ";w=" + quota.timeToFill().toSeconds();
        if (decision instanceof Decision.Allowed allowed) {
            return new RateLimitFields(policy, limit(allowed.remaining(), wholeSeconds(allowed.untilFull())));
        }
        return new RateLimitFields(policy, limit(0, retryAfter((Decision.Refused) decision)));
    }

    /** In whole seconds, rounded up, and at least one. */
    public static long retryAfter(Decision.Refused refused) {
        return Math.max(1, wholeSeconds(refused.retryAfter()));
    }

    /** The answer to a request over the limit (RFC 6585 section 4). */
    public static Problem problem(Decision.Refused refused) {
        return of(refused)
                .addTo(Problem.of(429, "rate_limited", "too many requests with this API key")
                        .with("Retry-After", Long.toString(retryAfter(refused))));
    }

    /** The same problem with the quota of the client. */
    public Problem addTo(Problem problem) {
        return problem.with("RateLimit-Policy", policy).with("RateLimit", limit);
    }

    /** Tells the client its quota. */
    public void setOn(HttpServletResponse response) {
        response.setHeader("RateLimit-Policy", policy);
        response.setHeader("RateLimit", limit);
    }

    private static String limit(long remaining, long seconds) {
        return NAME + ";r=" + Math.min(remaining, MAX_INTEGER) + ";t=" + seconds;
    }

    private static long wholeSeconds(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds >= MAX_INTEGER || duration.toNanosPart() == 0 ? Math.min(seconds, MAX_INTEGER) : seconds + 1;
    }
}
