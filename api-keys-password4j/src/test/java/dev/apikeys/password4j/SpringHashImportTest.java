package dev.apikeys.password4j;

import static dev.apikeys.password4j.ImportedKeyTest.format;
import static dev.apikeys.testkit.TestKeys.rejected;
import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.HashCount;
import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedToken;
import dev.apikeys.Pepper;
import dev.apikeys.Rejection;
import dev.apikeys.TokenDigest;
import dev.apikeys.Verification;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys whose hashes Spring Security made, with the name of its encoder before each. The secret is "password". */
class SpringHashImportTest {
    private static final String HASHES = "dev.apikeys.password4j.PasswordStepUpTest#springHashes";
    private static final ImportedForm FORM =
            ImportedForm.of(ImportedTokens.separated("acme_", '.'), TokenDigest.sha256());

    private final TestKeys service = new TestKeys(settings -> settings.pepper(Pepper.of("2026", new byte[32]))
            .passwordHashing(new Password4jHashing())
            .tokenFormat(format(FORM.tokens())));

    private String hashAtRest(ApiKey key) {
        return service.memory()
                .findCredential(key.publicId())
                .orElseThrow()
                .hash()
                .encoded();
    }

    /** Imports the token of the look-up value "k1", tries it, and waits for what is written later. */
    private ApiKey imported(ImportedToken token) {
        ApiKey key = service.keys().importKey(spec(), token);
        assertThat(service.keys().verify("acme_k1.Password")).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        assertThat(service.keys().verify("acme_k1.password")).isInstanceOf(Verification.Accepted.class);
        service.keys().flush();
        return key;
    }

    /** In ASCII: in Turkish, Password4j names Argon2 with an i that has no dot. */
    private static String stored(String hash) {
        return hash.replace('\u0131', 'i');
    }

    @ParameterizedTest
    @MethodSource(HASHES)
    void hash_isKept(String hash) {
        try (service) {
            assertThat(hashAtRest(imported(ImportedToken.of("k1", hash)))).isEqualTo(stored(hash));
            assertThat(service.keys().transfer().hashCounts()).containsExactly(new HashCount("password", null, 1));
        }
    }

    @ParameterizedTest
    @MethodSource(HASHES)
    void hash_ofAGeneratedSecret_isReplaced(String hash) {
        try (service) {
            ImportedToken token = ImportedToken.of("k1", hash).generated();
            assertThat(hashAtRest(imported(token))).startsWith("hmac-sha256$2026$");
        }
    }

    @ParameterizedTest
    @MethodSource(HASHES)
    void hash_inARowOfAForm_isRead(String hash) {
        try (service) {
            assertThat(hashAtRest(imported(FORM.token("k1", hash)))).isEqualTo(stored(hash));
        }
    }

    @Test
    void hash_ofAnEncoderThatIsNone_isRefusedWithoutBeingQuoted() {
        try (service) {
            for (String hash : new String[] {"{noop}password", "{MD5}0123456789abcdef0123456789abcdef", "{", "{}"}) {
                assertThatThrownBy(() -> service.keys().importKey(spec(), FORM.token("k1", hash)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("unknown kind")
                        .hasMessageNotContaining("password}")
                        .hasMessageNotContaining("0123");
            }
        }
    }

    @Test
    void token_thatIsFoundByItsHash_hasNoSuchHash() {
        service.close();
        assertThatThrownBy(() -> ImportedForm.wholeToken("acme_", TokenDigest.sha256())
                        .token(null, "{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found by its hash");
    }
}
