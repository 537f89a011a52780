package dev.apikeys.servlet.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The content type of JSON (RFC 8259 section 11): how it is written, and how it is recognised. */
public final class JsonType {
    /** The content type, without parameters: JSON is always UTF-8. */
    public static final String JSON = "application/json";

    private static final Set<String> CHARSETS =
            Set.of("charset=utf-8", "charset=\"utf-8\"", "charset=utf8", "charset=\"utf8\"");

    private JsonType() {}

    /**
     * Tells whether the body is JSON, as far as its headers say: exactly one content type, and it is JSON. Its parameters
     * mean nothing (RFC 8259 section 11), but a charset that isn't UTF-8 contradicts the type.
     */
    public static boolean is(HttpServletRequest request) {
        List<String> types = Collections.list(request.getHeaders("Content-Type"));
        // Nearly every client sends it without parameters.
        return types.size() == 1 && (types.get(0).equals(JSON) || isJson(types.get(0)));
    }

    private static boolean isJson(String contentType) {
        List<String> parts = Arrays.stream(contentType.toLowerCase(Locale.ROOT).split(";", -1))
                .map(String::strip)
                .toList();
        return parts.get(0).equals(JSON)
                && parts.stream().filter(part -> part.startsWith("charset")).allMatch(CHARSETS::contains);
    }
}
