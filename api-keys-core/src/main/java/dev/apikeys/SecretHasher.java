package dev.apikeys;

import dev.apikeys.spi.SecretHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Hashes secrets for storage: {@code sha256$<hex>}, or {@code hmac-sha256$<pepper id>$<hex>} with a pepper. The input
 * contains scheme, public id and secret, each after its length. So a hash that is copied to another row, or an input
 * that is split elsewhere, never matches. A fast hash is right for secrets of 128 random bits and more (NIST SP
 * 800-63B-4, OWASP ASVS 6.5.2).
 *
 * <p>Thread-safe.
 */
final class SecretHasher {
    private static final String PLAIN = "sha256";
    private static final String KEYED = "hmac-sha256";

    private static final String HMAC = "HmacSHA256";

    private final @Nullable KeyedHash current;
    private final Map<String, KeyedHash> peppers = new HashMap<>();

    /**
     * @param current the pepper for new hashes; null: they are made without one
     * @param accepted every pepper that a stored hash may have, the current one among them
     */
    SecretHasher(@Nullable Pepper current, List<Pepper> accepted) {
        accepted.forEach(pepper -> peppers.put(pepper.id(), new KeyedHash(pepper)));
        this.current = current == null ? null : peppers.get(current.id());
    }

    /** HMAC under one pepper. Thread-safe. */
    private static final class KeyedHash {
        private final String scheme;
        /** Contains the pepper and nothing else; only copies of it are used. */
        private final Mac keyed;

        KeyedHash(Pepper pepper) {
            this.scheme = KEYED + "$" + pepper.id();
            try {
                this.keyed = Mac.getInstance(HMAC);
                keyed.init(new SecretKeySpec(pepper.key(), HMAC));
                // This hashes the block with the pepper once, for all copies.
                keyed.update(new byte[0]);
            } catch (GeneralSecurityException e) {
                throw missing(e);
            }
        }

        byte[] digest(byte[] message) {
            try {
                return ((Mac) keyed.clone()).doFinal(message);
            } catch (CloneNotSupportedException e) {
                throw missing(e);
            }
        }

        private static IllegalStateException missing(Exception cause) {
            return new IllegalStateException("this Java has no HMAC with SHA-256 that can be copied", cause);
        }
    }

    /** How a secret compares with a stored hash. */
    enum Match {
        /** The secret is right. */
        YES,
        /** The secret is right, but a new hash would be of another scheme or pepper. */
        OUTDATED,
        /** The secret is wrong. */
        NO,
        /** This configuration can't check the stored hash; no secret matches it. */
        UNUSABLE
    }

    /** The id of the pepper at the end of a {@linkplain SecretHash#kind() kind of hash}, or null. */
    static @Nullable String pepperOf(String kind) {
        int pepper = kind.lastIndexOf('$') + 1;
        return kind.startsWith(KEYED + "$") || kind.substring(0, pepper).endsWith("$" + KEYED + "$")
                ? kind.substring(pepper)
                : null;
    }

    SecretHash hash(String publicId, String secret) {
        return hash("", publicId, secret);
    }

    /**
     * A hash whose text begins with this prefix.
     *
     * @param prefix hashed together with the scheme, so that no hash matches under another prefix
     */
    SecretHash hash(String prefix, String publicId, String secret) {
        String scheme = current == null ? PLAIN : current.scheme;
        return new SecretHash(prefix + scheme + "$" + Hex.encode(digest(current, prefix + scheme, publicId, secret)));
    }

    Match check(SecretHash stored, String publicId, String secret) {
        return check("", stored, publicId, secret);
    }

    /**
     * Compares a secret with a stored hash.
     *
     * @param prefix the beginning of the stored text that was given to {@link #hash(String, String, String)}
     */
    @SuppressWarnings("ReferenceEquality") // One object for each pepper.
    Match check(String prefix, SecretHash stored, String publicId, String secret) {
        String encoded = stored.encoded();
        int lastDollar = encoded.lastIndexOf('$');
        String scheme = encoded.substring(prefix.length(), Math.max(lastDollar, prefix.length()));
        KeyedHash keyed = null;
        if (scheme.startsWith(KEYED + "$")) {
            keyed = peppers.get(scheme.substring(KEYED.length() + 1));
        }
        if (keyed == null && !scheme.equals(PLAIN)) {
            return Match.UNUSABLE;
        }
        byte[] expected = encoded.substring(lastDollar + 1).getBytes(StandardCharsets.UTF_8);
        byte[] actual =
                Hex.encode(digest(keyed, prefix + scheme, publicId, secret)).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, actual)) {
            return Match.NO;
        }
        return keyed == current ? Match.YES : Match.OUTDATED;
    }

    private static byte[] digest(@Nullable KeyedHash keyed, String scheme, String publicId, String secret) {
        byte[] message = lengthPrefixed(scheme, publicId, secret);
        return keyed == null ? Sha256.newDigest().digest(message) : keyed.digest(message);
    }

    private static byte[] lengthPrefixed(String scheme, String publicId, String secret) {
        byte[] schemeBytes = scheme.getBytes(StandardCharsets.UTF_8);
        byte[] idBytes = publicId.getBytes(StandardCharsets.UTF_8);
        byte[] secretBytes = secret.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(3 * Integer.BYTES + schemeBytes.length + idBytes.length + secretBytes.length)
                .putInt(schemeBytes.length)
                .put(schemeBytes)
                .putInt(idBytes.length)
                .put(idBytes)
                .putInt(secretBytes.length)
                .put(secretBytes)
                .array();
    }
}
