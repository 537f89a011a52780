package dev.apikeys.servlet;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request may carry its key. Give the same places to the filter and to the management servlet.
 *
 * <p>{@link #DEFAULT} reads {@code Authorization: Bearer} and {@code X-API-Key}, and wants exactly one credential in a
 * request. Each method returns a changed copy.
 *
 * <p>Immutable and thread-safe.
 */
public final class CredentialPlaces {
    /** {@code Authorization: Bearer} or {@code X-API-Key}. */
    public static final CredentialPlaces DEFAULT = new CredentialPlaces();

    private static final String BASIC = "Basic";
    /** A token of RFC 9110 section 5.6.2, of a length that makes sense. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private String header = "X-API-Key";
    private List<String> schemes = List.of("Bearer");
    private boolean basic;
    private boolean foreignIgnored;
    private @Nullable String queryParameter;

    private CredentialPlaces() {}

    private CredentialPlaces copy() {
        CredentialPlaces copy = new CredentialPlaces();
        copy.header = header;
        copy.schemes = schemes;
        copy.basic = basic;
        copy.foreignIgnored = foreignIgnored;
        copy.queryParameter = queryParameter;
        return copy;
    }

    /**
     * Reads this header instead of {@code X-API-Key}, for example {@code Api-Key}. Its value is the token alone.
     *
     * @throws IllegalArgumentException if it is no name of a header, or one that holds something else
     */
    public CredentialPlaces header(String name) {
        Objects.requireNonNull(name, "name");
        if (!TOKEN.matcher(name).matches()
                || name.equalsIgnoreCase("Authorization")
                || name.equalsIgnoreCase("Proxy-Authorization")
                || name.equalsIgnoreCase("Cookie")) {
            throw new IllegalArgumentException("not the name of a header that can hold a key: " + name);
        }
        CredentialPlaces copy = copy();
        copy.header = name;
        return copy;
    }

    /**
     * Accepts these schemes of {@code Authorization} instead of {@code Bearer}, for example {@code Token}. Case doesn't
     * matter. Answers that ask for a key name the first one.
     *
     * @throws IllegalArgumentException if there is none, or one is no scheme; {@code Basic} is one for
     *     {@link #acceptBasic()}
     */
    public CredentialPlaces schemes(String... names) {
        Objects.requireNonNull(names, "names");
        if (names.length == 0) {
            throw new IllegalArgumentException("name at least one scheme");
        }
        for (String name : names) {
            if (!TOKEN.matcher(name).matches() || name.equalsIgnoreCase(BASIC)) {
                throw new IllegalArgumentException("not a scheme whose credential is a token: " + name);
            }
        }
        CredentialPlaces copy = copy();
        copy.schemes = List.copyOf(Arrays.asList(names));
        return copy;
    }

    /**
     * Also accepts {@code Authorization: Basic} (RFC 7617) with the key as user name, whatever the password is, as in
     * {@code curl -u <key>:}. Off by default.
     */
    public CredentialPlaces acceptBasic() {
        CredentialPlaces copy = copy();
        copy.basic = true;
        return copy;
    }

    /**
     * Also accepts a parameter of the query. Off by default, because query strings end up in the logs of servers and
     * proxies and in the history of browsers (RFC 6750 section 5.3).
     *
     * @param name 1 to 64 of {@code A-Z a-z 0-9 _ -}
     * @throws IllegalArgumentException if it is anything else
     */
    public CredentialPlaces queryParameter(String name) {
        Objects.requireNonNull(name, "name");
        if (!PARAMETER.matcher(name).matches()) {
            throw new IllegalArgumentException("a parameter name has 1 to 64 of A-Z a-z 0-9 _ -: " + name);
        }
        CredentialPlaces copy = copy();
        copy.queryParameter = name;
        return copy;
    }

    /**
     * Leaves alone what {@code Authorization} holds, if it is not a token of this library and a token of this library
     * comes elsewhere. Use it where a proxy adds its own {@code Basic} credential, or where clients also send the bearer
     * token of another issuer. By default such a request has several credentials, and is answered 400. Two tokens of this
     * library are always answered 400.
     */
    public CredentialPlaces ignoreForeignAuthorization() {
        CredentialPlaces copy = copy();
        copy.foreignIgnored = true;
        return copy;
    }

    /** The header that holds a token alone. */
    public String header() {
        return header;
    }

    /** The schemes of {@code Authorization} whose credential is a token; the first one is named in challenges. */
    public List<String> schemes() {
        return schemes;
    }

    /** Tells whether a key may be the user name of {@code Basic}. */
    public boolean isBasicAccepted() {
        return basic;
    }

    /** The parameter of the query that may hold a token; empty by default. */
    public Optional<String> queryParameter() {
        return Optional.ofNullable(queryParameter);
    }

    /** Tells whether a foreign {@code Authorization} beside a token of this library is left alone. */
    public boolean isForeignAuthorizationIgnored() {
        return foreignIgnored;
    }

    /** The places, without any credential. */
    @Override
    public String toString() {
        return "CredentialPlaces[" + header + ", Authorization " + schemes + (basic ? ", Basic" : "")
                + (queryParameter == null ? "" : ", query " + queryParameter)
                + (foreignIgnored ? ", foreign Authorization ignored]" : "]");
    }
}
