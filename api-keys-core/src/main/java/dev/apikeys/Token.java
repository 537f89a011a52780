package dev.apikeys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The token that a client sends: prefix, public id and secret. The type protects it against leaks: {@link #toString()}
 * leaves the secret out, and only {@link #reveal()} returns the whole token, so a search finds every place that reads
 * it. Libraries that write objects by their getters or fields find the {@linkplain #getPublicPart() public part}.
 *
 * <p>Immutable and thread-safe.
 */
public final class Token {
    /** Transient, so that nothing that writes fields writes it. */
    private final transient String value;

    private final String publicPart;

    Token(String value, String publicPart) {
        this.value = value;
        this.publicPart = publicPart;
    }

    /** The complete token. Give it only to the caller who asked for the key. */
    public String reveal() {
        return value;
    }

    /** Prefix and public id: what identifies the token to people, without the secret. */
    public String getPublicPart() {
        return publicPart;
    }

    /** Compares in a time that does not depend on where two tokens differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Token that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return publicPart.hashCode();
    }

    /** Prefix and public id; the secret is replaced by stars. */
    @Override
    public String toString() {
        return publicPart + ".***";
    }
}
