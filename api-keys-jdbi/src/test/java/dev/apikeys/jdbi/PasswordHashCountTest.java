package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.SampleKey;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Databases count password hashes as {@link SecretHash#kind()} tells them. */
@Tag("tr-skip") // The databases know nothing of the locale.
class PasswordHashCountTest {
    @ParameterizedTest
    @EnumSource
    void passwordHash_withTheNameOfAnEncoder_isCountedAsOne(DatabaseServer server) throws Exception {
        String[] hashes = {"{bcrypt}$2a$10$abc", "{pbkdf2}00ff", "$2a$10$abc", "generated${bcrypt}$2a$10$abc", "x{"};
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = database.store(2);
            for (String hash : hashes) {
                store.insert(SampleKey.toAdd(new SampleKey().build(), new SecretHash(hash)));
            }

            assertThat(store.countHashes()).isEqualTo(Map.of("password", 3L, "generated", 1L, "other", 1L));
        }
    }
}
