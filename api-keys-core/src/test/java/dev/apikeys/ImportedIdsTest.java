package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.ImportedTokens.Parts;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is remembered of imported tokens: exactly the accepted ones, in bounded memory. */
class ImportedIdsTest {
    private static final TokenFormat FORMAT = TokenFormat.builder()
            .alsoAccept(ImportedTokens.separated("acme_", '.'))
            .build();

    private final ImportedIds ids = new ImportedIds(FORMAT, new SecureRandom());

    @Test
    void acceptedToken_isFoundWithItsIdAndSecret() {
        remember("acme_k17.secret", 17);

        ImportedIds.Known known = ids.find("acme_k17.secret");
        assertThat(known).isNotNull();
        assertThat(known.high()).isEqualTo(17);
        assertThat(known.low()).isEqualTo(18);
        assertThat(known.secret("acme_k17.secret")).isEqualTo("secret");
    }

    @Test
    void tokenThatDiffersInOneCharacter_isNotFound() {
        String token = "acme_k17.secret";
        remember(token, 17);
        for (int at = 0; at < token.length(); at++) {
            for (int c = 0; c <= 0xFFFF; c += c < 0x100 ? 1 : 0x10) {
                if (c != token.charAt(at)) {
                    assertThat(ids.find(token.substring(0, at) + (char) c + token.substring(at + 1)))
                            .isNull();
                }
            }
        }
        assertThat(ids.find(token + "0")).isNull();
        assertThat(ids.find(token.substring(1))).isNull();
        assertThat(ids.find("")).isNull();
        assertThat(ids.find("x".repeat(257))).isNull();
    }

    @Test
    void secretThatIsNotTheEndOfTheToken_isNotRemembered() {
        ids.remember("acme_k17.secret", new Parts("k17", "terces"), new PublicId(1, 2));
        assertThat(ids.find("acme_k17.secret")).isNull();
    }

    @Test
    void manyTokens_areKeptUpToALimit_andTheLatestIsAlwaysFound() {
        int found = 0;
        for (int i = 0; i < 100_000; i++) {
            remember("acme_k" + i + ".secret", i);
            assertThat(ids.find("acme_k" + i + ".secret")).isNotNull();
        }
        for (int i = 0; i < 100_000; i++) {
            found += ids.find("acme_k" + i + ".secret") != null ? 1 : 0;
        }
        assertThat(found).isBetween(10_000, 16_384);
    }

    @Test
    void formatWithoutImportedTokens_remembersNothing() {
        ImportedIds none = new ImportedIds(TokenFormat.DEFAULT, new SecureRandom());
        assertThat(none.find("acme_k17.secret")).isNull();
    }

    private void remember(String token, int id) {
        Optional<Parts> parts = FORMAT.importedParts(token) == null
                ? Optional.empty()
                : Optional.of(new Parts("k", token.substring(token.indexOf('.') + 1)));
        ids.remember(token, parts.orElseThrow(), new PublicId(id, id + 1));
    }

    /** There is room for a token in memory, and what a system hashed for it is at most as long. */
    @Test
    void secret_longerThanATokenCanBe_isRefused() {
        String longest = "s".repeat(TokenFormat.MAX_TOKEN_LENGTH);
        assertThat(new ImportedTokens.Parts("lookup", longest).secret()).isEqualTo(longest);
        assertThatThrownBy(() -> new ImportedTokens.Parts("lookup", longest + "s"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
