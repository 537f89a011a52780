package dev.apikeys.spi;

/**
 * Checks the password hashes that another system stored for imported keys. The core has no password hash of its own;
 * {@code api-keys-password4j} has an implementation. Implementations must be thread-safe.
 *
 * @see dev.apikeys.KeyServiceBuilder#passwordHashing
 */
public interface PasswordHashing {
    /**
     * Tells whether the hash can be read, without computing anything slow or taking the memory of the hash.
     *
     * @param encoded the stored hash, which says how it was made
     */
    boolean supports(String encoded);

    /**
     * The longest secret, in bytes of UTF-8, that the hash can tell from all others. Some hashes cut longer secrets,
     * and some replace them by a digest. In both cases a second secret would match.
     *
     * @param encoded a hash that is {@linkplain #supports supported}
     */
    int maxSecretBytes(String encoded);

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
