package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service is told which environment it is, and refuses the tokens of others without a look-up. */
class EnvironmentTest {
    private static TokenFormat.Builder acme() {
        return TokenFormat.builder().prefix("acme");
    }

    private static TestKeys service(TokenFormat.Builder format) {
        return new TestKeys(settings -> settings.tokenFormat(format.build()));
    }

    @Test
    void token_ofThisEnvironment_saysSoAndIsAccepted() {
        try (TestKeys live = service(acme().environment("live"))) {
            IssuedKey issued = live.issue();
            assertThat(issued.token().reveal()).startsWith("acme_live_");
            assertThat(live.keys().tokenFormat().prefix()).isEqualTo("acme_live");
            assertThat(live.verify(issued)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void token_ofAnotherEnvironment_isRejectedForThatWithoutALookUp() {
        try (TestKeys live = service(acme().environment("live").checksum());
                TestKeys test = service(acme().environment("test").checksum())) {
            String token = test.issue().token().reveal();
            live.store().forgetCalls();

            assertThat(live.keys().verify(token)).isEqualTo(TestKeys.rejected(Rejection.OTHER_ENVIRONMENT));
            assertThat(live.keys().verifyIfKnown(token, ClientRequest.NONE))
                    .isEqualTo(TestKeys.rejected(Rejection.OTHER_ENVIRONMENT));

            assertThat(live.store().calls(StoreCall.FIND_CREDENTIAL)).isZero();
            assertThat(live.keys().stats().rejected()).containsEntry(Rejection.OTHER_ENVIRONMENT, 2L);
            assertThat(live.keys().tokenFormat().claims(token)).isTrue();
            String mistyped = token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");
            assertThat(live.keys().verify(mistyped)).isEqualTo(TestKeys.rejected(Rejection.MALFORMED));
        }
    }

    @Test
    void token_ofAnotherEnvironment_isNoImportedOne() {
        TokenFormat.Builder importing = acme().environment("live").alsoAccept(ImportedTokens.separated("acme_", '.'));
        try (TestKeys live = service(importing);
                TestKeys test = service(acme().environment("test"))) {
            String token = test.issue().token().reveal();

            assertThat(live.keys().verify(token)).isEqualTo(TestKeys.rejected(Rejection.OTHER_ENVIRONMENT));
        }
    }

    @Test
    void word_thatIsTooLongForAnEnvironment_isNone() {
        try (TestKeys live = service(acme().environment("live"));
                TestKeys longest = service(acme().environment("a123456789"))) {
            String token = longest.issue().token().reveal();

            assertThat(live.keys().verify(token)).isEqualTo(TestKeys.rejected(Rejection.OTHER_ENVIRONMENT));
            assertThat(live.keys().verify(token.replace("a123456789", "a1234567890")))
                    .isEqualTo(TestKeys.rejected(Rejection.MALFORMED));
        }
    }

    @Test
    void token_withoutEnvironment_needsToBeAccepted() {
        try (TestKeys before = service(acme());
                TestKeys strict = service(acme().environment("live"));
                TestKeys both = service(acme().environment("live").alsoAccept("acme"))) {
            String token = before.issue().token().reveal();
            assertThat(strict.keys().verify(token)).isEqualTo(TestKeys.rejected(Rejection.MALFORMED));
            assertThat(both.keys().verify(token)).isEqualTo(TestKeys.rejected(Rejection.UNKNOWN));
            assertThat(before.keys().verify(both.issue().token().reveal()))
                    .isEqualTo(TestKeys.rejected(Rejection.MALFORMED));
        }
    }

    @Test
    void token_ofAnEnvironmentThatIsAcceptedToo_isLookedUp() {
        try (TestKeys live = service(acme().environment("live").alsoAccept("acme_beta"));
                TestKeys beta = service(acme().environment("beta"))) {
            assertThat(live.keys().verify(beta.issue().token().reveal()))
                    .isEqualTo(TestKeys.rejected(Rejection.UNKNOWN));
        }
    }

    /** What looks like a token of another environment only from afar. */
    @ParameterizedTest
    @ValueSource(strings = {"acme_test", "acme_test_", "acme__0", "acme_TEST_", "acme_waytoolongword_", "other_test_"})
    void text_thatIsNoTokenOfAnyEnvironment_isMalformed(String beginning) {
        try (TestKeys live = service(acme().environment("live"));
                TestKeys test = service(acme().environment("test"))) {
            String rest = test.issue().token().reveal().substring("acme_test_".length());
            assertThat(live.keys().verify(beginning)).isEqualTo(TestKeys.rejected(Rejection.MALFORMED));
            if (!beginning.equals("acme_test_")) {
                assertThat(live.keys().verify(beginning + rest)).isEqualTo(TestKeys.rejected(Rejection.MALFORMED));
            }
            assertThat(live.keys().verify("acme_test_" + rest + "0")).isEqualTo(TestKeys.rejected(Rejection.MALFORMED));
            assertThat(live.keys().verify("acme_test_" + rest.replace('.', '-')))
                    .isEqualTo(TestKeys.rejected(Rejection.MALFORMED));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Live", "1live", "li_ve", "live ", "elevenchars", "l\u0131ve"})
    void environment_thatIsNoWord_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> acme().environment(name))
                .withMessageContaining("environment");
    }
}
