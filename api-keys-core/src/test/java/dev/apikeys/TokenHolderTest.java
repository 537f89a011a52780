package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.TestKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** To whom a token belongs, whether it works or not. */
class TokenHolderTest {
    private final TestKeys service = new TestKeys();
    private final IssuedKey issued = service.issue();
    private final String token = issued.token().reveal();

    @AfterEach
    void close() {
        service.close();
    }

    private Optional<UUID> holder(String presented) {
        return service.keys().findByToken(presented).map(ApiKey::id);
    }

    @Test
    void token_ofAKeyInAnyState_isFound() {
        assertThat(holder(token)).contains(issued.key().id());
        service.keys().pause(ref(issued), ACTOR);
        assertThat(holder(token)).contains(issued.key().id());
        service.keys().resume(ref(issued), ACTOR);
        IssuedKey rotated = service.keys().rotate(ref(issued), Duration.ZERO, ACTOR);
        assertThat(holder(token)).as("an ended token").contains(issued.key().id());
        service.keys().revoke(ref(issued), ACTOR, "");
        assertThat(holder(rotated.token().reveal())).contains(issued.key().id());
    }

    @Test
    void otherText_isNobodys() {
        char last = token.charAt(token.length() - 1);
        assertThat(holder(token.substring(0, token.length() - 1) + (last == '0' ? '1' : '0')))
                .isEmpty();
        assertThat(holder(token + "0")).isEmpty();
        assertThat(holder("myk_" + "0".repeat(24) + "." + "0".repeat(48))).isEmpty();
        assertThat(holder("")).isEmpty();
        assertThat(holder("nonsense")).isEmpty();
    }

    @Test
    void importedToken_isFound() throws Exception {
        String secret = "aB3".repeat(13) + "x";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(ImportedForm.laravelSanctum().tokens())
                .build();
        try (TestKeys migrated = new TestKeys(settings -> settings.tokenFormat(format))) {
            ApiKey key = migrated.keys()
                    .importKey(
                            TestKeys.spec(),
                            ImportedForm.laravelSanctum()
                                    .token("17", HexFormat.of().formatHex(digest)));

            assertThat(migrated.keys().findByToken("17|" + secret))
                    .map(ApiKey::id)
                    .contains(key.id());
            assertThat(migrated.keys().findByToken("17|" + secret.replace('x', 'y')))
                    .isEmpty();
            assertThat(migrated.keys().findByToken("18|" + secret)).isEmpty();
        }
    }
}
