package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.Verification.Accepted;
import dev.apikeys.Verification.Rejected;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.TestKeys;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A service may have keys of several other systems. */
class SeveralSystemsTest {
    private static final ImportedForm SANCTUM = ImportedForm.laravelSanctum();
    private static final ImportedForm ACME =
            ImportedForm.of(ImportedTokens.separatedAndHashedWhole("acme_", '.'), TokenDigest.sha256());
    private static final ImportedForm UNKEY = ImportedForm.unkey("unkey_");

    private static final String SECRET = "Zb3kR7qT0wYx5vNc8LmH2gJdZb3kR7qT0wYx5vNc8LmH2gJd";

    @Test
    void alsoAccept_ofSeveralSystems_acceptsTheTokensOfEach() {
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(SANCTUM.tokens())
                .alsoAccept(ACME.tokens())
                .alsoAccept(UNKEY.tokens())
                .build();
        Map<String, ImportedToken> tokens = Map.of(
                "17|" + SECRET, SANCTUM.token("17", sha256(SECRET)),
                "acme_k_18." + SECRET, ACME.token("k_18", sha256("acme_k_18." + SECRET)),
                "unkey_" + SECRET, UNKEY.token(null, sha256("unkey_" + SECRET)));
        try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(format))) {
            tokens.values().forEach(token -> service.keys().importKey(spec(), token));

            for (int round = 0; round < 2; round++) {
                for (String token : tokens.keySet()) {
                    assertThat(format.claims(token)).isTrue();
                    assertThat(service.keys().verify(token)).isInstanceOf(Accepted.class);
                    assertThat(service.keys().verify(token + "x")).isInstanceOf(Rejected.class);
                }
            }
            assertThat(service.verify(service.issue())).isInstanceOf(Accepted.class);
        }
    }

    @Test
    void firstSystem_thatTakesATokenApart_counts_andOneThatThrowsHindersNoOther() {
        ImportedTokens broken = presented -> {
            throw new IllegalStateException("broken");
        };
        ImportedTokens own = ImportedTokens.separated("acme_", '.');
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(broken)
                .alsoAccept(own)
                .alsoAccept(ACME.tokens())
                .build();
        try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(format))) {
            service.keys().importKey(spec(), ImportedToken.sha256("k", sha256(SECRET)));
            assertThat(service.keys().verify("acme_k." + SECRET)).isInstanceOf(Accepted.class);
        }
    }

    @Test
    void lookUpValue_thatNoTokenOfAnySystemCanHave_isRefused() {
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(SANCTUM.tokens())
                .alsoAccept(UNKEY.tokens())
                .build();
        try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(format))) {
            assertThatThrownBy(() -> service.keys().importKey(spec(), ImportedToken.sha256("k_18", sha256(SECRET))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has this look-up value");
        }
    }

    private static KeySpec spec() {
        return KeySpec.forUser("alice").named("old").mode(Mode.READ);
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(TokenDigest.sha256().of(text));
    }
}
