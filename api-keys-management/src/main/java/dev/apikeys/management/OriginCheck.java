package dev.apikeys.management;

import dev.apikeys.servlet.Cors;
import dev.apikeys.servlet.internal.WebOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prevents pages of other sites from making changes in a user's session (cross-site request forgery). A browser sends
 * the origin of a request in {@code Origin} (RFC 6454) and {@code Sec-Fetch-Site} (W3C Fetch Metadata), and no page can
 * forge these headers. A request without both is not from a browser, or loads a page from the same site.
 *
 * <p>Immutable and thread-safe.
 */
final class OriginCheck {
    private static final Logger LOG = LoggerFactory.getLogger(OriginCheck.class);

    private final Set<String> allowed;
    private final @Nullable Cors cors;

    private OriginCheck(Set<String> allowed, @Nullable Cors cors) {
        this.allowed = allowed;
        this.cors = cors;
    }

    /** Allows only the origin of the request's own URL. */
    static OriginCheck sameOrigin() {
        return new OriginCheck(Set.of(), null);
    }

    /**
     * Allows these origins as well, instead of those named before.
     *
     * @throws IllegalArgumentException when one is not {@code scheme://host} or {@code scheme://host:port}
     */
    OriginCheck and(String... origins) {
        if (origins.length == 0) {
            throw new IllegalArgumentException("no origin was given");
        }
        return new OriginCheck(
                Arrays.stream(origins).map(WebOrigin::parse).collect(Collectors.toUnmodifiableSet()), cors);
    }

    /** Allows the origins whose pages may call as well. */
    OriginCheck and(Cors others) {
        return new OriginCheck(allowed, others);
    }

    boolean admits(HttpServletRequest request) {
        List<String> origins = WebOrigin.sent(request);
        if (origins.size() > 1) {
            return false;
        }
        if (origins.size() == 1 && isAllowed(origins.get(0))) {
            // The host allows this origin, so it may belong to another site.
            return true;
        }
        if (origins.size() == 1 && !origins.get(0).equals(WebOrigin.of(request))) {
            explain(origins.get(0), WebOrigin.of(request));
            return false;
        }
        return Collections.list(request.getHeaders("Sec-Fetch-Site")).stream()
                .noneMatch(site -> site.equalsIgnoreCase("cross-site"));
    }

    /** The answer is that of any refusal. Behind a proxy that changes the scheme, every page of the host itself gets it. */
    private static void explain(String sent, String own) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "refused a change from a page of {}: the origin of the request is {}. Where a proxy changes scheme, name or"
                            + " port, name the origin of the page in allowedOrigins(…)",
                    readable(sent),
                    readable(own));
        }
    }

    /** Nothing that could break the line. */
    private static String readable(String origin) {
        try {
            return WebOrigin.parse(origin);
        } catch (IllegalArgumentException other) {
            return "no origin that can be shown";
        }
    }

    private boolean isAllowed(String origin) {
        return allowed.contains(origin) || (cors != null && cors.allows(origin));
    }
}
