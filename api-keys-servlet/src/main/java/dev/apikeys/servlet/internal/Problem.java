package dev.apikeys.servlet.internal;

import dev.apikeys.Scope;
import dev.apikeys.servlet.CredentialPlaces;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer to a request that is not allowed (RFC 6750 section 3). It contains nothing from the request, and every 401
 * has the same body, for every cause.
 *
 * <p>Immutable and thread-safe.
 */
public final class Problem {
    /** The request headers on which answers depend when keys come in the usual places. */
    public static final String VARY = vary(CredentialPlaces.DEFAULT);

    private static final String CHALLENGE = "WWW-Authenticate";
    private static final String BEARER = "Bearer";

    /** No credential was sent. */
    public static final Problem NO_CREDENTIAL = unauthorized("Bearer");
    /** The token is not valid, for any reason. */
    public static final Problem INVALID_TOKEN = unauthorized("Bearer error=\"invalid_token\"");
    /** No rule allows the key. */
    public static final Problem NO_RULE = forbidden("Bearer error=\"insufficient_scope\"");
    /** More than one credential was sent. */
    public static final Problem SEVERAL_CREDENTIALS =
            of(400, "bad_request", "send exactly one API key").with(CHALLENGE, BEARER + " error=\"invalid_request\"");
    /** The path can be read in two ways. */
    public static final Problem BAD_PATH = of(400, "bad_request", "the path is not acceptable");
    /** The store can't confirm that the key is still good. */
    public static final Problem UNAVAILABLE =
            of(503, "unavailable", "try again in a moment").with("Retry-After", "1");

    private final int status;
    private final byte[] body;
    private final Map<String, String> headers;

    private Problem(int status, byte[] body, Map<String, String> headers) {
        this.status = status;
        this.body = body;
        this.headers = headers;
    }

    /** A problem with a JSON body of these two fields. They must not contain characters that need escaping. */
    public static Problem of(int status, String error, String message) {
        String body = "{\"error\":\"" + error + "\",\"message\":\"" + message + "\"}";
        return new Problem(status, body.getBytes(StandardCharsets.US_ASCII), Map.of());
    }

    /** For a valid key without the scope. */
    public static Problem scopeMissing(Scope needed) {
        return forbidden("Bearer error=\"insufficient_scope\", scope=\"" + needed + "\"");
    }

    /**
     * For a request that could not be decided because of a failure.
     *
     * @param correlationId the id of the failure in the host's log
     */
    public static Problem internalError(String correlationId) {
        return of(500, "internal_error", "internal server error").with("X-Correlation-Id", correlationId);
    }

    private static Problem unauthorized(String challenge) {
        return of(401, "unauthorized", "a valid API key is required").with(CHALLENGE, challenge);
    }

    private static Problem forbidden(String challenge) {
        return of(403, "forbidden", "the API key may not do this").with(CHALLENGE, challenge);
    }

    /** The same problem with one more header. */
    public Problem with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Problem(status, body, more);
    }

    /** The same problem with another JSON body. */
    Problem with(byte[] otherBody) {
        return new Problem(status, otherBody, headers);
    }

    /** The value of a header of a problem: a challenge of RFC 6750 goes under the scheme that the host has chosen. */
    public static String header(String name, String value, CredentialPlaces places) {
        return name.equals(CHALLENGE) ? places.schemes().get(0) + value.substring(BEARER.length()) : value;
    }

    /** What answers depend on when keys come in these places. */
    public static String vary(CredentialPlaces places) {
        return "Authorization, " + places.header();
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The headers of the answer, those that every problem has included. */
    public Map<String, String> headers() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Cache-Control", "no-store");
        all.put("X-Content-Type-Options", "nosniff");
        all.put("Content-Type", JsonType.JSON);
        all.putAll(headers);
        return all;
    }

    /** The JSON body. */
    public byte[] body() {
        return body.clone();
    }

    /**
     * Writes the whole answer itself, because {@code sendError} would call error pages that may show more. {@link UnreadBody}
     * calls this, because most problems are known before the body was read.
     *
     * @param places where the host's keys come: challenge and {@code Vary} name these
     */
    void send(HttpServletResponse response, CredentialPlaces places) throws IOException {
        response.setStatus(status);
        response.addHeader("Vary", vary(places));
        headers().forEach((name, value) -> response.setHeader(name, header(name, value, places)));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
