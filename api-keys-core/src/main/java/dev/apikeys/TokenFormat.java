package dev.apikeys;

import dev.apikeys.spi.ImportedTokens;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The form of tokens: {@code <prefix>_<public id>.<secret>}, by default {@code myk_}, 24 hexadecimal digits (96 bits),
 * a dot and 48 hexadecimal digits (192 bits); with {@link Builder#checksum()} 8 more digits, the CRC-32 of all before
 * them. Only lower-case digits are accepted, so that one token has one spelling.
 *
 * <p>Immutable and thread-safe.
 */
public final class TokenFormat {
    /** Longest token in characters. Longer text is rejected first. */
    public static final int MAX_TOKEN_LENGTH = 256;

    /** The default format. */
    public static final TokenFormat DEFAULT = builder().build();

    private static final int CHECKSUM_LENGTH = 8;
    private static final int WIDEST_ID = 32;
    private static final byte[] IMPORTED = "imported token\n".getBytes(StandardCharsets.US_ASCII);

    private final String[] prefixes;
    private final @Nullable Environment environment;
    private final int publicIdLength;
    private final int secretLength;
    private final int checksumLength;
    private final List<ImportedTokens> imported;

    private TokenFormat(Builder builder) {
        this.prefixes = builder.prefixes.stream().map(prefix -> prefix + "_").toArray(String[]::new);
        String name = builder.environment;
        this.environment = name == null ? null : new Environment(prefixes[0], name);
        if (name != null) {
            prefixes[0] += name + "_";
        }
        this.publicIdLength = builder.publicIdLength;
        this.secretLength = builder.secretLength;
        this.checksumLength = builder.checksumLength;
        this.imported = List.copyOf(builder.imported);
    }

    /** Starts from the default format. */
    public static Builder builder() {
        return new Builder();
    }

    /** The prefix that new tokens get, with the environment, and without the underscore behind it. */
    public String prefix() {
        String first = prefixes[0];
        return first.substring(0, first.length() - 1);
    }

    /**
     * A regular expression for secret scanners (Java, PCRE and RE2 syntax): it finds every token of this format, old
     * prefixes included, anywhere in a text, unless a letter, a digit or an underscore follows directly. It doesn't
     * find imported tokens.
     */
    public String scannerPattern() {
        String alternatives = Arrays.stream(prefixes)
                .map(prefix -> prefix.replace("-", "\\-"))
                .collect(Collectors.joining("|", "(?:", ")"));
        // No word boundary in front: in escaped text, such as "\nmyk_…", a letter is directly before the token.
        return alternatives + "[0-9a-f]{" + publicIdLength + "}\\.[0-9a-f]{" + (secretLength + checksumLength) + "}\\b";
    }

    /**
     * Tells whether the text is meant for this library: it begins like a token of this format, valid or not, or has the
     * form of an imported one.
     */
    public boolean claims(String presented) {
        Objects.requireNonNull(presented, "presented");
        for (String prefix : prefixes) {
            if (presented.startsWith(prefix)) {
                return true;
            }
        }
        return isOfOtherEnvironment(presented) || importedParts(presented) != null;
    }

    /**
     * The part that identifies a token for people: prefix and public id.
     *
     * @param publicId as in {@link ApiKey#publicId()}
     */
    public String identify(String publicId) {
        Objects.requireNonNull(publicId, "publicId");
        return prefixes[0] + publicId;
    }

    /** A new token of this format, which knows its parts. */
    MintedToken mint(SecureRandom random) {
        String publicId = randomHex(random, publicIdLength);
        String secret = randomHex(random, secretLength);
        String publicPart = prefixes[0] + publicId;
        String text = publicPart + "." + secret;
        String value = checksumLength == 0 ? text : text + checksum(text, text.length());
        return new MintedToken(new Token(value, publicPart), publicId, secret);
    }

    String text(PublicId id) {
        byte[] digits = new byte[publicIdLength];
        Hex.encode(id.high(), digits, 0, publicIdLength / 2);
        Hex.encode(id.low(), digits, publicIdLength / 2, publicIdLength);
        return new String(digits, StandardCharsets.ISO_8859_1);
    }

    /**
     * Where the public id begins in a text that may be a token of this format; -1 if it is not one. Never throws. Looks at
     * lengths and separators only: {@link #read} does the rest.
     */
    int idStart(String presented) {
        int length = presented.length();
        if (length > MAX_TOKEN_LENGTH) {
            return -1;
        }
        for (String prefix : prefixes) {
            int idEnd = prefix.length() + publicIdLength;
            if (length == idEnd + 1 + secretLength + checksumLength && presented.startsWith(prefix)) {
                return presented.charAt(idEnd) == '.' ? prefix.length() : -1;
            }
        }
        return -1;
    }

    /** Reads the token whose public id begins there. Returns false if it is not one of this format. */
    boolean read(String presented, int idStart, PresentedToken into) {
        return into.read(presented, idStart, publicIdLength, secretLength)
                && (checksumLength == 0 || hasChecksum(presented));
    }

    /**
     * Tells whether the text has the form of this format, but the prefix of another environment. Only a text that is no
     * token of this format is worth the question.
     */
    boolean isOfOtherEnvironment(String presented) {
        if (environment == null || presented.length() > MAX_TOKEN_LENGTH) {
            return false;
        }
        int idStart = environment.idStartOfOther(presented);
        int idEnd = idStart + publicIdLength;
        return idStart > 0
                && presented.length() == idEnd + 1 + secretLength + checksumLength
                && Hex.isDigits(presented, idStart, idEnd)
                && isTokenBehind(idEnd, presented);
    }

    private boolean isTokenBehind(int idEnd, String presented) {
        return presented.charAt(idEnd) == '.'
                && Hex.isDigits(presented, idEnd + 1, presented.length())
                && (checksumLength == 0 || hasChecksum(presented));
    }

    private boolean hasChecksum(String presented) {
        return presented.endsWith(checksum(presented, presented.length() - checksumLength));
    }

    /** Why a text is rejected that is no token, neither of this format nor an imported one. */
    Rejection rejectionOf(@Nullable String presented) {
        if (presented == null || isBlank(presented)) {
            return Rejection.MISSING;
        }
        return isOfOtherEnvironment(presented) ? Rejection.OTHER_ENVIRONMENT : Rejection.MALFORMED;
    }

    /** Tells whether the text is absent or blank. Text that is too long is not read. */
    static boolean isBlank(@Nullable String presented) {
        return presented == null || (presented.length() <= MAX_TOKEN_LENGTH && presented.isBlank());
    }

    boolean acceptsImported() {
        return !imported.isEmpty();
    }

    /** The parts of a token of another system; null if it is not one. Never throws. */
    ImportedTokens.@Nullable Parts importedParts(String presented) {
        if (imported.isEmpty() || presented.length() > MAX_TOKEN_LENGTH || isOfOtherEnvironment(presented)) {
            return null;
        }
        for (ImportedTokens tokens : imported) {
            ImportedTokens.Parts parts = parts(tokens, presented);
            if (parts != null) {
                return parts;
            }
        }
        return null;
    }

    private static ImportedTokens.@Nullable Parts parts(ImportedTokens tokens, String presented) {
        try {
            return tokens.split(presented).orElse(null);
        } catch (Exception unexpected) {
            return null;
        }
    }

    /** Tells whether a token of another system can have this look-up value. */
    boolean canHave(String lookup) {
        return imported.isEmpty() || imported.stream().anyMatch(tokens -> tokens.canHave(lookup));
    }

    /** Tells whether the text can be a public id of this format. */
    boolean isPublicId(String text) {
        return text.length() == publicIdLength && Hex.isDigits(text, 0, publicIdLength);
    }

    /** The smallest number of characters that another system hashed for a token with this look-up value. */
    int minHashedLength(String lookup) {
        return imported.stream()
                .filter(tokens -> tokens.canHave(lookup))
                .mapToInt(tokens -> tokens.minHashedLength(lookup))
                .min()
                .orElse(1);
    }

    /**
     * The public id for the look-up value of another system. It is computed by a hash, so it has the usual length, and
     * nobody can choose it.
     */
    PublicId importedId(String lookup) {
        MessageDigest sha256 = Sha256.newDigest();
        sha256.update(IMPORTED);
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(lookup.getBytes(StandardCharsets.UTF_8)));
        // Half of the digits give twice as many bits as there are digits.
        int surplus = Long.SIZE - 2 * publicIdLength;
        return new PublicId(digest.getLong() >>> surplus, digest.getLong() >>> surplus);
    }

    int secretLength() {
        return secretLength;
    }

    private static String checksum(String text, int length) {
        CRC32 crc = new CRC32();
        for (int i = 0; i < length; i++) {
            crc.update(text.charAt(i));
        }
        return Hex.encode(crc.getValue(), CHECKSUM_LENGTH);
    }

    private static String randomHex(SecureRandom random, int digits) {
        byte[] bytes = new byte[digits / 2];
        random.nextBytes(bytes);
        return Hex.encode(bytes);
    }

    /** Collects the settings of a format. Each value is checked at once. Not thread-safe. */
    public static final class Builder {
        private static final Pattern PREFIX = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,14}[A-Za-z0-9]");

        private final List<String> prefixes = new ArrayList<>(List.of("myk"));
        private int publicIdLength = 24;
        private int secretLength = 48;
        private int checksumLength;
        private final List<ImportedTokens> imported = new ArrayList<>();
        private @Nullable String environment;

        private Builder() {}

        /**
         * The prefix of new tokens.
         *
         * @param prefix 2 to 16 characters: a letter, then letters, digits, {@code _} or {@code -}, ending in a letter
         *     or digit
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder prefix(String prefix) {
            prefixes.set(0, checked(prefix));
            return this;
        }

        /**
         * An additional prefix that is accepted, for earlier tokens.
         *
         * @param prefix as in {@link #prefix}
         * @throws IllegalArgumentException when it is not a prefix
         */
        public Builder alsoAccept(String prefix) {
            prefixes.add(checked(prefix));
            return this;
        }

        /**
         * Says which environment the service is, such as {@code live} or {@code test}. It stands behind the prefix of new
         * tokens, as in {@code acme_live_…}. A token of the same form with another word there is rejected with
         * {@link Rejection#OTHER_ENVIRONMENT}, without a look-up. Tokens from before, without an environment, need
         * {@link #alsoAccept(String) alsoAccept("acme")}.
         *
         * @param name 1 to 10 lower-case letters and digits, beginning with a letter
         * @throws IllegalArgumentException when it is anything else
         */
        public Builder environment(String name) {
            environment = Environment.checked(name);
            return this;
        }

        /**
         * Accepts tokens of another system, whose keys were or will be imported. A text with the form of this format is
         * never treated as one of them. If both forms are the same, give new tokens another {@link #prefix}.
         *
         * <p>Call it once for each system. The first one that takes a token apart counts, and their look-up values must
         * differ.
         */
        public Builder alsoAccept(ImportedTokens tokens) {
            imported.add(Objects.requireNonNull(tokens, "tokens"));
            return this;
        }

        /**
         * Length of the public id in hexadecimal digits; 4 bits each, default 24.
         *
         * @throws IllegalArgumentException unless it is even and 16 to 32
         */
        public Builder publicIdLength(int digits) {
            publicIdLength = checked(digits, 16, WIDEST_ID, "the public id");
            return this;
        }

        /**
         * Length of the secret in hexadecimal digits; 4 bits each, default 48. The minimum is 128 bits. NIST SP
         * 800-63B-4 allows a fast hash for look-up secrets from 112 bits on.
         *
         * @throws IllegalArgumentException unless it is even and 32 to 128
         */
        public Builder secretLength(int digits) {
            secretLength = checked(digits, 32, 128, "the secret");
            return this;
        }

        /** Adds 8 digits of CRC-32, so that mistyped and made-up tokens are rejected before any look-up. */
        public Builder checksum() {
            checksumLength = CHECKSUM_LENGTH;
            return this;
        }

        /** The format. */
        public TokenFormat build() {
            return new TokenFormat(this);
        }

        private static String checked(String prefix) {
            Objects.requireNonNull(prefix, "prefix");
            if (!PREFIX.matcher(prefix).matches()) {
                throw new IllegalArgumentException("a token prefix has 2 to 16 characters: a letter, then letters,"
                        + " digits, _ or -, ending in a letter or digit; this is none: " + Text.printable(prefix, 32));
            }
            return prefix;
        }

        private static int checked(int digits, int least, int most, String what) {
            if (digits < least || digits > most || digits % 2 != 0) {
                throw new IllegalArgumentException(
                        what + " has an even number of hexadecimal digits, " + least + " to " + most + ": " + digits);
            }
            return digits;
        }
    }
}
