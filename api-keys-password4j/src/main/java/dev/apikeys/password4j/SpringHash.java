package dev.apikeys.password4j;

import com.password4j.types.Hmac;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/**
 * Password hashes as Spring Security's {@code DelegatingPasswordEncoder} stores them: the name of an encoder in braces, and
 * what that encoder wrote. Only with the defaults of the encoders can PBKDF2 be read, because its hash doesn't say how it
 * was made.
 */
final class SpringHash {
    /** How the hash behind a name begins. */
    private static final Map<String, String> PLAIN = Map.of(
            "bcrypt", "$2",
            "argon2", "$argon2",
            "argon2@SpringSecurity_v5_8", "$argon2",
            "scrypt", "$",
            "scrypt@SpringSecurity_v5_8", "$");

    private static final Map<String, Pbkdf2> PBKDF2 = Map.of(
            "pbkdf2", new Pbkdf2(Hmac.SHA1, 185_000, 8),
            "pbkdf2@SpringSecurity_v5_8", new Pbkdf2(Hmac.SHA256, 310_000, 16));

    private static final int PBKDF2_OUTPUT_BYTES = 32;

    private SpringHash() {}

    private record Pbkdf2(Hmac hmac, int iterations, int saltBytes) {
        StoredHash read(String hex) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            if (bytes.length != saltBytes + PBKDF2_OUTPUT_BYTES) {
                throw new IllegalArgumentException("a PBKDF2 hash of another length");
            }
            byte[] salt = Arrays.copyOf(bytes, saltBytes);
            byte[] expected = Arrays.copyOfRange(bytes, saltBytes, bytes.length);
            return StoredHash.pbkdf2(hmac, iterations, salt, expected);
        }
    }

    /**
     * Reads a hash that begins with a brace.
     *
     * @throws RuntimeException when it can't be read; the message may quote it
     */
    static StoredHash read(String encoded) {
        int end = encoded.indexOf('}');
        String name = encoded.substring(1, Math.max(1, end));
        String hash = encoded.substring(end + 1);
        String begin = PLAIN.get(name);
        if (begin != null && hash.startsWith(begin)) {
            return StoredHash.readPlain(hash);
        }
        Pbkdf2 pbkdf2 = PBKDF2.get(name);
        if (pbkdf2 == null) {
            throw new IllegalArgumentException("a password hash of an unknown encoder");
        }
        return pbkdf2.read(hash);
    }
}
