package dev.apikeys;

import dev.apikeys.spi.SecretHash;
import java.util.Objects;

/**
 * A token of another system, as that system stored it: the look-up value of the key, and a password hash of the secret.
 *
 * <p>Immutable and thread-safe.
 *
 * @see KeyService#importKey
 */
public final class ImportedToken {
    private static final int MAX_LENGTH = 512;

    private final String lookup;
    private final SecretHash hash;

    private ImportedToken(String lookup, SecretHash hash) {
        this.lookup = lookup;
        this.hash = hash;
    }

    /**
     * A token and its password hash.
     *
     * @param lookup the look-up value that {@link dev.apikeys.spi.ImportedTokens} finds in the token, 1 to 256
     *     characters
     * @param passwordHash a hash that the service's {@link dev.apikeys.spi.PasswordHashing} supports, at most 512
     *     characters; the hash says what it costs to check, and each check costs it
     * @throws IllegalArgumentException when the lookup is empty or too long, or the hash is empty or too long
     */
    public static ImportedToken of(String lookup, String passwordHash) {
        Objects.requireNonNull(lookup, "lookup");
        Objects.requireNonNull(passwordHash, "passwordHash");
        if (lookup.isEmpty() || lookup.length() > TokenFormat.MAX_TOKEN_LENGTH) {
            throw new IllegalArgumentException(
                    "the look-up value of a token has 1 to " + TokenFormat.MAX_TOKEN_LENGTH + " characters");
        }
        if (passwordHash.isEmpty() || passwordHash.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the password hash of an imported token has 1 to " + MAX_LENGTH
                    + " characters; it isn't shown here");
        }
        return new ImportedToken(lookup, new SecretHash(passwordHash));
    }

    String lookup() {
        return lookup;
    }

    SecretHash hash() {
        return hash;
    }

    /** Shows the look-up value only. */
    @Override
    public String toString() {
        return "ImportedToken[" + lookup + "]";
    }
}
