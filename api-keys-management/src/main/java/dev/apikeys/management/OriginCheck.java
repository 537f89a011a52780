package dev.apikeys.management;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps pages of other sites from changing something in a person's name (cross-site request forgery). A browser says
 * where a request comes from in {@code Origin} (RFC 6454) and {@code Sec-Fetch-Site} (W3C Fetch Metadata), and no page
 * can forge either; who sends neither is no browser, or asks from the same site for a page.
 *
 * <p>Immutable and thread-safe.
 */
final class OriginCheck {
    private final Set<String> allowed;

    private OriginCheck(Set<String> allowed) {
        this.allowed = allowed;
    }

    /** Only the origin under which the request itself arrived. */
    static OriginCheck sameOrigin() {
        return new OriginCheck(Set.of());
    }

    /**
     * Only these origins.
     *
     * @throws IllegalArgumentException when one is not {@code scheme://host} or {@code scheme://host:port}
     */
    static OriginCheck only(String... origins) {
        if (origins.length == 0) {
            throw new IllegalArgumentException("no origin was given");
        }
        return new OriginCheck(
                Arrays.stream(origins).map(OriginCheck::checked).collect(Collectors.toUnmodifiableSet()));
    }

    boolean admits(HttpServletRequest request) {
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        if (origins.size() > 1) {
            return false;
        }
        if (origins.size() == 1 && !allowed.isEmpty()) {
            // The host named this origin, so it may well be of another site.
            return allowed.contains(origins.get(0));
        }
        if (origins.size() == 1 && !origins.get(0).equals(own(request))) {
            return false;
        }
        return Collections.list(request.getHeaders("Sec-Fetch-Site")).stream()
                .noneMatch(site -> site.equalsIgnoreCase("cross-site"));
    }

    private static String own(HttpServletRequest request) {
        return serialized(request.getScheme(), request.getServerName(), request.getServerPort());
    }

    private static String checked(String origin) {
        try {
            URI uri = new URI(origin);
            String scheme = uri.getScheme();
            String host = uri.getHost();
            if (scheme != null && host != null) {
                String canonical = serialized(scheme, host, uri.getPort());
                // Whatever else the text holds, a path or a user, is not in the canonical form.
                if (canonical.equals(origin.toLowerCase(Locale.ROOT))) {
                    return canonical;
                }
            }
        } catch (URISyntaxException notEvenAUri) {
            // Told below, like every other form.
        }
        throw new IllegalArgumentException(
                "an origin is scheme://host or scheme://host:port, without the scheme's usual port: " + origin);
    }

    /** As browsers write it: lower case, the usual port left out. */
    private static String serialized(String scheme, String host, int port) {
        String name = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        String start = (scheme + "://" + name).toLowerCase(Locale.ROOT);
        int usual = start.startsWith("https:") ? 443 : start.startsWith("http:") ? 80 : -1;
        return port < 0 || port == usual ? start : start + ":" + port;
    }
}
