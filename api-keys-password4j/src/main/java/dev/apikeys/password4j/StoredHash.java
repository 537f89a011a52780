package dev.apikeys.password4j;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.HashingFunction;
import com.password4j.ScryptFunction;
import com.password4j.types.Argon2;
import com.password4j.types.Hmac;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A password hash that can be read.
 *
 * <p>Immutable and thread-safe.
 */
final class StoredHash {
    /** 128 bits. A shorter output matches too many secrets, and an empty one matches all. */
    private static final int MIN_OUTPUT_BYTES = 16;

    /** {@code $2$} begins the first bcrypt as well as PBKDF2 with HMAC-SHA-224, which has one dollar sign more. */
    private static final Pattern BCRYPT_START = Pattern.compile("\\$2(?:[a-z]\\$|\\$[^$]*\\$[^$]*\\z)");

    private static final Pattern BCRYPT = Pattern.compile("\\$2[a-z]\\$\\d\\d\\$[A-Za-z0-9./]{53}");
    private static final Pattern ARGON2 = Pattern.compile(
            "\\$argon2([i\\u0131]?d|[i\\u0131])\\$v=(\\d+)\\$m=(\\d+),t=(\\d+),p=(\\d+)\\$([A-Za-z0-9+/]+=*)\\$([A-Za-z0-9+/]+=*)");

    private final InputRange range;
    private final Comparison comparison;

    StoredHash(InputRange range, Comparison comparison) {
        this.range = range;
        this.comparison = comparison;
    }

    interface Comparison {
        boolean matches(byte[] input);
    }

    /**
     * Reads a hash.
     *
     * @throws RuntimeException when it can't be read; the message may quote it
     */
    static StoredHash read(String encoded) {
        return encoded.startsWith("{") ? SpringHash.read(encoded) : readPlain(encoded);
    }

    /** Reads a hash that says by itself how it was made. */
    static StoredHash readPlain(String encoded) {
        if (encoded.startsWith("$argon2")) {
            return argon2(encoded);
        }
        if (BCRYPT.matcher(encoded).matches()) {
            BcryptFunction function = BcryptFunction.getInstanceFromHash(encoded);
            return new StoredHash(InputRange.of(function.getType()), comparison(function, encoded));
        }
        if (BCRYPT_START.matcher(encoded).lookingAt()) {
            throw new IllegalArgumentException("a bcrypt hash that can't be read");
        }
        long parts = encoded.chars().filter(c -> c == '$').count();
        if (encoded.startsWith("$") && parts == 3) {
            ScryptFunction function = ScryptFunction.getInstanceFromHash(encoded);
            requireOutput(function.getDerivedKeyLength());
            // Its outer function is PBKDF2 with HMAC-SHA-256.
            return new StoredHash(InputRange.of(Hmac.SHA256), comparison(function, encoded));
        }
        if (encoded.startsWith("$") && parts == 4) {
            CompressedPBKDF2Function function = CompressedPBKDF2Function.getInstanceFromHash(encoded);
            requireOutput(function.getLength() / Byte.SIZE);
            requireLength(encoded, function.getLength() / Byte.SIZE);
            InputRange range = InputRange.of(Hmac.valueOf(function.getAlgorithm()));
            return new StoredHash(range, comparison(function, encoded));
        }
        throw new IllegalArgumentException("a password hash of an unknown kind");
    }

    /**
     * Read and compared here, since Password4j reads "id" by the locale's rules for the letter I. It writes so too: in
     * Turkish with an I that has no dot, which is read here in every locale.
     */
    private static StoredHash argon2(String encoded) {
        Matcher parts = ARGON2.matcher(encoded);
        if (!parts.matches()) {
            throw new IllegalArgumentException("an Argon2 hash that can't be read");
        }
        Argon2 variant = switch (parts.group(1).replace('\u0131', 'i')) {
            case "id" -> Argon2.ID;
            case "i" -> Argon2.I;
            default -> Argon2.D;
        };
        byte[] salt = Base64.getDecoder().decode(parts.group(6));
        byte[] expected = Base64.getDecoder().decode(parts.group(7));
        requireOutput(expected.length);
        int memory = Integer.parseInt(parts.group(3));
        int iterations = Integer.parseInt(parts.group(4));
        int lanes = Integer.parseInt(parts.group(5));
        int version = Integer.parseInt(parts.group(2));
        return new StoredHash(InputRange.ANY, input -> {
            // Not before it is needed: it takes all of the memory at once, and is kept until the process ends.
            Argon2Function function =
                    Argon2Function.getInstance(memory, iterations, lanes, expected.length, variant, version);
            return MessageDigest.isEqual(expected, function.hash(input, salt).getBytes());
        });
    }

    private static Comparison comparison(HashingFunction function, String encoded) {
        byte[] expected = encoded.getBytes(StandardCharsets.UTF_8);
        return input -> function.check(input, expected);
    }

    static void requireOutput(int bytes) {
        if (bytes < MIN_OUTPUT_BYTES) {
            throw new IllegalArgumentException("a password hash of fewer than " + MIN_OUTPUT_BYTES + " bytes");
        }
    }

    /** A hash that was cut is the hash of no input. */
    private static void requireLength(String encoded, int bytes) {
        if (Base64.getDecoder().decode(encoded.substring(encoded.lastIndexOf('$') + 1)).length != bytes) {
            throw new IllegalArgumentException("a password hash of another length than it says");
        }
    }

    InputRange range() {
        return range;
    }

    /** Tells whether this is the hash of the input. Slow, unless the input is outside the {@link #range}. */
    boolean matches(String input) {
        byte[] bytes = range.encode(input);
        return bytes != null && comparison.matches(bytes);
    }
}
