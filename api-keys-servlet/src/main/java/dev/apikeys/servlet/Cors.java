package dev.apikeys.servlet;

import dev.apikeys.servlet.internal.UnreadBody;
import dev.apikeys.servlet.internal.WebOrigin;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The pages of other origins that may call, from a browser, what this library answers or protects (CORS, as the Fetch
 * standard defines it). Before such a call a browser asks by a preflight: an {@code OPTIONS} request that never carries
 * credentials. Give the same value to filter, management servlet and guard; whichever a preflight reaches first answers it.
 *
 * <p>A preflight is granted whatever method and headers it asks for: what a request may do is decided when it comes. Each
 * method returns a changed copy.
 *
 * <p>Immutable and thread-safe.
 */
public final class Cors {
    private static final Duration USUAL_MAX_AGE = Duration.ofMinutes(10);
    private static final Duration LONGEST_MAX_AGE = Duration.ofDays(1);
    /** What answers of this library tell clients in headers, beyond those that scripts may always read. */
    private static final List<String> OWN_HEADERS =
            List.of("WWW-Authenticate", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Correlation-Id");

    /** Browsers send preflights without a body, but others may not. */
    private static final UnreadBody UNREAD = new UnreadBody(0);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,2048}");

    private final Set<String> origins;
    private final Set<String> exposed;
    private final Duration maxAge;
    private final boolean cookies;

    private Cors(Set<String> origins, Set<String> exposed, Duration maxAge, boolean cookies) {
        this.origins = origins;
        this.exposed = exposed;
        this.maxAge = maxAge;
        this.cookies = cookies;
    }

    /**
     * Allows the pages of these origins.
     *
     * @param origins each {@code scheme://host} or {@code scheme://host:port}, as browsers send it; at least one
     * @throws IllegalArgumentException if there is none, or one has another form; {@code *} has
     */
    public static Cors allow(String... origins) {
        Objects.requireNonNull(origins, "origins");
        if (origins.length == 0) {
            throw new IllegalArgumentException("no origin was given");
        }
        Set<String> parsed = new LinkedHashSet<>();
        Arrays.stream(origins).map(WebOrigin::parse).forEach(parsed::add);
        return new Cors(Collections.unmodifiableSet(parsed), new LinkedHashSet<>(OWN_HEADERS), USUAL_MAX_AGE, false);
    }

    /**
     * How long a browser may remember the answer to a preflight; default 10 minutes.
     *
     * @param maxAge zero to one day, whole seconds
     * @throws IllegalArgumentException if it is out of range
     */
    public Cors maxAge(Duration maxAge) {
        Objects.requireNonNull(maxAge, "maxAge");
        if (maxAge.isNegative() || maxAge.compareTo(LONGEST_MAX_AGE) > 0 || maxAge.toNanosPart() != 0) {
            throw new IllegalArgumentException("maxAge must be whole seconds from PT0S to PT24H: " + maxAge);
        }
        return new Cors(origins, exposed, maxAge, cookies);
    }

    /**
     * Lets scripts read these headers of answers too, beside those of this library.
     *
     * @throws IllegalArgumentException if one is no name of a header
     */
    public Cors exposing(String... headers) {
        Objects.requireNonNull(headers, "headers");
        Set<String> more = new LinkedHashSet<>(exposed);
        for (String header : headers) {
            if (!NAME.matcher(header).matches() || header.equals("*")) {
                throw new IllegalArgumentException("not the name of a header: " + header);
            }
            more.add(header);
        }
        return new Cors(origins, more, maxAge, cookies);
    }

    /**
     * Lets the pages send cookies, for management endpoints whose sessions are cookies. Off by default; keys need none.
     */
    public Cors withCookies() {
        return new Cors(origins, exposed, maxAge, true);
    }

    /** Tells whether pages of this origin, as browsers send it, are allowed. */
    public boolean allows(String origin) {
        return origins.contains(Objects.requireNonNull(origin, "origin"));
    }

    /**
     * Marks the answer to a request of an allowed origin, and answers a preflight.
     *
     * @return true if the request was a preflight: it is answered, by 204 or 403, and must go no further
     */
    public boolean answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(response, "response");
        boolean allowed = mark(request, response);
        if (!isPreflight(request)) {
            return false;
        }
        UNREAD.answer(request, response, answer -> answerPreflight(allowed, request, answer));
        return true;
    }

    private void answerPreflight(boolean allowed, HttpServletRequest request, HttpServletResponse response) {
        String method = request.getHeader("Access-Control-Request-Method");
        String headers = request.getHeader("Access-Control-Request-Headers");
        response.addHeader("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
        response.setHeader("Cache-Control", "no-store");
        if (!allowed
                || !NAME.matcher(method).matches()
                || (headers != null
                        && !headers.isEmpty()
                        && !NAMES.matcher(headers).matches())) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            response.setContentLength(0);
            return;
        }
        response.setHeader("Access-Control-Allow-Methods", method);
        if (headers != null && !headers.isEmpty()) {
            response.setHeader("Access-Control-Allow-Headers", headers);
        }
        response.setHeader("Access-Control-Max-Age", Long.toString(maxAge.toSeconds()));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    /** Tells the browser whether its page may read the answer, and caches that it depends on the page. */
    boolean mark(HttpServletRequest request, HttpServletResponse response) {
        if (response.getHeaders("Vary").stream().noneMatch(Cors::namesOrigin)) {
            response.addHeader("Vary", "Origin");
        }
        String origin = onlyOrigin(request);
        if (origin == null || !allows(origin)) {
            return false;
        }
        response.setHeader("Access-Control-Allow-Origin", origin);
        response.setHeader("Access-Control-Expose-Headers", String.join(", ", exposed));
        if (cookies) {
            response.setHeader("Access-Control-Allow-Credentials", "true");
        }
        return true;
    }

    private static @Nullable String onlyOrigin(HttpServletRequest request) {
        List<String> lines = WebOrigin.sent(request);
        return lines.size() == 1 ? lines.get(0) : null;
    }

    /** An {@code OPTIONS} without these headers is the application's. */
    private static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS")
                && request.getDispatcherType() == DispatcherType.REQUEST
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    private static boolean namesOrigin(String vary) {
        return Arrays.stream(vary.split(",", -1))
                .anyMatch(name -> name.strip().toLowerCase(Locale.ROOT).equals("origin"));
    }

    /** The origins, and whether cookies are allowed. */
    @Override
    public String toString() {
        return "Cors" + origins + (cookies ? " with cookies" : "");
    }
}
