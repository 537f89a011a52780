package dev.apikeys.spi;

/**
 * A secret's hash as a store keeps it: text that names its scheme and, where there is one, its pepper. A type of its
 * own, so that no log shows it by accident; stores read and write {@link #encoded()} and look no further.
 *
 * <p>Immutable and thread-safe.
 *
 * @param encoded at most 512 ASCII characters; may be anything that a database returned, and then matches no secret
 */
public record SecretHash(String encoded) {
    /** Tells that there is a hash, and leaves it out. */
    @Override
    public String toString() {
        return "SecretHash[***]";
    }
}
