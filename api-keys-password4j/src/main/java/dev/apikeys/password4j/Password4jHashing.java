package dev.apikeys.password4j;

import dev.apikeys.spi.PasswordHashing;
import java.util.Objects;

/**
 * Checks password hashes with Password4j. A hash says how it was made: Argon2 ({@code $argon2id$…}), bcrypt
 * ({@code $2a$…} to {@code $2y$…}), scrypt and PBKDF2 (both as Password4j writes them, {@code $params$salt$hash} and
 * {@code $algorithm$params$salt$hash}). Hashes of fewer than 128 bits aren't supported.
 *
 * <p>The prefixes of Spring Security are understood too: {@code {bcrypt}}, {@code {argon2}}, {@code {scrypt}},
 * {@code {pbkdf2}}, and the same with {@code @SpringSecurity_v5_8}.
 *
 * <p>Two different inputs never match one hash. Some kinds of hash cut or fold inputs outside their range. Such an
 * input never matches here, even if it is the one that was hashed:
 *
 * <table>
 *   <caption>Inputs that can match</caption>
 *   <tr><th>hash<th>bytes of UTF-8<th>which
 *   <tr><td>Argon2<td>any number<td>all
 *   <tr><td>bcrypt, which cuts at 72<td>at most 71<td>all but NUL; of {@code $2x$}, ASCII alone
 *   <tr><td>scrypt, PBKDF2 with SHA-1, SHA-224 or SHA-256<td>at most 64<td>all but NUL
 *   <tr><td>PBKDF2 with SHA-384 or SHA-512<td>at most 128<td>all but NUL
 * </table>
 *
 * <p>Reading a hash takes neither time nor memory. The first check of an Argon2 hash takes the memory that the hash asks for,
 * and Password4j keeps it until the process ends, once for each combination of Argon2 parameters. Each check takes as much
 * again while it lasts.
 *
 * <p>Case and the form of Unicode matter: nothing is normalised. A string with half of a surrogate pair never matches.
 *
 * <p>Thread-safe.
 */
public final class Password4jHashing implements PasswordHashing {
    /** Supports all these kinds. */
    public Password4jHashing() {}

    @Override
    public boolean supports(String encoded) {
        Objects.requireNonNull(encoded, "encoded");
        try {
            StoredHash.read(encoded);
            return true;
        } catch (RuntimeException unreadable) {
            return false;
        }
    }

    @Override
    public int maxSecretBytes(String encoded) {
        Objects.requireNonNull(encoded, "encoded");
        return StoredHash.read(encoded).range().maxBytes();
    }

    @Override
    public boolean matches(String secret, String encoded) {
        Objects.requireNonNull(secret, "secret");
        Objects.requireNonNull(encoded, "encoded");
        return StoredHash.read(encoded).matches(secret);
    }
}
