package dev.apikeys.password4j;

import dev.apikeys.spi.PasswordHashing;
import java.util.Objects;
import java.util.Optional;

/**
 * Checks password hashes with Password4j. A hash says how it was made: Argon2 ({@code $argon2id$…}), bcrypt
 * ({@code $2a$…} to {@code $2y$…}), scrypt and PBKDF2 (both as Password4j writes them, {@code $params$salt$hash} and
 * {@code $algorithm$params$salt$hash}). Hashes of fewer than 128 bits aren't supported, nor is what crypt made with MD5 or
 * SHA-2 ({@code $1$}, {@code $5$}, {@code $6$}).
 *
 * <p>The prefixes of Spring Security are understood too: {@code {bcrypt}}, {@code {argon2}}, {@code {scrypt}},
 * {@code {pbkdf2}}, and the same with {@code @SpringSecurity_v5_8}.
 *
 * <p>bcrypt of version {@code $2a$} is read as Spring Security, Rails and crypt make it, and as Password4j does, whose hash is
 * another one where a character is beyond ASCII.
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
 * <p>A hash says itself how much work it is. One that asks for more than some ten seconds of a core, or for too much memory,
 * isn't supported:
 *
 * <table>
 *   <caption>Hashes that are supported</caption>
 *   <tr><th>hash<th>parameters
 *   <tr><td>bcrypt<td>a cost of 4 to 16
 *   <tr><td>Argon2<td>1 to 64 passes (t) and lanes (p); a memory (m) from 8 KiB for each lane to 1 GiB, and 4 GiB in all
 *     passes; version 16, also where a hash names none, or 19
 *   <tr><td>scrypt<td>N a power of two from 2; 128·N·r·p at most 1 GiB
 *   <tr><td>PBKDF2<td>1 to 10,000,000 iterations, counted for each block of the output; a salt
 * </table>
 *
 * <p>Where the heap is smaller than 2 GiB, the most memory of Argon2 and of scrypt is half of it instead of 1 GiB.
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
    public Optional<String> whyUnsupported(String encoded) {
        Objects.requireNonNull(encoded, "encoded");
        try {
            StoredHash.read(encoded);
        } catch (UnsupportedHashException known) {
            return Optional.of(known.reason());
        } catch (RuntimeException unreadable) {
            // Its message may quote the hash.
            return Optional.empty();
        }
        return Optional.empty();
    }

    @Override
    public int maxSecretBytes(String encoded) {
        Objects.requireNonNull(encoded, "encoded");
        return StoredHash.read(encoded).range().maxBytes();
    }

    /** The lanes of Argon2, which Password4j computes on threads of its own, one for each processor; 1 for the others. */
    @Override
    public int threads(String encoded) {
        Objects.requireNonNull(encoded, "encoded");
        try {
            return StoredHash.read(encoded).threads();
        } catch (RuntimeException unreadable) {
            return 1;
        }
    }

    @Override
    public boolean matches(String secret, String encoded) {
        Objects.requireNonNull(secret, "secret");
        Objects.requireNonNull(encoded, "encoded");
        return StoredHash.read(encoded).matches(secret);
    }
}
