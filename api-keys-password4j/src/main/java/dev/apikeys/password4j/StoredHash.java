package dev.apikeys.password4j;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.PBKDF2Function;
import com.password4j.ScryptFunction;
import com.password4j.types.Argon2;
import com.password4j.types.Bcrypt;
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

    /** The bits that salt and output don't need are 0. Password4j writes them so, and then compares the texts. */
    private static final Pattern BCRYPT =
            Pattern.compile("\\$2([abxy])\\$(\\d\\d)\\$[A-Za-z0-9./]{21}[.Oeu][A-Za-z0-9./]{30}[.CGKOSWaeimquy26]");

    private static final String BASE64 = "([A-Za-z0-9+/]+=*)";
    private static final String NUMBER = "(\\d{1,10})";
    /** A hash of version 16 may name none: the first implementations knew no other. */
    private static final Pattern ARGON2 = Pattern.compile("\\$argon2([i\\u0131]?d|[i\\u0131])(?:\\$v=" + NUMBER
            + ")?\\$m=" + NUMBER + ",t=" + NUMBER + ",p=" + NUMBER + "\\$" + BASE64 + "\\$" + BASE64);

    /** The names of md5-crypt, sha256-crypt and sha512-crypt. PBKDF2 has a number and one dollar sign more. */
    private static final Pattern CRYPT = Pattern.compile("\\$([156])\\$(?:rounds=[^$]*\\$)?[^$]*\\$[^$]*");

    /** Exponent of N, r and p are 16, 8 and 8 bits of one number. */
    private static final Pattern SCRYPT =
            Pattern.compile("\\$([0-9a-f]{1,4})([0-9a-f]{2})([0-9a-f]{2})\\$" + BASE64 + "\\$" + BASE64);

    /** Iterations and bits of the output are the halves of a number of 64 bits. */
    private static final Pattern PBKDF2 = Pattern.compile("\\$([1-5])\\$(\\d{1,19})\\$" + BASE64 + "\\$" + BASE64);

    private final InputRange range;
    private final int threads;
    private final Comparison comparison;

    private StoredHash(InputRange range, int threads, Comparison comparison) {
        this.range = range;
        this.threads = threads;
        this.comparison = comparison;
    }

    private StoredHash(InputRange range, Comparison comparison) {
        this(range, 1, comparison);
    }

    interface Comparison {
        boolean matches(byte[] input);
    }

    /**
     * Reads a hash.
     *
     * @throws UnsupportedHashException when it asks for too much, or is of another kind than these
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
        if (BCRYPT_START.matcher(encoded).lookingAt()) {
            return bcrypt(encoded);
        }
        Matcher crypt = CRYPT.matcher(encoded);
        if (crypt.matches()) {
            throw new UnsupportedHashException("$" + crypt.group(1) + "$ is a hash of crypt with MD5 or SHA-2");
        }
        Matcher scrypt = SCRYPT.matcher(encoded);
        if (scrypt.matches()) {
            return scrypt(scrypt);
        }
        Matcher pbkdf2 = PBKDF2.matcher(encoded);
        if (pbkdf2.matches()) {
            return pbkdf2(pbkdf2);
        }
        throw new IllegalArgumentException("a password hash of an unknown kind");
    }

    private static StoredHash bcrypt(String encoded) {
        Matcher parts = BCRYPT.matcher(encoded);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a bcrypt hash that can't be read");
        }
        Bcrypt type = Bcrypt.valueOf(parts.group(1).charAt(0));
        int cost = HashBound.BCRYPT_COST.require(Long.parseLong(parts.group(2)));
        Comparison asPassword4j = bcrypt(type, cost, encoded);
        if (type != Bcrypt.A) {
            return new StoredHash(InputRange.of(type), asPassword4j);
        }
        // Others make the same hash as with $2b$. Of text beyond ASCII Password4j makes another one, which its own
        // users
        // have stored. Only a wrong password beyond ASCII takes twice the time.
        Comparison asOthers = bcrypt(Bcrypt.B, cost, encoded.replaceFirst("a", "b"));
        return new StoredHash(
                InputRange.of(type),
                input -> asOthers.matches(input) || (!isAscii(input) && asPassword4j.matches(input)));
    }

    private static Comparison bcrypt(Bcrypt type, int cost, String encoded) {
        byte[] expected = encoded.getBytes(StandardCharsets.UTF_8);
        return input -> BcryptFunction.getInstance(type, cost).check(input, expected);
    }

    private static boolean isAscii(byte[] input) {
        for (byte one : input) {
            if (one < 0) {
                return false;
            }
        }
        return true;
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
        long version = parts.group(2) == null ? Argon2Function.ARGON2_VERSION_10 : Long.parseLong(parts.group(2));
        int memory = HashBound.ARGON2_MEMORY.require(Long.parseLong(parts.group(3)));
        int passes = HashBound.ARGON2_PASSES.require(Long.parseLong(parts.group(4)));
        int lanes = HashBound.ARGON2_LANES.require(Long.parseLong(parts.group(5)));
        HashBound.ARGON2_WORK.require((long) memory * passes);
        HashBound.ARGON2_LANE_MEMORY.require(memory / lanes);
        if (version != Argon2Function.ARGON2_VERSION_10 && version != Argon2Function.ARGON2_VERSION_13) {
            throw new UnsupportedHashException("Argon2 has version 16 or 19, not " + version);
        }
        byte[] salt = decode(parts.group(6));
        byte[] expected = output(parts.group(7));
        return new StoredHash(InputRange.ANY, lanes, input -> {
            // Not before it is needed: it takes all of the memory at once, and is kept until the process ends.
            Argon2Function function =
                    Argon2Function.getInstance(memory, passes, lanes, expected.length, variant, (int) version);
            return MessageDigest.isEqual(expected, function.hash(input, salt).getBytes());
        });
    }

    private static StoredHash scrypt(Matcher parts) {
        int exponent = HashBound.SCRYPT_EXPONENT.require(Long.parseLong(parts.group(1), 16));
        int block = HashBound.SCRYPT_BLOCK.require(Long.parseLong(parts.group(2), 16));
        int lanes = HashBound.SCRYPT_LANES.require(Long.parseLong(parts.group(3), 16));
        HashBound.SCRYPT_WORK.require((128L << exponent) * block * lanes);
        byte[] salt = decode(parts.group(4));
        byte[] expected = output(parts.group(5));
        // Its outer function is PBKDF2 with HMAC-SHA-256.
        return new StoredHash(
                InputRange.of(Hmac.SHA256),
                input -> MessageDigest.isEqual(
                        expected,
                        ScryptFunction.getInstance(1 << exponent, block, lanes, expected.length)
                                .hash(input, salt)
                                .getBytes()));
    }

    private static StoredHash pbkdf2(Matcher parts) {
        long parameters = Long.parseLong(parts.group(2));
        byte[] expected = output(parts.group(4));
        if ((int) parameters != expected.length * Byte.SIZE) {
            throw new IllegalArgumentException("a password hash of another length than it says");
        }
        return pbkdf2(
                Hmac.fromCode(Integer.parseInt(parts.group(1))),
                parameters >> Integer.SIZE,
                decode(parts.group(3)),
                expected);
    }

    static StoredHash pbkdf2(Hmac hmac, long iterations, byte[] salt, byte[] expected) {
        int bits = expected.length * Byte.SIZE;
        int blocks = (bits + hmac.bits() - 1) / hmac.bits();
        HashBound.PBKDF2_ITERATIONS.require(iterations * blocks);
        return new StoredHash(
                InputRange.of(hmac),
                input -> MessageDigest.isEqual(
                        expected,
                        PBKDF2Function.getInstance(hmac, (int) iterations, bits)
                                .hash(input, salt)
                                .getBytes()));
    }

    private static byte[] output(String base64) {
        byte[] output = decode(base64);
        if (output.length < MIN_OUTPUT_BYTES) {
            throw new IllegalArgumentException("a password hash of fewer than " + MIN_OUTPUT_BYTES + " bytes");
        }
        return output;
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    InputRange range() {
        return range;
    }

    /** How many threads compute it at the same time. */
    int threads() {
        return threads;
    }

    /** Tells whether this is the hash of the input. Slow, unless the input is outside the {@link #range}. */
    boolean matches(String input) {
        byte[] bytes = range.encode(input);
        return bytes != null && comparison.matches(bytes);
    }
}
