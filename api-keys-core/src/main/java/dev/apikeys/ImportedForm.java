package dev.apikeys;

import dev.apikeys.IdTokens.Hashed;
import dev.apikeys.IdTokens.Lengths;
import dev.apikeys.WholeTokens.Alphabet;
import dev.apikeys.spi.ImportedTokens;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How another system forms its tokens and what it stores of them: {@link #tokens} is for the {@link TokenFormat} of the
 * service, and {@link #token(String, String)} reads a row of the other system's table.
 *
 * <p>The ready-made forms are those of the default settings of these systems. Their secrets are machine-made, so every
 * hash is replaced by the service's own scheme when the key is used for the first time. For other systems, see
 * {@link #of} and {@link #wholeToken}.
 *
 * <p>Immutable and thread-safe.
 */
public final class ImportedForm {
    private static final String DJANGO_SHA_512 = "sha512$$";

    private final ImportedTokens tokens;
    private final TokenDigest digest;
    private final Sort sort;

    private ImportedForm(ImportedTokens tokens, TokenDigest digest, Sort sort) {
        this.tokens = tokens;
        this.digest = digest;
        this.sort = sort;
    }

    /** How a token is found, and what is known of its secret. */
    private enum Sort {
        /** By its id; the secret is machine-made. */
        GENERATED_BEHIND_ID,
        /** By its id; only the host knows who made the secret. */
        BEHIND_ID,
        /** By the hash of the whole token, which is machine-made. */
        FOUND_BY_HASH
    }

    /**
     * Laravel Sanctum: {@code <id>|<secret>}; the column {@code token} of {@code personal_access_tokens} holds the
     * SHA-256 of the secret in hexadecimal. The look-up value is the column {@code id}, a number, UUID or ULID.
     */
    public static ImportedForm laravelSanctum() {
        ImportedTokens tokens = new IdTokens(new Lengths(1, 36), '|', new Lengths(40, 200), Hashed.SECRET);
        return new ImportedForm(tokens, TokenDigest.sha256(), Sort.GENERATED_BEHIND_ID);
    }

    /**
     * djangorestframework-api-key: {@code <prefix>.<secret>} with 8 and 32 characters. The column {@code hashed_key}
     * holds a hash of the whole token: {@code sha512$$…} from version 3 on, a PBKDF2, Argon2 or bcrypt hash of Django
     * before ({@code bcrypt_sha256} is refused). The look-up value is the column {@code prefix}.
     */
    public static ImportedForm djangoRestFrameworkApiKey() {
        ImportedTokens tokens = new IdTokens(new Lengths(8, 8), '.', new Lengths(32, 32), Hashed.WHOLE_TOKEN);
        return new ImportedForm(tokens, TokenDigest.sha512(), Sort.GENERATED_BEHIND_ID);
    }

    /**
     * Better Auth: 64 characters behind the prefix; the column {@code key} holds the SHA-256 of the whole token in
     * Base64url without padding, and the token is found by it.
     *
     * @param prefix as in the plug-in's settings; may be empty
     */
    public static ImportedForm betterAuth(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return found(new WholeTokens(prefix, new Lengths(64, 64), Alphabet.BASE64URL, TokenDigest.sha256()));
    }

    /**
     * Unkey: a prefix and at least 16 characters; the column {@code hash} holds the SHA-256 of the whole token in Base64
     * (or hexadecimal), and the token is found by it.
     *
     * @param prefix with the underscore behind it, such as {@code acme_}; not empty
     * @throws IllegalArgumentException if the prefix is empty
     */
    public static ImportedForm unkey(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return wholeToken(prefix, TokenDigest.sha256());
    }

    /**
     * Seam's prefixed-api-key: {@code <prefix>_<short token>_<long token>}; the server stores the SHA-256 of the long token
     * in hexadecimal. The look-up value is the short token.
     *
     * @param prefix without the underscore behind it
     * @throws IllegalArgumentException if the prefix is empty
     */
    public static ImportedForm seam(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("a token of Seam's form has a prefix");
        }
        ImportedTokens tokens = ImportedTokens.separated(prefix + "_", '_');
        return new ImportedForm(tokens, TokenDigest.sha256(), Sort.GENERATED_BEHIND_ID);
    }

    /**
     * Devise: a random token; the column holds its HMAC-SHA-256 in hexadecimal, and the token is found by it.
     *
     * @param length how many characters a token has; Devise's {@code friendly_token} makes 20 by default
     * @param key what {@code Devise.token_generator} derives for the column: {@code key_for(column)}
     * @throws IllegalArgumentException unless the length is 20 to 256
     */
    public static ImportedForm devise(int length, ImportedHmacKey key) {
        Objects.requireNonNull(key, "key");
        if (length < 20 || length > TokenFormat.MAX_TOKEN_LENGTH) {
            throw new IllegalArgumentException("a token of Devise has 20 to 256 characters here: " + length);
        }
        return found(new WholeTokens("", new Lengths(length, length), Alphabet.BASE64URL, TokenDigest.hmacSha256(key)));
    }

    /**
     * GitLab: a prefix and a random token, which has dots if it is routable; the column {@code token_digest} holds the
     * SHA-256 of the whole token and a salt of the installation in Base64, and the token is found by it.
     *
     * @param prefix such as {@code glpat-}; not empty
     * @param salt the first 32 characters of the installation's {@code db_key_base}
     * @throws IllegalArgumentException if the prefix is empty, or the salt is empty or too long
     */
    public static ImportedForm gitLab(String prefix, String salt) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(salt, "salt");
        return wholeToken(
                prefix, Alphabet.BASE64URL_AND_DOTS, TokenDigest.sha256().saltBehind(salt));
    }

    /**
     * Tokens with an id, by which a row is found.
     *
     * @param tokens how a token is taken apart; what it calls the secret is what was hashed
     * @param digest how it was hashed; password hashes are read too, and kept unless they are
     *     {@linkplain ImportedToken#generated() of generated secrets}
     */
    public static ImportedForm of(ImportedTokens tokens, TokenDigest digest) {
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(digest, "digest");
        return new ImportedForm(tokens, digest, Sort.BEHIND_ID);
    }

    /**
     * Tokens without an id, which are found by the hash of the whole token: a prefix, then at least 16 letters, digits,
     * {@code _} or {@code -}.
     *
     * @param prefix such as {@code acme_live_}; not empty, because these tokens must differ from all others
     * @param digest how the whole token was hashed, with the same salt for all of them
     * @throws IllegalArgumentException if the prefix is empty
     */
    public static ImportedForm wholeToken(String prefix, TokenDigest digest) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(digest, "digest");
        return wholeToken(prefix, Alphabet.BASE64URL, digest);
    }

    private static ImportedForm wholeToken(String prefix, Alphabet alphabet, TokenDigest digest) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException(
                    "tokens without an id need a prefix that distinguishes them from others");
        }
        Lengths lengths = new Lengths(16, TokenFormat.MAX_TOKEN_LENGTH - prefix.length());
        return found(new WholeTokens(prefix, lengths, alphabet, digest));
    }

    private static ImportedForm found(WholeTokens tokens) {
        return new ImportedForm(tokens, tokens.digest(), Sort.FOUND_BY_HASH);
    }

    /** How the tokens are taken apart, for {@link TokenFormat.Builder#alsoAccept(ImportedTokens)}. */
    public ImportedTokens tokens() {
        return tokens;
    }

    /** Tells whether a token is found by its hash, so that a row needs no look-up value. */
    public boolean isFoundByHash() {
        return sort == Sort.FOUND_BY_HASH;
    }

    /**
     * A row of the other system's table.
     *
     * @param lookup the id in the token; null or empty exactly if {@link #isFoundByHash}
     * @param hash the stored hash: of the form's digest in hexadecimal, Base64 or Base64url, or a password hash, also one with
     *     the name of an encoder in braces before it, as Spring Security stores them
     * @throws IllegalArgumentException if the hash is none of these, or the look-up value is missing or too much; the
     *     message doesn't show the hash
     */
    public ImportedToken token(@Nullable String lookup, String hash) {
        Objects.requireNonNull(hash, "hash");
        boolean hasLookup = lookup != null && !lookup.isEmpty();
        if (hasLookup == isFoundByHash()) {
            throw new IllegalArgumentException(
                    isFoundByHash()
                            ? "a token of this form is found by its hash, and has no look-up value"
                            : "a token of this form has a look-up value");
        }
        return lookup == null || isFoundByHash() ? foundByHash(hash) : behindId(lookup, hash);
    }

    private ImportedToken foundByHash(String hash) {
        if (isPasswordHash(hash)) {
            throw new IllegalArgumentException(
                    "a token of this form is found by its hash, which a password hash doesn't"
                            + " allow; it isn't shown here");
        }
        return ImportedToken.foundByHash(hash, digest);
    }

    private ImportedToken behindId(String lookup, String hash) {
        if (hash.startsWith(DJANGO_SHA_512)) {
            return ImportedToken.sha512(lookup, hash.substring(DJANGO_SHA_512.length()));
        }
        if (!isPasswordHash(hash)) {
            return ImportedToken.digested(lookup, hash, digest);
        }
        ImportedToken token = ImportedToken.of(lookup, hash);
        return sort == Sort.GENERATED_BEHIND_ID ? token.generated() : token;
    }

    /** No digest in hexadecimal or Base64 has a dollar sign, or begins with a brace. */
    private static boolean isPasswordHash(String hash) {
        return hash.startsWith("{") || hash.indexOf('$') >= 0;
    }
}
