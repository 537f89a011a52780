package dev.apikeys.servlet.internal;

import dev.apikeys.TokenFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * What a request presents: nothing, one token, several, or something that is not meant for this library. With several
 * nobody can say which one counts, and two readers would not agree; so none does.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Credentials {
    /** No header, or blank ones. */
    Credentials NONE = new None();

    /** More than one. */
    Credentials SEVERAL = new Several();

    /** The {@code Authorization} header belongs to another scheme, such as Basic. */
    Credentials OTHER_SCHEME = new Other(Other.Kind.SCHEME);

    /** A bearer token that doesn't look like one of ours. */
    Credentials OTHER_TOKEN = new Other(Other.Kind.BEARER_TOKEN);

    /** No credential at all. */
    record None() implements Credentials {}

    /**
     * One token, not verified yet.
     *
     * @param token as it was sent, without the scheme
     */
    record One(String token) implements Credentials {
        /** Without the token. */
        @Override
        public String toString() {
            return "One[***]";
        }
    }

    /** More than one credential, in whatever way. */
    record Several() implements Credentials {}

    /**
     * One credential that is not meant for this library.
     *
     * @param kind what it is instead
     */
    record Other(Kind kind) implements Credentials {
        enum Kind {
            BEARER_TOKEN,
            SCHEME
        }
    }

    /** Reads {@code Authorization} and {@code X-API-Key}. */
    static Credentials read(HttpServletRequest request, TokenFormat format) {
        return of(request.getHeaders("Authorization"), request.getHeaders("X-API-Key"), format);
    }

    /**
     * Reads the lines of both headers, for a server without servlets.
     *
     * @param authorization the lines of {@code Authorization}, or null
     * @param apiKey the lines of {@code X-API-Key}, or null
     */
    static Credentials of(
            @Nullable Enumeration<String> authorization, @Nullable Enumeration<String> apiKey, TokenFormat format) {
        return merge(authorization(onlyLine(authorization), format), withoutComma(onlyLine(apiKey)));
    }

    /** Reads the headers and this parameter of the query string, which stand in its text without any encoding. */
    static Credentials read(HttpServletRequest request, TokenFormat format, String queryParameter) {
        return merge(read(request, format), query(request.getQueryString(), queryParameter));
    }

    private static Credentials merge(Credentials one, Credentials other) {
        if (other == NONE) {
            return one;
        }
        return one == NONE ? other : SEVERAL;
    }

    /** The whole value of a header, without blanks around it. */
    private static Credentials onlyLine(@Nullable Enumeration<String> lines) {
        if (lines == null || !lines.hasMoreElements()) {
            return NONE;
        }
        String line = lines.nextElement();
        return lines.hasMoreElements() ? SEVERAL : unlessBlank(line, 0, line.length());
    }

    private static Credentials unlessBlank(String text, int start, int end) {
        String trimmed = trim(text, start, end);
        return trimmed.isEmpty() ? NONE : new One(trimmed);
    }

    /** A proxy may join two header lines by a comma, and no token holds one. */
    private static Credentials withoutComma(Credentials credentials) {
        return credentials instanceof One one && one.token.indexOf(',') >= 0 ? SEVERAL : credentials;
    }

    private static Credentials authorization(Credentials header, TokenFormat format) {
        if (!(header instanceof One value)) {
            return header;
        }
        int end = bearerEnd(value.token, 0);
        if (end < 0) {
            return holdsSecondBearer(value.token) ? SEVERAL : OTHER_SCHEME;
        }
        Credentials sent = withoutComma(unlessBlank(value.token, end, value.token.length()));
        return sent instanceof One one && !format.claims(one.token) ? OTHER_TOKEN : sent;
    }

    /** Read from the raw text and never by {@code getParameter}, which would use up the body of a form. */
    private static Credentials query(@Nullable String query, String parameter) {
        Credentials found = NONE;
        int occurrences = 0;
        int start = 0;
        while (query != null && start < query.length()) {
            int next = query.indexOf('&', start);
            int end = next < 0 ? query.length() : next;
            int nameEnd = start + parameter.length();
            if (query.startsWith(parameter, start) && (nameEnd == end || query.charAt(nameEnd) == '=')) {
                occurrences++;
                found = withoutComma(unlessBlank(query, Math.min(nameEnd + 1, end), end));
            }
            start = end + 1;
        }
        return occurrences > 1 ? SEVERAL : found;
    }

    /** Where the scheme {@code Bearer} that begins here ends, or -1 when it is another one (RFC 9110 section 11.1). */
    private static int bearerEnd(String value, int start) {
        String scheme = "bearer";
        int end = start + scheme.length();
        if (value.length() < end || (value.length() > end && !isBlank(value.charAt(end)))) {
            return -1;
        }
        for (int i = 0; i < scheme.length(); i++) {
            // Sets the bit in which ASCII letters differ by case; no other character becomes a letter by it.
            if ((value.charAt(start + i) | 0x20) != scheme.charAt(i)) {
                return -1;
            }
        }
        return end;
    }

    /** Other schemes may use commas themselves; a bearer token behind one is a second credential all the same. */
    private static boolean holdsSecondBearer(String value) {
        for (int comma = value.indexOf(','); comma >= 0; comma = value.indexOf(',', comma + 1)) {
            int next = comma + 1;
            while (next < value.length() && isBlank(value.charAt(next))) {
                next++;
            }
            if (bearerEnd(value, next) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Cuts what HTTP calls white space, and nothing that Unicode calls so. */
    private static String trim(String value, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
