package dev.apikeys.spi;

import java.util.Objects;

/**
 * A secret's hash as a store keeps it: text that names its scheme and, where there is one, its pepper. A type of its
 * own, so that no log and no JSON shows it by accident; stores read and write {@link #encoded()} and look no further.
 *
 * <p>Immutable and thread-safe.
 */
public final class SecretHash {
    /** Transient, so that nothing that writes fields writes it. */
    private final transient String encoded;

    /**
     * A hash.
     *
     * @param encoded at most 512 ASCII characters; any other text from a database matches no secret
     */
    public SecretHash(String encoded) {
        this.encoded = Objects.requireNonNull(encoded, "encoded");
    }

    /** The text that a store keeps. */
    public String encoded() {
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash that && encoded.equals(that.encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    /** Shows that there is a hash, but not its value. */
    @Override
    public String toString() {
        return "SecretHash[***]";
    }
}
