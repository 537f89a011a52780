package dev.apikeys.password4j;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.HashingFunction;
import com.password4j.ScryptFunction;
import java.util.concurrent.Semaphore;

/**
 * Hashes that are slow by design, for what people can guess. The hash says how it was made: Argon2 ({@code $argon2id$…}),
 * bcrypt ({@code $2a$…} to {@code $2y$…}), scrypt and PBKDF2 (both as password4j writes them, {@code $params$salt$hash}
 * and {@code $algorithm$params$salt$hash}).
 */
final class PasswordHash {
    private PasswordHash() {}

    /** Places for those who compute such hashes at the same time: half of the cores. */
    static Semaphore places() {
        return new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
    }

    /** Tells whether a stored hash is of this kind; the fast ones begin with a name. */
    static boolean is(String stored) {
        return stored.startsWith("$");
    }

    static boolean isReadable(String stored) {
        try {
            function(stored);
            return true;
        } catch (RuntimeException unreadable) {
            return false;
        }
    }

    /**
     * Tells whether the hash is that of the text; takes milliseconds and memory as the hash says.
     *
     * @throws RuntimeException when the hash can't be read; the message may quote it
     */
    static boolean matches(String typed, String stored) {
        return function(stored).check(typed, stored);
    }

    private static HashingFunction function(String stored) {
        if (stored.startsWith("$argon2")) {
            return Argon2Function.getInstanceFromHash(stored);
        }
        if (stored.startsWith("$2") && stored.length() > 3 && stored.charAt(3) == '$') {
            return BcryptFunction.getInstanceFromHash(stored);
        }
        long parts = stored.chars().filter(c -> c == '$').count();
        if (stored.startsWith("$") && parts == 3) {
            return ScryptFunction.getInstanceFromHash(stored);
        }
        if (stored.startsWith("$") && parts == 4) {
            return CompressedPBKDF2Function.getInstanceFromHash(stored);
        }
        throw new IllegalArgumentException("a password hash of an unknown kind");
    }
}
