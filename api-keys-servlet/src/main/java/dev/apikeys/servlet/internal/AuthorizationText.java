package dev.apikeys.servlet.internal;

import dev.apikeys.TokenFormat;
import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.servlet.internal.Credentials.One;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the value of {@code Authorization}: a scheme, blanks, a credential (RFC 9110 section 11.4). */
final class AuthorizationText {
    private static final String BASIC = "Basic";
    /** Longer than any token with a password behind it; longer text is not decoded. */
    private static final int MAX_BASIC_LENGTH = 1024;

    private AuthorizationText() {}

    /** What the header presents, when it may hold a key in these places. */
    static Credentials read(Credentials header, TokenFormat format, CredentialPlaces places) {
        if (!(header instanceof One value)) {
            return header;
        }
        for (String scheme : places.schemes()) {
            int end = schemeEnd(value.token(), 0, scheme);
            if (end >= 0) {
                Credentials sent = Credentials.withoutComma(Credentials.unlessBlank(
                        value.token(), end, value.token().length()));
                return sent instanceof One one && !format.claims(one.token()) ? Credentials.OTHER_TOKEN : sent;
            }
        }
        if (holdsSecond(value.token(), places)) {
            return Credentials.SEVERAL;
        }
        return places.isBasicAccepted() ? basic(value.token(), format) : Credentials.OTHER_SCHEME;
    }

    /** The tokens of this library in the value of a header: alone, behind any scheme, or inside Basic. */
    static List<String> tokens(String value, TokenFormat format) {
        List<String> candidates = new ArrayList<>();
        if (Credentials.unlessBlank(value, 0, value.length()) instanceof One whole) {
            String text = whole.token();
            candidates.add(text);
            int end = 0;
            while (end < text.length() && !Credentials.isBlank(text.charAt(end))) {
                end++;
            }
            candidates.add(text.substring(end).strip());
            String pair = basicPair(text);
            if (pair != null) {
                candidates.add(userOf(pair));
                candidates.add(passwordOf(pair));
            }
        }
        candidates.removeIf(candidate -> !format.claims(candidate));
        return candidates;
    }

    private static Credentials basic(String value, TokenFormat format) {
        String pair = basicPair(value);
        if (pair == null || !format.claims(userOf(pair))) {
            return Credentials.OTHER_SCHEME;
        }
        return format.claims(passwordOf(pair)) ? Credentials.SEVERAL : Credentials.withoutComma(new One(userOf(pair)));
    }

    /** User and password with a colon between them, or null if it is another scheme or malformed (RFC 7617 section 2). */
    private static @Nullable String basicPair(String value) {
        int end = schemeEnd(value, 0, BASIC);
        if (end < 0
                || value.length() > MAX_BASIC_LENGTH
                || !(Credentials.unlessBlank(value, end, value.length()) instanceof One encoded)) {
            return null;
        }
        try {
            return new String(Base64.getDecoder().decode(encoded.token()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private static String userOf(String pair) {
        int colon = pair.indexOf(':');
        return colon < 0 ? pair : pair.substring(0, colon);
    }

    private static String passwordOf(String pair) {
        int colon = pair.indexOf(':');
        return colon < 0 ? "" : pair.substring(colon + 1);
    }

    /** The end of this scheme if it begins here, or -1 if another one does (RFC 9110 section 11.1). */
    private static int schemeEnd(String value, int start, String scheme) {
        int end = start + scheme.length();
        if (value.length() < end || (value.length() > end && !Credentials.isBlank(value.charAt(end)))) {
            return -1;
        }
        for (int i = 0; i < scheme.length(); i++) {
            if (lowerCase(value.charAt(start + i)) != lowerCase(scheme.charAt(i))) {
                return -1;
            }
        }
        return end;
    }

    /** In ASCII alone: no letter of another alphabet becomes one of a scheme. */
    private static char lowerCase(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    /** Other schemes may use commas themselves, but a token after a comma is a second credential. */
    private static boolean holdsSecond(String value, CredentialPlaces places) {
        for (int comma = value.indexOf(','); comma >= 0; comma = value.indexOf(',', comma + 1)) {
            int next = comma + 1;
            while (next < value.length() && Credentials.isBlank(value.charAt(next))) {
                next++;
            }
            for (String scheme : places.schemes()) {
                if (schemeEnd(value, next, scheme) >= 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
