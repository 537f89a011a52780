package dev.apikeys.gateway;

import dev.apikeys.servlet.internal.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The form with a token that RFC 7662 section 2.1 and RFC 7009 section 2.1 define. Never by {@code getParameter}, which also
 * takes a token from the query, where it would end up in logs.
 *
 * @param token as it was sent, or null
 * @param problem why there is none, or null
 */
record TokenForm(@Nullable String token, @Nullable Problem problem) {
    static final Problem UNSUPPORTED_TYPE =
            Problem.of(415, "unsupported_media_type", "the content type is not supported");
    private static final Problem INVALID = Problem.of(400, "invalid_request", "send exactly one token in a form");
    private static final String FORM = "application/x-www-form-urlencoded";

    /** Reads the form. Other parameters, such as {@code token_type_hint}, mean nothing here. */
    static TokenForm read(HttpServletRequest request) {
        // Not getContentType(): Jetty's fails for an unknown charset, which means nothing here.
        if (!isForm(request.getHeader("Content-Type"))) {
            return new TokenForm(null, UNSUPPORTED_TYPE);
        }
        SentBody body = SentBody.of(request);
        if (body.bytes() == null) {
            return new TokenForm(null, body.problem());
        }
        String token = only(new String(body.bytes(), StandardCharsets.ISO_8859_1));
        return token == null || token.isEmpty() ? new TokenForm(null, INVALID) : new TokenForm(token, null);
    }

    private static boolean isForm(@Nullable String contentType) {
        return FORM.equals(contentType)
                || (contentType != null
                        && contentType
                                .split(";", 2)[0]
                                .strip()
                                .toLowerCase(Locale.ROOT)
                                .equals(FORM));
    }

    /** The value of the only parameter with that name, or null. */
    private static @Nullable String only(String form) {
        String token = null;
        try {
            for (int start = 0; start <= form.length(); ) {
                int ampersand = form.indexOf('&', start);
                int end = ampersand < 0 ? form.length() : ampersand;
                int equals = form.indexOf('=', start);
                int nameEnd = equals < 0 || equals > end ? end : equals;
                if (decoded(form.substring(start, nameEnd)).equals("token")) {
                    if (token != null) {
                        return null;
                    }
                    token = nameEnd == end ? "" : decoded(form.substring(nameEnd + 1, end));
                }
                start = end + 1;
            }
        } catch (IllegalArgumentException notEncoded) {
            return null;
        }
        return token;
    }

    private static String decoded(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Doesn't show the token. */
    @Override
    public String toString() {
        return "TokenForm[***]";
    }
}
