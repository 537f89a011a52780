package dev.apikeys;

import dev.apikeys.spi.SecretHash;
import java.util.Objects;

/**
 * A token of another system, as that system stored it: the look-up value of the key, and a hash of the secret.
 *
 * <p>There are two sorts of hashes. A password hash ({@link #of}) is slow, and is kept, because the secret may be
 * guessable. A fast hash ({@link #sha256} and the others) is only safe for secrets of at least 128 random bits. It is
 * replaced by the service's own scheme, pepper included, when the key is used for the first time.
 *
 * <p>Immutable and thread-safe.
 *
 * @see KeyService#importKey
 * @see ImportedForm
 */
public final class ImportedToken {
    private final String lookup;
    private final Original original;

    private ImportedToken(String lookup, Original original) {
        this.lookup = lookup;
        this.original = original;
    }

    /** What the other system stored of the secret. */
    sealed interface Original {
        /** A slow hash; its text says whether the secret may be guessable. */
        record Slow(SecretHash hash) implements Original {}

        /** A fast hash of a secret of at least 128 random bits. */
        final class Fast implements Original {
            private final TokenDigest digest;
            /** Transient, so that nothing that writes fields writes it. */
            private final transient byte[] value;

            private Fast(TokenDigest digest, byte[] value) {
                this.digest = digest;
                this.value = value;
            }

            TokenDigest digest() {
                return digest;
            }

            byte[] value() {
                return value;
            }
        }
    }

    /**
     * A token and its password hash.
     *
     * @param lookup the look-up value that {@link dev.apikeys.spi.ImportedTokens} finds in the token, 1 to 256
     *     characters
     * @param passwordHash a hash that the service's {@link dev.apikeys.spi.PasswordHashing} supports, at most 512
     *     characters, also as Django writes it ({@code pbkdf2_sha256$…}, {@code argon2$…}, {@code bcrypt$…}) or Spring
     *     Security ({@code {bcrypt}$2a$…}); the hash says what it costs to check, and each first check on a node costs it
     * @throws IllegalArgumentException when the lookup is empty or too long, or the hash is empty or too long
     */
    public static ImportedToken of(String lookup, String passwordHash) {
        Objects.requireNonNull(lookup, "lookup");
        Objects.requireNonNull(passwordHash, "passwordHash");
        String checked = checkedLookup(lookup);
        // In Turkish, Password4j names Argon2 with an i that has no dot, and databases keep hashes in ASCII.
        SecretHash hash = new SecretHash(DjangoHash.plain(passwordHash.replace('\u0131', 'i')));
        return new ImportedToken(checked, new Original.Slow(checkedLength(hash)));
    }

    /**
     * A token and the SHA-256 of its secret, which has at least 128 random bits.
     *
     * @param lookup as in {@link #of}
     * @param hash in hexadecimal, Base64 or Base64url
     * @throws IllegalArgumentException when the lookup is empty or too long, or the hash isn't one
     */
    public static ImportedToken sha256(String lookup, String hash) {
        Objects.requireNonNull(lookup, "lookup");
        Objects.requireNonNull(hash, "hash");
        return digested(lookup, hash, TokenDigest.sha256());
    }

    /**
     * A token and the SHA-512 of its secret, which has at least 128 random bits.
     *
     * @param lookup as in {@link #of}
     * @param hash in hexadecimal, Base64 or Base64url
     * @throws IllegalArgumentException when the lookup is empty or too long, or the hash isn't one
     */
    public static ImportedToken sha512(String lookup, String hash) {
        Objects.requireNonNull(lookup, "lookup");
        Objects.requireNonNull(hash, "hash");
        return digested(lookup, hash, TokenDigest.sha512());
    }

    /**
     * A token and the HMAC-SHA-256 of its secret, which has at least 128 random bits.
     *
     * @param lookup as in {@link #of}
     * @param hash in hexadecimal, Base64 or Base64url
     * @param key the key of the other system, which {@link KeyServiceBuilder#importedHmacKey} is given too; stores keep
     *     its id, and never the key
     * @throws IllegalArgumentException when the lookup is empty or too long, or the hash isn't one
     */
    public static ImportedToken hmacSha256(String lookup, String hash, ImportedHmacKey key) {
        Objects.requireNonNull(lookup, "lookup");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(key, "key");
        return digested(lookup, hash, TokenDigest.hmacSha256(key));
    }

    /**
     * A token and the fast hash of its secret, which has at least 128 random bits: for salts, see {@link TokenDigest}.
     *
     * @param lookup as in {@link #of}
     * @param hash in hexadecimal, Base64 or Base64url
     * @param digest how the hash was made
     * @throws IllegalArgumentException when the lookup is empty or too long, or the hash isn't one
     */
    public static ImportedToken digested(String lookup, String hash, TokenDigest digest) {
        Objects.requireNonNull(lookup, "lookup");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(digest, "digest");
        return new ImportedToken(checkedLookup(lookup), new Original.Fast(digest, digest.read(hash)));
    }

    /**
     * A token without an id, which is found by the hash of the whole token.
     *
     * @param hash in hexadecimal, Base64 or Base64url
     * @param digest how the hash was made, the same for all of these tokens
     * @throws IllegalArgumentException when the hash isn't one
     * @see ImportedForm#wholeToken
     */
    public static ImportedToken foundByHash(String hash, TokenDigest digest) {
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(digest, "digest");
        byte[] value = digest.read(hash);
        return new ImportedToken(WholeTokens.lookup(digest, value), new Original.Fast(digest, value));
    }

    /**
     * The same token, whose password hash guards a secret of at least 128 random bits. So the hash may be replaced by a
     * fast one when the key is used for the first time. A fast hash needs no such word.
     *
     * @throws IllegalArgumentException when the hash is too long to be marked
     */
    public ImportedToken generated() {
        return original instanceof Original.Slow slow && HashKind.of(slow.hash()) != HashKind.GENERATED
                ? new ImportedToken(lookup, new Original.Slow(checkedLength(HashKind.generated(slow.hash()))))
                : this;
    }

    String lookup() {
        return lookup;
    }

    Original original() {
        return original;
    }

    private static SecretHash checkedLength(SecretHash hash) {
        int length = hash.encoded().length();
        if (length < 1 || length > StorableKey.MAX_HASH_LENGTH) {
            throw new IllegalArgumentException("the password hash of an imported token has 1 to "
                    + StorableKey.MAX_HASH_LENGTH + " characters; it isn't shown here");
        }
        return hash;
    }

    private static String checkedLookup(String lookup) {
        if (lookup.isEmpty() || lookup.length() > TokenFormat.MAX_TOKEN_LENGTH) {
            throw new IllegalArgumentException(
                    "the look-up value of a token has 1 to " + TokenFormat.MAX_TOKEN_LENGTH + " characters");
        }
        return lookup;
    }

    /** Shows the look-up value only. */
    @Override
    public String toString() {
        return "ImportedToken[" + lookup + "]";
    }
}
