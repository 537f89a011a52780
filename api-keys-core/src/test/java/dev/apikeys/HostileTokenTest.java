package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.TestKeys;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threats T5, T9 and T36: whatever a stranger sends, it neither throws nor opens a door. */
class HostileTokenTest {
    private static final String PRINTABLE =
            "0123456789abcdefABCDEFxyz._-:* \t\n\u0000\u0661\u0130\u0131\u212a\ud83d\udd11";

    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.issue();
    private final String token = issued.token().reveal();

    @AfterEach
    void close() {
        service.close();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n", "\u2003", "                                      "})
    void nothing_isMissing(String presented) {
        assertThat(service.keys().verify(presented)).isEqualTo(rejected(Rejection.MISSING));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "undefined", "myk", "myk_", "myk_.", ".", "Bearer", "true", "0", "{}", "*"})
    void placeholder_isMalformed(String presented) {
        assertThat(service.keys().verify(presented)).isEqualTo(rejected(Rejection.MALFORMED));
    }

    @Test
    void token_withoutSecret_isMalformed() {
        String id = issued.key().publicId();

        assertThat(List.of("myk_" + id, "myk_" + id + ".", "myk_" + id + "." + " ".repeat(48), "." + id))
                .allSatisfy(presented ->
                        assertThat(service.keys().verify(presented)).isEqualTo(rejected(Rejection.MALFORMED)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "$", "$$", "sha256$", "sha256$ ", "hmac-sha256$", "hmac-sha256$$", "null"})
    void storedHash_blankOrCut_matchesNoSecret(String stored) {
        replaceHash(new SecretHash(stored));

        assertThat(service.keys().verify(token)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        assertThat(service.keys().verify(token)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
    }

    @Test
    void tokenOfOneMebibyte_allocatesLessThanOneKibibyte() {
        String huge = token + "0".repeat(1 << 20);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        Verification answer = null;
        for (int i = 0; i < 100; i++) {
            long before = threads.getThreadAllocatedBytes(thread);
            answer = service.keys().verify(huge);
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }

        assertThat(answer).isEqualTo(rejected(Rejection.MALFORMED));
        assertThat(least).as("bytes").isLessThan(1_024);
    }

    @Test
    void lengthGate_blanksBeyondIt_areMalformedAndNotMissing() {
        assertThat(service.keys().verify(" ".repeat(TokenFormat.MAX_TOKEN_LENGTH)))
                .isEqualTo(rejected(Rejection.MISSING));
        assertThat(service.keys().verify(" ".repeat(TokenFormat.MAX_TOKEN_LENGTH + 1)))
                .isEqualTo(rejected(Rejection.MALFORMED));
    }

    @Test
    void twoHundredThousandFuzzedTokens_neitherThrowNorPass() {
        fuzz(200_000, 20_260_203L);
    }

    @Test
    @Tag("endurance")
    void tenMillionFuzzedTokens_neitherThrowNorPass() {
        fuzz(10_000_000, new Random().nextLong());
    }

    @ParameterizedTest
    @CsvSource({"0, prefix", "3, underscore", "4, public id", "27, public id", "28, dot", "29, secret", "76, secret"})
    void everyCodePoint_anywhereInAToken_isRefusedExceptTheRightOne(int position, String part) {
        String before = token.substring(0, position);
        String after = token.substring(position + 1);
        int accepted = 0;
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String presented = new StringBuilder(80)
                    .append(before)
                    .appendCodePoint(codePoint)
                    .append(after)
                    .toString();
            if (service.keys().verify(presented) instanceof Verification.Accepted) {
                accepted++;
                assertThat(codePoint).as(part).isEqualTo(token.codePointAt(position));
            }
        }
        assertThat(accepted).isEqualTo(1);
    }

    @Test
    void everySupplementaryCodePoint_inPlaceOfTwoCharacters_isRefused() {
        for (int position : new int[] {0, 3, 10, 27, 28, 40, 75}) {
            String before = token.substring(0, position);
            String after = token.substring(position + 2);
            for (int codePoint = 0x10000; codePoint <= Character.MAX_CODE_POINT; codePoint += 7) {
                String presented = before + Character.toString(codePoint) + after;
                assertThat(service.keys().verify(presented)).isEqualTo(rejected(Rejection.MALFORMED));
            }
        }
    }

    private void fuzz(int rounds, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < rounds; i++) {
            String presented = random.nextBoolean() ? mutated(random) : madeUp(random);
            if (presented.equals(token)) {
                continue;
            }
            try {
                assertThat(service.keys().verify(presented)).isInstanceOf(Verification.Rejected.class);
            } catch (RuntimeException | Error failure) {
                throw new AssertionError("seed " + seed + ", round " + i + ": " + presented, failure);
            }
        }
    }

    private String mutated(Random random) {
        StringBuilder text = new StringBuilder(token);
        for (int edits = 1 + random.nextInt(3); edits > 0 && text.length() > 0; edits--) {
            int at = random.nextInt(text.length());
            char other = PRINTABLE.charAt(random.nextInt(PRINTABLE.length()));
            switch (random.nextInt(6)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, other);
                case 2 -> text.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(16))));
                case 3 -> text.append(text, 0, at);
                case 4 -> text.setCharAt(at, (char) random.nextInt(0x10000));
                default -> text.setCharAt(at, other);
            }
        }
        return text.toString();
    }

    private static String madeUp(Random random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "myk_" : "");
        int length = random.nextInt(10) == 0 ? random.nextInt(1_000) : 73;
        boolean onlyDigits = random.nextBoolean();
        while (text.length() < length + 4) {
            text.append(
                    onlyDigits
                            ? Character.forDigit(random.nextInt(16), 16)
                            : PRINTABLE.charAt(random.nextInt(PRINTABLE.length())));
        }
        if (text.length() > 28) {
            text.setCharAt(28, '.');
        }
        return text.toString();
    }

    private void replaceHash(SecretHash replacement) {
        String id = issued.key().publicId();
        SecretHash right = service.memory().findCredential(id).orElseThrow().hash();
        assertThat(service.memory().rehash(id, right, replacement)).isTrue();
    }
}
