package dev.apikeys.gateway;

import dev.apikeys.KeyPrincipal;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway passes on to the service behind it. All headers are always set, to nothing where nothing is known, so that
 * a gateway that copies them replaces those that the client has sent.
 */
final class IdentityHeaders {
    private static final String HEX = "0123456789ABCDEF";

    private IdentityHeaders() {}

    /** Sets them for the holder of a key, or for nobody. */
    static void set(HttpServletResponse response, @Nullable KeyPrincipal principal) {
        if (principal == null) {
            set(response, "", "", "", "");
        } else {
            set(
                    response,
                    principal.keyId().toString(),
                    encoded(principal.getName()),
                    encoded(principal.owner().organization()),
                    principal.scopes().toString());
        }
    }

    private static void set(
            HttpServletResponse response, String id, String subject, String organization, String scopes) {
        response.setHeader("X-Api-Key-Id", id);
        response.setHeader("X-Api-Key-Subject", subject);
        response.setHeader("X-Api-Key-Organization", organization);
        response.setHeader("X-Api-Key-Scopes", scopes);
    }

    /** Percent-encodes what is no visible ASCII character, and the percent sign (RFC 3986 section 2.1). */
    static String encoded(@Nullable String text) {
        if (text == null) {
            return "";
        }
        StringBuilder header = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b <= '~' && b != '%') {
                header.append((char) b);
            } else {
                header.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
            }
        }
        return header.toString();
    }
}
