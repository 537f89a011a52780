package dev.apikeys;

import static dev.apikeys.PresentedTokenTest.isToken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.ImportedTokens;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The edges of what counts as a token. */
@Tag("tr-skip") // Covered in Turkish by the tests of whole tokens.
class TokenEdgeTest {
    private static final TokenFormat WIDE =
            TokenFormat.builder().publicIdLength(32).build();

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void importedId_isTheBeginningOfTwoHalvesOfADigest(int digits) throws Exception {
        TokenFormat format = TokenFormat.builder().publicIdLength(digits).build();
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest("imported token\nkey-1".getBytes(StandardCharsets.US_ASCII));
        String hex = HexFormat.of().formatHex(digest);

        // The upper bits of each of the first two words of the digest.
        assertThat(format.text(format.importedId("key-1")))
                .isEqualTo(hex.substring(0, digits / 2) + hex.substring(16, 16 + digits / 2));
    }

    @Test
    void importedToken_ofTheGreatestLength_isRead_andALongerOneIsNot() {
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(ImportedTokens.separated("acme_", '.'))
                .build();
        String longest = "acme_k." + "s".repeat(TokenFormat.MAX_TOKEN_LENGTH - 7);

        assertThat(Objects.requireNonNull(format.importedParts(longest)).secret())
                .isEqualTo(longest.substring(7));
        assertThat(format.importedParts(longest + "s")).isNull();
    }

    @Test
    void blankText_ofTheGreatestLength_isMissing_andALongerOneIsMalformed() {
        assertThat(TokenFormat.isBlank(" ".repeat(TokenFormat.MAX_TOKEN_LENGTH)))
                .isTrue();
        assertThat(TokenFormat.isBlank(" ".repeat(TokenFormat.MAX_TOKEN_LENGTH + 1)))
                .isFalse();
    }

    /** The halves of the widest id use every bit of a long, so a digit that is none shows in no sign. */
    @Test
    void widestId_withACharacterThatIsNoDigit_isNoToken() {
        String token = WIDE.mint(new SecureRandom()).token().reveal();
        assertThat(isToken(WIDE, token)).isTrue();
        for (int at = 4; at < 4 + 32; at++) {
            String broken = token.substring(0, at) + 'g' + token.substring(at + 1);
            assertThat(isToken(WIDE, broken)).as("character %d", at).isFalse();
        }
    }

    @Test
    void lengths_areThoseOfTheFormat_andOfTheOtherSystem() {
        TokenFormat format = TokenFormat.builder()
                .secretLength(64)
                .alsoAccept(ImportedTokens.separatedAndHashedWhole("acme_", '.'))
                .build();

        assertThat(format.secretLength()).isEqualTo(64);
        assertThat(format.minHashedLength("key-1"))
                .isEqualTo(ImportedTokens.separatedAndHashedWhole("acme_", '.').minHashedLength("key-1"))
                .isGreaterThan("acme_key-1.".length());
        assertThat(TokenFormat.DEFAULT.minHashedLength("key-1")).isEqualTo(1);
    }
}
