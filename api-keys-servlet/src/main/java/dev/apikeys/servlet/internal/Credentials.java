package dev.apikeys.servlet.internal;

import dev.apikeys.TokenFormat;
import dev.apikeys.servlet.CredentialPlaces;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request presents: nothing, one token, several, or something that is not meant for this library. With several it
 * is unclear which one counts, and two readers could choose differently. So none of them counts.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Credentials {
    /** No header, or blank ones. */
    Credentials NONE = new None();

    /** More than one. */
    Credentials SEVERAL = new Several();

    /** The {@code Authorization} header has another scheme, such as Basic. */
    Credentials OTHER_SCHEME = new Other(Other.Kind.SCHEME);

    /** A bearer token that doesn't have the form of this library's tokens. */
    Credentials OTHER_TOKEN = new Other(Other.Kind.BEARER_TOKEN);

    /** No credential at all. */
    record None() implements Credentials {}

    /**
     * One token, not verified yet.
     *
     * @param token as it was sent, without the scheme
     */
    record One(String token) implements Credentials {
        /** Doesn't show the token. */
        @Override
        public String toString() {
            return "One[***]";
        }
    }

    /** More than one credential, in any form. */
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

    /** Reads the places of a request that may hold a key. */
    static Credentials read(HttpServletRequest request, TokenFormat format, CredentialPlaces places) {
        return of(name -> lines(request, name), request.getQueryString(), format, places);
    }

    /**
     * The same for a server without servlets.
     *
     * @param headers all lines of the header with this name, in whatever case
     * @param query as it was sent, or null
     */
    static Credentials of(
            Function<String, List<String>> headers,
            @Nullable String query,
            TokenFormat format,
            CredentialPlaces places) {
        Credentials elsewhere = merge(
                withoutComma(onlyLine(headers.apply(places.header()))),
                places.queryParameter()
                        .map(name -> QueryText.only(query, name))
                        .map(Credentials::withoutComma)
                        .orElse(NONE));
        Credentials header = onlyLine(headers.apply("Authorization"));
        Credentials authorization = AuthorizationText.read(header, format, places);
        boolean ignored = places.isForeignAuthorizationIgnored()
                && elsewhere instanceof One one
                && format.claims(one.token)
                && authorization instanceof Other
                && header instanceof One sent
                && AuthorizationText.tokens(sent.token, format).isEmpty();
        return ignored ? elsewhere : merge(authorization, elsewhere);
    }

    /** Tells whether the query has something in the parameter that may hold a key. */
    public static boolean isInQuery(@Nullable String query, CredentialPlaces places) {
        return places.queryParameter()
                .filter(name -> QueryText.only(query, name) != NONE)
                .isPresent();
    }

    private static List<String> lines(HttpServletRequest request, String header) {
        Enumeration<String> lines = request.getHeaders(header);
        if (lines == null || !lines.hasMoreElements()) {
            return List.of();
        }
        String first = lines.nextElement();
        if (!lines.hasMoreElements()) {
            return List.of(first);
        }
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(Collections.list(lines));
        return all;
    }

    /**
     * All tokens of this library that a request carries, in whatever header or parameter of the query. For a place where no
     * key may come, however the host has set up the filter.
     */
    static Set<String> carried(HttpServletRequest request, TokenFormat format) {
        Set<String> tokens = new LinkedHashSet<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String line : Collections.list(request.getHeaders(name))) {
                AuthorizationText.tokens(line, format).forEach(tokens::add);
            }
        }
        QueryText.values(request.getQueryString()).stream()
                .filter(format::claims)
                .forEach(tokens::add);
        return tokens;
    }

    private static Credentials merge(Credentials one, Credentials other) {
        if (other == NONE) {
            return one;
        }
        return one == NONE ? other : SEVERAL;
    }

    /** The whole value of a header, without blanks around it. */
    private static Credentials onlyLine(List<String> lines) {
        if (lines.isEmpty()) {
            return NONE;
        }
        String line = lines.get(0);
        return lines.size() > 1 ? SEVERAL : unlessBlank(line, 0, line.length());
    }

    /** The part of a text between two indices, without blanks around it. */
    static Credentials unlessBlank(String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return start == end ? NONE : new One(text.substring(start, end));
    }

    /** A proxy may join two header lines with a comma, and no token contains one. */
    static Credentials withoutComma(Credentials credentials) {
        return credentials instanceof One one && one.token.indexOf(',') >= 0 ? SEVERAL : credentials;
    }

    /** Tells whether this is white space in HTTP, which doesn't include other Unicode white space. */
    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
