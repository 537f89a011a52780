package dev.apikeys.password4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.HashingFunction;
import com.password4j.ScryptFunction;
import com.password4j.types.Argon2;
import com.password4j.types.Bcrypt;
import com.password4j.types.Hmac;
import dev.apikeys.ImportedToken;
import dev.apikeys.Rejection;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import dev.apikeys.testkit.TestKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat T50: no password hash makes two different inputs pass for one. */
class HashCollisionTest {
    private static final String SALT_2X = "$2x$04$abcdefghijklmnopqrstuu";
    private static final HashingFunction BCRYPT = BcryptFunction.getInstance(Bcrypt.B, 4);

    private final Password4jHashing hashing = new Password4jHashing();

    /** As cheap as each function allows. */
    static Stream<Arguments> functions() {
        return Stream.of(
                Arguments.of("argon2id", Argon2Function.getInstance(16, 1, 1, 32, Argon2.ID), Integer.MAX_VALUE),
                Arguments.of("bcrypt 2a", BcryptFunction.getInstance(Bcrypt.A, 4), 71),
                Arguments.of("bcrypt 2b", BCRYPT, 71),
                Arguments.of("bcrypt 2y", BcryptFunction.getInstance(Bcrypt.Y, 4), 71),
                Arguments.of("scrypt", ScryptFunction.getInstance(2, 1, 1), 64),
                Arguments.of("pbkdf2 sha1", CompressedPBKDF2Function.getInstance(Hmac.SHA1, 2, 160), 64),
                Arguments.of("pbkdf2 sha224", CompressedPBKDF2Function.getInstance(Hmac.SHA224, 2, 224), 64),
                Arguments.of("pbkdf2 sha256", CompressedPBKDF2Function.getInstance(Hmac.SHA256, 2, 256), 64),
                Arguments.of("pbkdf2 sha384", CompressedPBKDF2Function.getInstance(Hmac.SHA384, 2, 384), 128),
                Arguments.of("pbkdf2 sha512", CompressedPBKDF2Function.getInstance(Hmac.SHA512, 2, 512), 128));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void input_thatIsChangedInAnyWay_matchesNoHash(String name, HashingFunction function, int maxBytes) {
        for (String input : inputs(maxBytes)) {
            String stored = function.hash(input).getResult();
            for (String other : variants(input)) {
                if (!other.equals(input)) {
                    assertThat(hashing.matches(other, stored))
                            .as("'%s' for '%s'", other, input)
                            .isFalse();
                }
            }
        }
    }

    /** Threat T14, of imported hashes. The highest bit stays: with it the text would be no ASCII and so longer. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void input_withAnyOneBitFlipped_matchesNoHash(String name, HashingFunction function, int maxBytes) {
        String input = random(Math.min(maxBytes, 128));
        String stored = function.hash(input).getResult();
        for (int at = 0; at < input.length(); at++) {
            for (int bit = 0; bit < 7; bit++) {
                char flipped = (char) (input.charAt(at) ^ 1 << bit);
                String other = input.substring(0, at) + flipped + input.substring(at + 1);
                assertThat(hashing.matches(other, stored))
                        .as("bit %d of character %d", bit, at)
                        .isFalse();
            }
        }
        assertThat(hashing.matches(input, stored)).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void input_upToTheLimit_matchesItsHash_andNoneAboveIt(String name, HashingFunction function, int maxBytes) {
        int longest = Math.min(maxBytes, 1_000);
        String stored = function.hash("x".repeat(longest)).getResult();
        assertThat(hashing.maxSecretBytes(stored)).isEqualTo(maxBytes);
        assertThat(hashing.matches("x".repeat(longest), stored)).isTrue();
        for (String text : List.of("x", "ümlaut", "\uD83D\uDD11 key", "a b", "\u007f")) {
            assertThat(hashing.matches(text, function.hash(text).getResult())).isTrue();
        }
        if (maxBytes < Integer.MAX_VALUE) {
            String longer = "x".repeat(maxBytes + 1);
            assertThat(hashing.matches(longer, function.hash(longer).getResult()))
                    .isFalse();
            // As many characters as the limit has bytes, but more bytes.
            String wider = "ü" + "x".repeat(maxBytes - 1);
            assertThat(hashing.matches(wider, function.hash(wider).getResult())).isFalse();
        }
    }

    /** Where bytes are signed, one of over 127 erases those before it. */
    @Test
    void bcryptWithSignedBytes_matchesAsciiAlone() {
        HashingFunction function = BcryptFunction.getInstance(Bcrypt.X, 4);
        for (String ascii : List.of("correct horse", "x".repeat(71))) {
            String stored = function.hash(ascii, SALT_2X).getResult();
            assertThat(hashing.matches(ascii, stored)).isTrue();
            assertThat(hashing.matches(ascii + "x", stored)).isFalse();
        }
        assertThat(hashing.matches("abc£", function.hash("abc£", SALT_2X).getResult()))
                .isFalse();
    }

    /** PBKDF2 with HMAC-SHA-1 takes these two for one: the second is the SHA-1 of the first. */
    @Test
    void publishedCollision_ofPbkdf2_matchesOnce() {
        String longer = "plnlrtfpijpuhqylxbgqiiyipieyxvfsavzgxbbcfusqkozwpngsyejqlmjsytrmd";
        String digest = "eBkXQTfuBqp'cTcar&g*";
        HashingFunction function = CompressedPBKDF2Function.getInstance(Hmac.SHA1, 1_000, 160);
        for (String hashed : List.of(longer, digest)) {
            String stored = function.hash(hashed).getResult();
            assertThat(function.check(longer, stored)).isTrue();
            assertThat(function.check(digest, stored)).isTrue();

            assertThat(hashing.matches(longer, stored)).isFalse();
            assertThat(hashing.matches(digest, stored)).isTrue();
        }
    }

    /** In Turkish, "id".toUpperCase() isn't "ID". */
    @Test
    void argon2_madeElsewhere_matchesInEveryLocale() {
        String stored =
                "$argon2id$v=19$m=16,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$bUp8F5NevgMfJFd8uCazwLrPIfSiUuII2fAbkwaUZj8";
        assertThat(hashing.supports(stored)).isTrue();
        assertThat(hashing.matches("password", stored)).isTrue();
        assertThat(hashing.matches("Password", stored)).isFalse();
        // As Password4j itself writes it in Turkish.
        assertThat(hashing.matches("password", stored.replace("argon2id", "argon2\u0131d")))
                .isTrue();
        assertThat(hashing.matches("password", stored.replace("argon2id", "argon2i")))
                .isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void stepUp_isProvenByThePasswordAlone(String name, HashingFunction function, int maxBytes) {
        String right = "p".repeat(Math.min(maxBytes, 200));
        String stored = function.hash(right).getResult();
        PasswordStepUp stepUp = new PasswordStepUp(user -> Optional.of(stored));

        assertThat(stepUp.prove("alice", Password.of(right))).isEqualTo(StepUp.Result.PROVEN);
        for (String wrong : List.of(right + "wrong", right + "\0", right + "\uD800", right + "\0" + right)) {
            assertThat(stepUp.prove("alice", Password.of(wrong))).isEqualTo(StepUp.Result.WRONG);
        }
    }

    /**
     * An id of 62 characters and more fills bcrypt's 72 bytes before the secret begins; with one of 60, what is left of
     * the secret is one character, which can be guessed.
     */
    @ParameterizedTest
    @ValueSource(ints = {60, 61, 62, 66, 200})
    void wholeToken_longerThanTheHashTells_isRefusedAtImport(int idLength) {
        String lookup = "i".repeat(idLength);
        String token = "acme_live_" + lookup + ".secret";
        try (TestKeys service = service(ImportedTokens.separatedAndHashedWhole("acme_live_", '.'))) {
            ImportedToken imported = ImportedToken.of(lookup, hash(token));

            assertThatThrownBy(() -> service.keys().importKey(TestKeys.spec(), imported))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("71 bytes")
                    .hasMessageNotContaining("$2b");
        }
    }

    @Test
    void wholeToken_thatFits_isImportedAndVerified() {
        String lookup = "i".repeat(54);
        String token = "acme_live_" + lookup + ".123456";
        assertThat(token).hasSize(71);
        try (TestKeys service = service(ImportedTokens.separatedAndHashedWhole("acme_live_", '.'))) {
            service.keys().importKey(TestKeys.spec(), ImportedToken.of(lookup, hash(token)));

            assertThat(service.keys().verify(token + "7")).isEqualTo(TestKeys.rejected(Rejection.SECRET_MISMATCH));
            assertThat(service.keys().verify(token)).isInstanceOf(Verification.Accepted.class);
        }
    }

    /** Where the library can't know what was hashed: neither a made-up secret nor the right one is accepted. */
    @Test
    void tokens_ofAFormOfTheHosts_thatTheHashCuts_areNeverAccepted() {
        String lookup = "i".repeat(66);
        String token = "acme_live_" + lookup + ".secret";
        ImportedTokens ownForm = presented -> presented.startsWith("acme_live_")
                ? Optional.of(new ImportedTokens.Parts(presented.substring(10, 76), presented))
                : Optional.empty();
        try (TestKeys service = service(ownForm)) {
            service.keys().importKey(TestKeys.spec(), ImportedToken.of(lookup, hash(token)));

            for (String presented : List.of("acme_live_" + lookup + ".x", token, token + "x")) {
                assertThat(service.keys().verify(presented)).isEqualTo(TestKeys.rejected(Rejection.SECRET_MISMATCH));
            }
        }
    }

    @Test
    void secret_longerThanTheHashTells_isNeverAccepted_norAnyPartOfIt() {
        String secret = "s".repeat(81);
        try (TestKeys service = service(ImportedTokens.separated("acme_", '.'))) {
            service.keys().importKey(TestKeys.spec(), ImportedToken.of("k1", hash(secret)));

            List<String> all = new ArrayList<>(List.of(secret + "x", "s".repeat(72) + "other"));
            for (int length = 1; length <= secret.length(); length++) {
                all.add(secret.substring(0, length));
            }
            for (String presented : all) {
                assertThat(service.keys().verify("acme_k1." + presented))
                        .isEqualTo(TestKeys.rejected(Rejection.SECRET_MISMATCH));
            }
        }
    }

    private static List<String> inputs(int maxBytes) {
        int full = Math.min(maxBytes, 150);
        return List.of("a", "ab", "Straße", "e\u0301", "I", "x".repeat(full), random(full), random(full / 2 - 1));
    }

    /** What some hash, encoder or normalisation could take for the same. */
    private static List<String> variants(String input) {
        String cut = input.substring(0, input.length() - 1);
        return List.of(
                "",
                cut,
                cut + "\uD800",
                cut + "?",
                cut + "\uDC00",
                input + "\0",
                input + "\0\0",
                input + "\0" + input,
                "\0" + input,
                input + " ",
                " " + input,
                input + "\n",
                input + input,
                input + "x",
                input + "\uD800",
                input + "\uFEFF",
                "\uFEFF" + input,
                input + "x".repeat(200),
                input.replace("e\u0301", "é"),
                input.replace("ß", "ss"),
                input.toUpperCase(Locale.ROOT),
                input.toLowerCase(Locale.ROOT),
                input.replace('I', '\u0131'),
                new String(input.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    private static String random(int length) {
        Random random = new Random(length);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append((char) ('!' + random.nextInt(94)));
        }
        return text.toString();
    }

    private TestKeys service(ImportedTokens tokens) {
        return new TestKeys(settings -> settings.passwordHashing(hashing)
                .tokenFormat(TokenFormat.builder().alsoAccept(tokens).build()));
    }

    private static String hash(String input) {
        return BCRYPT.hash(input).getResult();
    }
}
