package dev.apikeys;

import static dev.apikeys.PresentedTokenTest.isToken;
import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.testkit.TestKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFormatTest {
    private static final String DIGITS = "0123456789abcdef";

    @Test
    void token_byDefault_hasPrefixPublicIdAndSecret() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();

            assertThat(issued.token().reveal())
                    .matches("myk_[0-9a-f]{24}\\.[0-9a-f]{48}")
                    .startsWith("myk_" + issued.key().publicId() + ".");
            assertThat(service.keys().tokenFormat().prefix()).isEqualTo("myk");
            assertThat(service.keys().tokenFormat().identify(issued.key().publicId()))
                    .isEqualTo("myk_" + issued.key().publicId());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 18, 24, 32})
    void token_ofConfiguredLengths_isIssuedAndVerified(int publicIdLength) {
        for (int secretLength : new int[] {32, 54, 56, 128}) {
            TokenFormat format = TokenFormat.builder()
                    .prefix("Ab-1_Z")
                    .publicIdLength(publicIdLength)
                    .secretLength(secretLength)
                    .checksum()
                    .build();
            try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(format))) {
                IssuedKey issued = service.issue();

                assertThat(issued.token().reveal())
                        .matches("Ab-1_Z_[0-9a-f]{" + publicIdLength + "}\\.[0-9a-f]{" + (secretLength + 8) + "}");
                assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
                assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a",
                "1ab",
                "_ab",
                "ab_",
                "ab-",
                "a b",
                "a.b",
                "abcdefghijklmnopq",
                "äb",
                "myk\n",
                "m\u0131k"
            })
    void builder_prefixThatIsNone_isRefused(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenFormat.builder().prefix(prefix))
                .withMessageContainingAll("2 to 16 characters", "none: " + prefix.strip());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenFormat.builder().alsoAccept(prefix))
                .withMessageContainingAll("2 to 16 characters", "none: " + prefix.strip());
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 0, 14, 17, 25, 33, 34, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void builder_publicIdLengthOutOfRange_isRefusedByItsValue(int digits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenFormat.builder().publicIdLength(digits))
                .withMessageContainingAll("the public id", "16 to 32", ": " + digits);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 0, 30, 33, 129, 130, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void builder_secretLengthOutOfRange_isRefusedByItsValue(int digits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenFormat.builder().secretLength(digits))
                .withMessageContainingAll("the secret", "32 to 128", ": " + digits);
    }

    @Test
    void longestFormat_staysBelowTheLengthGate() {
        TokenFormat longest = TokenFormat.builder()
                .prefix("abcdefghijklmnop")
                .publicIdLength(32)
                .secretLength(128)
                .checksum()
                .build();
        try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(longest))) {
            IssuedKey issued = service.issue();

            assertThat(issued.token().reveal()).hasSizeLessThanOrEqualTo(TokenFormat.MAX_TOKEN_LENGTH);
            assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void token_ofAnEarlierPrefix_isAcceptedUnderTheNewOne() {
        try (TestKeys before = new TestKeys()) {
            IssuedKey old = before.issue();
            TokenFormat renamed =
                    TokenFormat.builder().prefix("acme").alsoAccept("myk").build();
            try (TestKeys after =
                    new TestKeys(before.memory(), before.clock(), settings -> settings.tokenFormat(renamed))) {
                assertThat(after.verify(old)).isInstanceOf(Verification.Accepted.class);
                assertThat(after.issue().token().reveal()).startsWith("acme_");
                assertThat(after.keys().verify(old.token().reveal().replace("myk_", "mzk_")))
                        .isEqualTo(rejected(Rejection.MALFORMED));
            }
        }
    }

    @Test
    void format_claimsWhatBeginsLikeItsTokens_validOrNot() {
        TokenFormat format = TokenFormat.builder().alsoAccept("old").build();

        assertThat(List.of("myk_", "myk_x", "old_1")).allMatch(format::claims);
        assertThat(List.of("", "myk", "MYK_", "olds_", " myk_")).noneMatch(format::claims);
    }

    @Test
    void token_cutOrLengthened_isRefusedWithoutAskingTheStore() {
        try (TestKeys service = new TestKeys()) {
            String token = service.issue().token().reveal();
            service.store().forgetCalls();

            for (int length = 1; length < token.length(); length++) {
                assertThat(service.keys().verify(token.substring(0, length)))
                        .as("first %d characters", length)
                        .isEqualTo(rejected(Rejection.MALFORMED));
                assertThat(service.keys().verify(token.substring(length)))
                        .as("without the first %d characters", length)
                        .isEqualTo(rejected(Rejection.MALFORMED));
            }
            for (String added : List.of("0", " ", "\n", "\u0000", ".", token)) {
                assertThat(service.keys().verify(token + added)).isEqualTo(rejected(Rejection.MALFORMED));
                assertThat(service.keys().verify(added + token)).isEqualTo(rejected(Rejection.MALFORMED));
            }
            assertThat(service.store().allCalls()).isZero();
        }
    }

    @Test
    void checksum_anyDigitReplaced_isRefusedWithoutAskingTheStore() {
        TokenFormat format = TokenFormat.builder().checksum().build();
        try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(format))) {
            String token = service.issue().token().reveal();
            service.store().forgetCalls();

            for (int position = 4; position < token.length(); position++) {
                for (int digit = 0; digit < 16; digit++) {
                    StringBuilder mistyped = new StringBuilder(token);
                    mistyped.setCharAt(position, DIGITS.charAt(digit));
                    if (!mistyped.toString().equals(token)) {
                        assertThat(service.keys().verify(mistyped.toString()))
                                .as("digit %d at %d", digit, position)
                                .isEqualTo(rejected(Rejection.MALFORMED));
                    }
                }
            }
            assertThat(service.store().allCalls()).isZero();
            assertThat(service.keys().verify(token)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void scannerPattern_inAText_findsExactlyTheTokens() {
        TokenFormat format =
                TokenFormat.builder().prefix("my-app").alsoAccept("myk").build();
        String id = "0123456789abcdef01234567";
        String secret = "0123456789abcdef01234567fedcba987654321000112233";
        String current = "my-app_" + id + "." + secret;
        String old = "myk_" + id + "." + secret;
        String text = "curl -H 'Authorization: Bearer " + current + "'\n"
                + "{\"key\":\"" + old + "\",\"log\":\"first line\\n" + old + "\\tthen\"}\n"
                + "KEY=" + current + " https://host/?k=" + old + "&x=1 (" + current + ") _" + old + "\n"
                // None of these is a token.
                + "my_app_" + id + "." + secret + " " + old + "0 " + old + "_x "
                + "myk_" + id + "-" + secret + " MYK_" + id + "." + secret + " myk_" + id + ".." + secret;

        Matcher matcher = Pattern.compile(format.scannerPattern()).matcher(text);
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group());
        }

        assertThat(found).containsExactly(current, old, old, current, old, current, old);
        assertThat(found).allMatch(token -> isToken(format, token));
    }

    @Test
    void scannerPattern_withChecksum_matchesIssuedTokens() {
        TokenFormat format = TokenFormat.builder().checksum().build();
        Pattern pattern = Pattern.compile(format.scannerPattern());
        try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(format))) {
            String token = service.issue().token().reveal();

            assertThat(token).matches(pattern);
            assertThat(token.substring(0, token.length() - 1)).doesNotMatch(pattern);
        }
    }

    @Test
    void token_leavesTheSecretOutOfItsText_andComparesByValue() {
        try (TestKeys service = new TestKeys()) {
            Token token = service.issue().token();
            Token other = service.issue().token();

            assertThat(token)
                    .hasToString(token.reveal().substring(0, 28) + ".***")
                    .isEqualTo(new Token(token.reveal(), "any"))
                    .isNotEqualTo(other)
                    .isNotEqualTo(token.reveal())
                    .isNotEqualTo(null)
                    .hasSameHashCodeAs(new Token(token.reveal(), token.reveal().substring(0, 28)));
        }
    }
}
