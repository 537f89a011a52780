package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Verification.Accepted;
import dev.apikeys.Verification.Rejected;
import dev.apikeys.testkit.TestKeys;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GitLab's routable tokens, which it issues since 2025, have dots. */
class GitLabTokenTest {
    private static final ImportedForm GITLAB = ImportedForm.gitLab("glpat-", "d1b2a3c4d5e6f708192a3b4c5d6e7f80");

    /** Python: {@code b64encode(sha256(token + salt))}. */
    @ParameterizedTest
    @CsvSource({
        "glpat-Zb3kR7qT0wYx5vNc8LmH, W8Aqc/iau4279G2R+x7PuTLv7SRfb/IUDyb6Ur6pv0E=",
        "glpat-bHZyVTHUqiR_mAfsRNmMXTWo86MQp1OjEKdTo4OTI0Cw.170nmfd0q, gHKlByMrPkR7QZKGacxMP/Jg3flJGBEXTHG/EevD5tQ=",
        "glpat-bHZyVTHUqiR_mAfsRNmMXTWo86MQp1OjEKdTo4OTI0Cw.01.170nmfd0q, aVU6wcMJFWg+X3CPMbi2Fzpyz70V8I37j3tYOVpLYik="
    })
    void verify_tokenOfEachKind_isAccepted_andNoOtherIs(String token, String hash) {
        TokenFormat format = TokenFormat.builder().alsoAccept(GITLAB.tokens()).build();
        try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(format))) {
            KeySpec spec = KeySpec.forUser("alice").named("Pipeline").mode(Mode.READ);
            service.keys().importKey(spec, GITLAB.token(null, hash));

            for (int round = 0; round < 2; round++) {
                assertThat(service.keys().verify(token)).isInstanceOf(Accepted.class);
                for (int at = 0; at < token.length(); at++) {
                    char other = token.charAt(at) == '.' ? '-' : '.';
                    String changed = token.substring(0, at) + other + token.substring(at + 1);
                    assertThat(service.keys().verify(changed)).isInstanceOf(Rejected.class);
                    assertThat(service.keys().verify(token.substring(0, at))).isInstanceOf(Rejected.class);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "|", " ", "\u00fc", "\u0000"})
    void split_textWithAnotherCharacter_isNoToken(String character) {
        String text = "glpat-bHZyVTHUqiR_mAfsRNmMXT" + character + "Wo8.170nmfd0q";
        assertThat(GITLAB.tokens().split(text).isPresent()).isEqualTo(character.isEmpty());
        assertThat(ImportedForm.wholeToken("glpat-", TokenDigest.sha256())
                        .tokens()
                        .split(text))
                .isEmpty();
    }
}
