package dev.apikeys.password4j;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.HashingFunction;
import com.password4j.ScryptFunction;
import dev.apikeys.spi.PasswordHashing;

/**
 * Checks password hashes with Password4j. A hash says how it was made: Argon2 ({@code $argon2id$…}), bcrypt
 * ({@code $2a$…} to {@code $2y$…}), scrypt and PBKDF2 (both as Password4j writes them, {@code $params$salt$hash} and
 * {@code $algorithm$params$salt$hash}).
 *
 * <p>Thread-safe.
 */
public final class Password4jHashing implements PasswordHashing {
    /** Makes a check of all these kinds. */
    public Password4jHashing() {}

    @Override
    public boolean supports(String encoded) {
        try {
            function(encoded);
            return true;
        } catch (RuntimeException unreadable) {
            return false;
        }
    }

    @Override
    public boolean matches(String secret, String encoded) {
        return function(encoded).check(secret, encoded);
    }

    private static HashingFunction function(String encoded) {
        if (encoded.startsWith("$argon2")) {
            return Argon2Function.getInstanceFromHash(encoded);
        }
        if (encoded.startsWith("$2") && encoded.length() > 3 && encoded.charAt(3) == '$') {
            return BcryptFunction.getInstanceFromHash(encoded);
        }
        long parts = encoded.chars().filter(c -> c == '$').count();
        if (encoded.startsWith("$") && parts == 3) {
            return ScryptFunction.getInstanceFromHash(encoded);
        }
        if (encoded.startsWith("$") && parts == 4) {
            return CompressedPBKDF2Function.getInstanceFromHash(encoded);
        }
        throw new IllegalArgumentException("a password hash of an unknown kind");
    }
}
