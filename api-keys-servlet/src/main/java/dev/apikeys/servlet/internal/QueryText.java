package dev.apikeys.servlet.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query string: never by {@code getParameter}, which would consume the body of a form. Percent-encoded text
 * equals its decoded form (RFC 3986 section 6.2.2.2); a plus sign stays what it is.
 */
final class QueryText {
    private QueryText() {}

    /** The value of the parameter with this name, several if it is there more than once, without blanks around it. */
    static Credentials only(@Nullable String query, String name) {
        Credentials found = Credentials.NONE;
        int occurrences = 0;
        for (String pair : pairs(query)) {
            int equals = pair.indexOf('=');
            String parameter = equals < 0 ? pair : pair.substring(0, equals);
            if (decoded(parameter).equals(name)) {
                occurrences++;
                String value = decoded(pair.substring(Math.min(parameter.length() + 1, pair.length())));
                found = Credentials.unlessBlank(value, 0, value.length());
            }
        }
        return occurrences > 1 ? Credentials.SEVERAL : found;
    }

    /** The values of all parameters. */
    static List<String> values(@Nullable String query) {
        List<String> values = new ArrayList<>();
        for (String pair : pairs(query)) {
            values.add(decoded(pair.substring(pair.indexOf('=') + 1)));
        }
        return values;
    }

    private static List<String> pairs(@Nullable String query) {
        List<String> pairs = new ArrayList<>();
        int start = 0;
        while (query != null && start < query.length()) {
            int next = query.indexOf('&', start);
            int end = next < 0 ? query.length() : next;
            pairs.add(query.substring(start, end));
            start = end + 1;
        }
        return pairs;
    }

    /** Text in which a percent sign begins no encoded byte stays as it is: no token holds one. */
    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int encoded = PercentEncoding.byteAt(text, i);
                if (encoded < 0) {
                    return text;
                }
                bytes[length++] = (byte) encoded;
                i += 2;
            } else if (c < 0x80) {
                bytes[length++] = (byte) c;
            } else {
                return text;
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
