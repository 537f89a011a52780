package dev.apikeys;

import dev.apikeys.SecretHasher.Match;
import dev.apikeys.spi.SecretHash;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hashes at rest for machine-made secrets of another system: {@code imported$<digest>$<own hash>}. The service's own
 * scheme, pepper included, hashes the digest that the other system stored, together with the name of the digest and the
 * public id. So a table of imported keys is worth as little to a thief as one of own keys, a hash that is copied to
 * another row never matches, and a list of digests stolen from the other system makes no row.
 *
 * <p>Thread-safe.
 */
final class ImportedHashes {
    static final String SCHEME = "imported$";

    private static final String HMAC = "hmac-sha256:";

    private final SecretHasher hasher;
    private final Map<String, ImportedHmacKey> keys;

    ImportedHashes(SecretHasher hasher, List<ImportedHmacKey> keys) {
        this.hasher = hasher;
        this.keys = keys.stream().collect(Collectors.toUnmodifiableMap(ImportedHmacKey::id, Function.identity()));
    }

    /**
     * The hash to store.
     *
     * @throws IllegalArgumentException if the service doesn't have the HMAC key of the digest
     */
    SecretHash hash(String publicId, TokenDigest digest, byte[] value) {
        ImportedHmacKey needed = digest.key();
        if (needed != null) {
            ImportedHmacKey known = keys.get(needed.id());
            if (known == null || !known.isSame(needed)) {
                throw new IllegalArgumentException("this service has no HMAC key '" + needed.id()
                        + "' of these bytes: call KeyServiceBuilder.importedHmacKey(…)");
            }
        }
        return hasher.hash(SCHEME + digest.encoded() + "$", publicId, Hex.encode(value));
    }

    /** Compares a secret with a stored hash. A match is always outdated, because the own scheme is to replace it. */
    Match check(SecretHash stored, String publicId, String secret) {
        String encoded = stored.encoded();
        int end = encoded.indexOf('$', SCHEME.length());
        TokenDigest digest = end < 0 ? null : read(encoded.substring(SCHEME.length(), end));
        if (digest == null) {
            return Match.UNUSABLE;
        }
        Match match = hasher.check(encoded.substring(0, end + 1), stored, publicId, Hex.encode(digest.of(secret)));
        return match == Match.YES ? Match.OUTDATED : match;
    }

    /** The digest that {@link TokenDigest#encoded} wrote; null if it is another text, or the HMAC key is missing. */
    private @Nullable TokenDigest read(String encoded) {
        int salts = encoded.indexOf('~');
        TokenDigest digest = plain(salts < 0 ? encoded : encoded.substring(0, salts));
        if (digest == null || salts < 0) {
            return digest;
        }
        // The id of an HMAC key may have a dot, and stands before the salts.
        int middle = encoded.indexOf('.', salts);
        if (middle < 0 || !encoded.endsWith("~")) {
            return null;
        }
        try {
            String before = text(encoded.substring(salts + 1, middle));
            String behind = text(encoded.substring(middle + 1, encoded.length() - 1));
            TokenDigest salted = before.isEmpty() ? digest : digest.saltBefore(before);
            return behind.isEmpty() ? salted : salted.saltBehind(behind);
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    private @Nullable TokenDigest plain(String name) {
        if (name.startsWith(HMAC)) {
            ImportedHmacKey key = keys.get(name.substring(HMAC.length()));
            return key == null ? null : TokenDigest.hmacSha256(key);
        }
        return switch (name) {
            case "sha256" -> TokenDigest.sha256();
            case "sha512" -> TokenDigest.sha512();
            default -> null;
        };
    }

    private static String text(String base64) {
        return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
