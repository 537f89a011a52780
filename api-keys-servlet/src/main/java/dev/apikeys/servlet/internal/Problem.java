package dev.apikeys.servlet.internal;

import dev.apikeys.servlet.RateLimit;
import dev.apikeys.servlet.RateLimitFields;

import dev.apikeys.Scope;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The answers of the filter to those it doesn't let in (RFC 6750 section 3). They hold nothing that came with the
 * request, and one body serves every 401, whatever its cause.
 *
 * <p>Immutable and thread-safe.
 */
final class Problem {
    /** On what every answer depends that the filter has a part in. */
    static final String VARY = "Authorization, X-API-Key";

    static final Problem NO_CREDENTIAL = unauthorized("Bearer");
    static final Problem INVALID_TOKEN = unauthorized("Bearer error=\"invalid_token\"");
    static final Problem NO_RULE = forbidden("Bearer error=\"insufficient_scope\"");
    static final Problem SEVERAL_CREDENTIALS = new Problem(400, body("bad_request", "send exactly one API key"), null);
    static final Problem BAD_PATH = new Problem(400, body("bad_request", "the path is not acceptable"), null);
    static final Problem UNAVAILABLE =
            new Problem(503, body("unavailable", "try again in a moment"), null, "1", null, null);

    private final int status;
    private final byte[] body;
    private final @Nullable String challenge;
    private final @Nullable String retryAfter;
    private final @Nullable String correlationId;
    private final @Nullable RateLimitFields rate;

    private Problem(int status, byte[] body, @Nullable String challenge) {
        this(status, body, challenge, null, null, null);
    }

    private Problem(
            int status,
            byte[] body,
            @Nullable String challenge,
            @Nullable String retryAfter,
            @Nullable String correlationId,
            @Nullable RateLimitFields rate) {
        this.status = status;
        this.body = body;
        this.challenge = challenge;
        this.retryAfter = retryAfter;
        this.correlationId = correlationId;
        this.rate = rate;
    }

    /** For a valid key that may not do this. */
    static Problem scopeMissing(Scope needed) {
        return forbidden("Bearer error=\"insufficient_scope\", scope=\"" + needed + "\"");
    }

    /**
     * For a request about which nothing could be decided because something failed.
     *
     * @param correlationId finds the failure in the host's log
     */
    static Problem fault(String correlationId) {
        return new Problem(500, body("internal_error", "internal server error"), null, null, correlationId, null);
    }

    /** For a valid key that is used too often (RFC 6585 section 4). */
    static Problem tooOften(RateLimit.Decision.Refused refused) {
        return new Problem(
                429,
                body("rate_limited", "too many requests with this API key"),
                null,
                Long.toString(RateLimitFields.retryAfter(refused)),
                null,
                RateLimitFields.of(refused));
    }

    /** The same answer, which tells of the quota too; null where there is none. */
    Problem with(@Nullable RateLimitFields quota) {
        return quota == null ? this : new Problem(status, body, challenge, retryAfter, correlationId, quota);
    }

    private static Problem unauthorized(String challenge) {
        return new Problem(401, body("unauthorized", "a valid API key is required"), challenge);
    }

    private static Problem forbidden(String challenge) {
        return new Problem(403, body("forbidden", "the API key may not do this"), challenge);
    }

    private static byte[] body(String error, String message) {
        return ("{\"error\":\"" + error + "\",\"message\":\"" + message + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    int status() {
        return status;
    }

    /** Writes the whole answer itself: {@code sendError} would hand it to error pages that say more. */
    void send(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.addHeader("Vary", VARY);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        setIfPresent(response, "WWW-Authenticate", challenge);
        setIfPresent(response, "Retry-After", retryAfter);
        setIfPresent(response, "X-Correlation-Id", correlationId);
        if (rate != null) {
            rate.setOn(response);
        }
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static void setIfPresent(HttpServletResponse response, String header, @Nullable String value) {
        if (value != null) {
            response.setHeader(header, value);
        }
    }
}
