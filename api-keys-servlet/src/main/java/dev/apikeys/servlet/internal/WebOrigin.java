package dev.apikeys.servlet.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The origin of a web page as browsers write it: {@code scheme://host} or {@code scheme://host:port} (RFC 6454). */
public final class WebOrigin {
    private WebOrigin() {}

    /** The lines of {@code Origin}; browsers send one or none. */
    public static List<String> sent(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Origin"));
    }

    /** The origin under which the request itself arrived. */
    public static String of(HttpServletRequest request) {
        return serialized(request.getScheme(), request.getServerName(), request.getServerPort());
    }

    /**
     * The origin as browsers write it.
     *
     * @throws IllegalArgumentException if it has another form than {@code scheme://host} or {@code scheme://host:port}
     */
    public static String parse(String origin) {
        try {
            URI uri = new URI(origin);
            String scheme = uri.getScheme();
            String host = uri.getHost();
            if (scheme != null && host != null) {
                String canonical = serialized(scheme, host, uri.getPort());
                // Other parts of the text, such as a path or a user, are not in the canonical form.
                if (canonical.equals(origin.toLowerCase(Locale.ROOT))) {
                    return canonical;
                }
            }
        } catch (URISyntaxException notEvenAUri) {
            // Reported below, like every other form.
        }
        throw new IllegalArgumentException(
                "an origin is scheme://host or scheme://host:port, without the scheme's usual port: " + origin);
    }

    /** In lower case, without the usual port. */
    private static String serialized(String scheme, String host, int port) {
        String name = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        String start = (scheme + "://" + name).toLowerCase(Locale.ROOT);
        int usual = start.startsWith("https:") ? 443 : start.startsWith("http:") ? 80 : -1;
        return port < 0 || port == usual ? start : start + ":" + port;
    }
}
