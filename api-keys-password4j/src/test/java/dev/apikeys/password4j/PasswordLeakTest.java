package dev.apikeys.password4j;

import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.apikeys.ApiKey;
import dev.apikeys.ImportedToken;
import dev.apikeys.TokenFormat;
import dev.apikeys.leaks.TraceLog;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import dev.apikeys.testkit.TestKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threat T30: no password, no secret and no hash in any log, exception or text of an object, at the finest level. */
class PasswordLeakTest {
    private static final int WINDOW = 8;
    private static final String PASSWORD = "correct-horse-battery-staple";

    private final TraceLog log = new TraceLog();
    private final List<String> texts = new ArrayList<>();

    @AfterEach
    void listenNoMore() {
        log.close();
    }

    @Test
    void password_onEveryPath_isNowhere() {
        Password typed = Password.of(PASSWORD);
        String garbage = "$argon2id$" + PASSWORD + "$not-a-hash";
        List<StepUp> stepUps = List.of(
                new PasswordStepUp(user -> Optional.of(garbage)),
                new PasswordStepUp(user -> Optional.of(PASSWORD)),
                new PasswordStepUp(user -> Optional.of("$2a$04$" + PASSWORD)),
                new PasswordStepUp(user -> Optional.of("$1$" + PASSWORD + "$x$y")),
                new PasswordStepUp(user -> Optional.of("$10101$" + PASSWORD + "$y")),
                new PasswordStepUp(user -> {
                    throw new IllegalStateException("no directory");
                }),
                new PasswordStepUp(user -> Optional.empty()));
        see(typed);
        for (StepUp stepUp : stepUps) {
            see(stepUp.prove("alice", typed));
            see(stepUp);
        }
        everythingIsClean(PASSWORD);
        assertThat(log.texts()).isNotEmpty();
    }

    @Test
    void importedSecret_onEveryPath_isNowhere() {
        String garbage = "$argon2id$v=19$m=16,t=1,p=1$" + PASSWORD + "$not-a-hash";
        String token = "acme_k17." + PASSWORD;
        ImportedToken imported = ImportedToken.of("k17", ImportedKeyTest.hash(PASSWORD));
        try (TestKeys service = new TestKeys(settings -> settings.passwordHashing(new Password4jHashing())
                .tokenFormat(TokenFormat.builder()
                        .alsoAccept(ImportedTokens.separated("acme_", '.'))
                        .build()))) {
            see(imported);
            see(catchThrowable(() -> service.keys().importKey(spec(), ImportedToken.of("k18", garbage))));
            see(service.keys().verify(token));
            ApiKey key = service.keys().importKey(spec(), imported);
            see(key);
            see(service.keys().verify(token));
            see(service.keys().verify(token + "x"));
            see(service.keys().verify(token.repeat(5)));
            SecretHash stored = service.memory()
                    .findCredential(key.publicId())
                    .orElseThrow()
                    .hash();
            see(stored);
            service.memory().rehash(key.publicId(), stored, new SecretHash(garbage));
            service.keys().ownerChanged(key.owner());
            see(service.keys().verify(token));
            try (TestKeys next = new TestKeys(
                    service.memory(),
                    service.clock(),
                    settings -> settings.passwordHashing(new Password4jHashing())
                            .tokenFormat(service.keys().tokenFormat()))) {
                see(next.keys().verify(token));
            }
            everythingIsClean(stored.encoded().substring(7));
        }
        everythingIsClean(PASSWORD);
        assertThat(log.texts()).as("of the unreadable hash").isNotEmpty();
    }

    @Test
    void canary_thatLeaks_isFound() {
        see("... " + PASSWORD.substring(3, 3 + WINDOW) + " ...");

        assertThat(catchThrowable(() -> everythingIsClean(PASSWORD))).isInstanceOf(AssertionError.class);
    }

    private void see(@Nullable Object object) {
        texts.add(String.valueOf(object));
        if (object instanceof Throwable throwable && throwable.getCause() != null) {
            see(throwable.getCause());
        }
    }

    private void everythingIsClean(String canary) {
        List<String> everything = new ArrayList<>(texts);
        everything.addAll(log.texts());
        String all = String.join("\n", everything);
        for (int from = 0; from + WINDOW <= canary.length(); from++) {
            String window = canary.substring(from, from + WINDOW);
            assertThat(all.contains(window)).as("%s leaked", window).isFalse();
        }
    }
}
