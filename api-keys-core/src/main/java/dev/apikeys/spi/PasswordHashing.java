package dev.apikeys.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * Checks the password hashes that another system stored for imported keys. The core has no password hash of its own;
 * {@code api-keys-password4j} has an implementation. Implementations must be thread-safe.
 *
 * @see dev.apikeys.KeyServiceBuilder#passwordHashing
 */
public interface PasswordHashing {
    /**
     * Tells whether the hash can be read and checked, without computing anything slow or taking the memory of the hash. A
     * hash that would never end, or that no secret can have, isn't supported.
     *
     * @param encoded the stored hash, which says how it was made
     */
    boolean supports(String encoded);

    /**
     * Why a hash isn't supported, such as "bcrypt has a cost of 4 to 16 here, not 31"; empty if it is, or if nothing is known
     * but that it can't be read. People read it in the report of an import, so it never shows salt or hash.
     *
     * @param encoded the stored hash
     */
    default Optional<String> whyUnsupported(String encoded) {
        Objects.requireNonNull(encoded, "encoded");
        return Optional.empty();
    }

    /**
     * The longest secret, in bytes of UTF-8, that the hash can tell from all others. Some hashes cut longer secrets,
     * and some replace them by a digest. In both cases a second secret would match.
     *
     * @param encoded a hash that is {@linkplain #supports supported}
     */
    int maxSecretBytes(String encoded);

    /**
     * How many threads compute the hash at the same time; 1 if it isn't supported. As many cores count as taken. A hash of more
     * threads than half of the cores takes all places, and uses more cores than that.
     *
     * @param encoded the stored hash
     */
    default int threads(String encoded) {
        Objects.requireNonNull(encoded, "encoded");
        return 1;
    }

    /**
     * Tells whether the secret is the one that was hashed. It takes the time and memory that the hash specifies. A
     * secret that the hash can't tell from another one, such as one of more than {@link #maxSecretBytes}, never
     * matches.
     *
     * @param secret the presented secret
     * @param encoded the stored hash
     * @throws RuntimeException when the hash can't be read; the message may quote it, so it is never logged
     */
    boolean matches(String secret, String encoded);
}
