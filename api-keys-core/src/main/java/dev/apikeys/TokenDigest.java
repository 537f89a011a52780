package dev.apikeys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How another system hashed its machine-made tokens: SHA-256, SHA-512 or HMAC-SHA-256, with or without a salt. Such a
 * fast hash is only safe for secrets of at least 128 random bits.
 *
 * <p>Immutable and thread-safe.
 */
public final class TokenDigest {
    /** Longest salt, in bytes of UTF-8. */
    public static final int MAX_SALT_BYTES = 64;

    private static final String HMAC = "HmacSHA256";
    private static final int MD5_BYTES = 16;
    private static final int SHA_1_BYTES = 20;

    private final Algorithm algorithm;
    private final @Nullable ImportedHmacKey key;
    private final String saltBefore;
    private final String saltBehind;

    private TokenDigest(Algorithm algorithm, @Nullable ImportedHmacKey key, String saltBefore, String saltBehind) {
        this.algorithm = algorithm;
        this.key = key;
        this.saltBefore = saltBefore;
        this.saltBehind = saltBehind;
    }

    /** The algorithms that are accepted. */
    private enum Algorithm {
        SHA256("SHA-256", 32),
        SHA512("SHA-512", 64),
        HMAC_SHA256("HMAC-SHA-256", 32);

        private final String standardName;
        private final int bytes;

        Algorithm(String standardName, int bytes) {
            this.standardName = standardName;
            this.bytes = bytes;
        }
    }

    /** SHA-256 (FIPS 180-4). */
    public static TokenDigest sha256() {
        return new TokenDigest(Algorithm.SHA256, null, "", "");
    }

    /** SHA-512 (FIPS 180-4). */
    public static TokenDigest sha512() {
        return new TokenDigest(Algorithm.SHA512, null, "", "");
    }

    /**
     * HMAC with SHA-256 (RFC 2104).
     *
     * @param key the key of the other system, which {@link KeyServiceBuilder#importedHmacKey} is given too
     */
    public static TokenDigest hmacSha256(ImportedHmacKey key) {
        Objects.requireNonNull(key, "key");
        return new TokenDigest(Algorithm.HMAC_SHA256, key, "", "");
    }

    /**
     * The digest by its name, as configuration holds it: {@code sha256} or {@code sha512}, in any case, with or without
     * a hyphen.
     *
     * @throws IllegalArgumentException for every other name; MD5 and SHA-1 are refused with the reason
     */
    public static TokenDigest named(String name) {
        Objects.requireNonNull(name, "name");
        return switch (name.toLowerCase(Locale.ROOT).replace("-", "")) {
            case "sha256" -> sha256();
            case "sha512" -> sha512();
            case "md5" -> throw refused("MD5");
            case "sha1" -> throw refused("SHA-1");
            default ->
                throw new IllegalArgumentException(
                        "a token's digest is sha256 or sha512, this one is none of them: " + Text.printable(name, 32));
        };
    }

    /**
     * The same with a salt in front of the secret.
     *
     * @param salt hashed as UTF-8, 1 to {@value #MAX_SALT_BYTES} bytes
     * @throws IllegalArgumentException if it is empty or too long
     */
    public TokenDigest saltBefore(String salt) {
        Objects.requireNonNull(salt, "salt");
        return new TokenDigest(algorithm, key, checkedSalt(salt), saltBehind);
    }

    /**
     * The same with a salt behind the secret.
     *
     * @param salt hashed as UTF-8, 1 to {@value #MAX_SALT_BYTES} bytes
     * @throws IllegalArgumentException if it is empty or too long
     */
    public TokenDigest saltBehind(String salt) {
        Objects.requireNonNull(salt, "salt");
        return new TokenDigest(algorithm, key, saltBefore, checkedSalt(salt));
    }

    /**
     * Reads a stored hash: hexadecimal, Base64 or Base64url, with or without padding. Its length tells which.
     *
     * @throws IllegalArgumentException if it is none of this digest; the message doesn't show it
     */
    byte[] read(String stored) {
        byte[] value = EncodedDigest.decode(stored);
        if (value != null && value.length == algorithm.bytes) {
            return value;
        }
        if (value != null && value.length == MD5_BYTES) {
            throw refused("MD5");
        }
        if (value != null && value.length == SHA_1_BYTES) {
            throw refused("SHA-1");
        }
        throw new IllegalArgumentException("the stored hash is no " + algorithm.standardName + " in hexadecimal, Base64"
                + " or Base64url; it isn't shown here");
    }

    /** The digest of a secret. */
    byte[] of(String secret) {
        byte[] input = (saltBefore + secret + saltBehind).getBytes(StandardCharsets.UTF_8);
        try {
            if (key == null) {
                return MessageDigest.getInstance(algorithm.standardName).digest(input);
            }
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key.key(), HMAC));
            return mac.doFinal(input);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java has no " + algorithm.standardName, missing);
        }
    }

    @Nullable
    ImportedHmacKey key() {
        return key;
    }

    /**
     * The digest as a stored hash names it: {@code sha256}, {@code hmac-sha256:<key id>}, and behind it the salts, if
     * there are any: {@code ~<before>.<behind>~}, both in Base64url. It has no dollar sign.
     */
    String encoded() {
        String name = key == null ? algorithm.name().toLowerCase(Locale.ROOT) : "hmac-sha256:" + key.id();
        return saltBefore.isEmpty() && saltBehind.isEmpty()
                ? name
                : name + "~" + base64(saltBefore) + "." + base64(saltBehind) + "~";
    }

    private static String base64(String salt) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(salt.getBytes(StandardCharsets.UTF_8));
    }

    private static String checkedSalt(String salt) {
        int bytes = salt.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 1 to " + MAX_SALT_BYTES + " bytes, this one " + bytes);
        }
        return salt;
    }

    /** Why hashes of this algorithm aren't imported. */
    static IllegalArgumentException refused(String algorithm) {
        return new IllegalArgumentException(algorithm + " is broken: two inputs with one hash can be made. Hashes of it"
                + " aren't imported; issue these keys anew");
    }

    /** Shows the algorithm, and no salt. */
    @Override
    public String toString() {
        return "TokenDigest[" + algorithm.standardName + "]";
    }
}
