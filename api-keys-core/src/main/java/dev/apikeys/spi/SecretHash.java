package dev.apikeys.spi;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A secret's hash as a store keeps it: text that names its scheme and, where there is one, its pepper. A type of its
 * own, so that no log and no JSON shows it by accident; stores read and write {@link #encoded()} and look no further.
 *
 * <p>Immutable and thread-safe.
 */
public final class SecretHash {
    /** A dollar sign and 64 hexadecimal digits. */
    private static final int DIGEST_LENGTH = 65;

    private static final Pattern FAST = Pattern.compile("sha256\\$|hmac-sha256\\$|imported\\$");
    private static final Pattern SALTS = Pattern.compile("~[^~]*~");

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

    /**
     * Which kind of hash this is: the text without salts and digest, such as {@code hmac-sha256$<pepper id>}. A password
     * hash is {@code password} or {@code generated}, since only its maker can tell more, and a text that this version doesn't
     * know is {@code other}.
     */
    public String kind() {
        // As crypt and its followers write them, or with the name of an encoder in braces.
        if (encoded.startsWith("$") || encoded.startsWith("{")) {
            return "password";
        }
        if (encoded.startsWith("generated$")) {
            return "generated";
        }
        return isFast() ? SALTS.matcher(scheme()).replaceAll("") : "other";
    }

    /**
     * Tells whether two hashes of one token certainly belong to different secrets: both are fast hashes of one scheme,
     * pepper and salt, and differ. Of hashes that were made in different ways nothing is certain.
     */
    boolean isOfAnotherSecretThan(SecretHash other) {
        return isFast() && other.isFast() && scheme().equals(other.scheme()) && !equals(other);
    }

    private boolean isFast() {
        return encoded.length() > DIGEST_LENGTH && FAST.matcher(encoded).lookingAt();
    }

    /** The text without the digest. */
    private String scheme() {
        return encoded.substring(0, encoded.length() - DIGEST_LENGTH);
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
