package dev.apikeys.password4j;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.rejected;
import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedToken;
import dev.apikeys.KeyRef;
import dev.apikeys.Pepper;
import dev.apikeys.Rejection;
import dev.apikeys.TokenDigest;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.TestKeys;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow hashes that other programs made of machine-made secrets. They are replaced at the first use. */
class GeneratedSecretTest {
    private static final String SECRET = "Zb3kR7qT0wYx5vNc8LmH2gJd";

    private final GatedHashing hashing = new GatedHashing();

    /** A form, a token of it, and its row in the other system's table. */
    @SuppressWarnings("ImmutableEnumChecker") // Forms are immutable, without an annotation that says so.
    private enum Vector {
        /** Django 3.2: {@code PBKDF2PasswordHasher().encode(key, salt, 1000)}. */
        DJANGO_PBKDF2(
                ImportedForm.djangoRestFrameworkApiKey(),
                "Jk3vBq8Z.sT5nWx0hYc7RmD2pQe9LaGf4UoVi6KtE",
                "Jk3vBq8Z",
                "pbkdf2_sha256$1000$dJ4kSaltvaluePq0$nGblkTxBpcbnjm2dZjoaPTD5CLzLfW7ygIjK9dq4tsU="),
        /** Django 3.2: {@code Argon2PasswordHasher().encode(key, salt)} with little time and memory. */
        DJANGO_ARGON2(
                ImportedForm.djangoRestFrameworkApiKey(),
                "Jk3vBq8Z.sT5nWx0hYc7RmD2pQe9LaGf4UoVi6KtE",
                "Jk3vBq8Z",
                "argon2$argon2id$v=19$m=64,t=1,p=1$YzI5dFpYTmhiSFF4TWpNMA$RiXw3E78xjzUb19LwVYZQg"),
        /** Django 3.2: {@code BCryptPasswordHasher().encode(key, salt)}. */
        DJANGO_BCRYPT(
                ImportedForm.djangoRestFrameworkApiKey(),
                "Jk3vBq8Z.sT5nWx0hYc7RmD2pQe9LaGf4UoVi6KtE",
                "Jk3vBq8Z",
                "bcrypt$$2b$04$5IxsrMtmA7DDKXV6JcAg0uk5E/RtA8n1w0tm3sSMKnSYi5eBzUF2O"),
        /** PHP: {@code password_hash($secret, PASSWORD_BCRYPT, ['cost' => 4])}. */
        SEAM_BCRYPT(
                ImportedForm.seam("acme"),
                "acme_k17_" + SECRET,
                "k17",
                "$2y$04$RgZRLSUOakuBb8T4l1FO8e0qSk8Ei3y6vsf1nw5aXjaJx.Au0NoMO");

        private final ImportedForm form;
        private final String token;
        private final String lookup;
        private final String hash;

        Vector(ImportedForm form, String token, String lookup, String hash) {
            this.form = form;
            this.token = token;
            this.lookup = lookup;
            this.hash = hash;
        }
    }

    @ParameterizedTest
    @EnumSource
    void slowHash_ofAGeneratedSecret_isCheckedOnceAndReplaced(Vector vector) {
        try (TestKeys service = service(vector.form.tokens())) {
            ApiKey key = service.keys().importKey(spec(), vector.form.token(vector.lookup, vector.hash));
            assertThat(hashAtRest(service, key)).startsWith("generated$");
            String wrong = vector.token.substring(0, vector.token.length() - 1) + "!";
            assertThat(service.keys().verify(wrong)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));

            assertThat(service.keys().verify(vector.token)).isInstanceOf(Verification.Accepted.class);
            service.keys().flush();

            assertThat(hashAtRest(service, key)).startsWith("hmac-sha256$2026$");
            int checks = hashing.checks();
            // A change drops the key from the cache.
            service.keys().pause(KeyRef.of(key.id()), ACTOR);
            service.keys().resume(KeyRef.of(key.id()), ACTOR);
            assertThat(service.keys().verify(wrong)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            assertThat(service.keys().verify(vector.token)).isInstanceOf(Verification.Accepted.class);
            assertThat(hashing.checks()).isEqualTo(checks);
        }
    }

    @Test
    void slowHash_behindAFormOfTheHosts_staysUntilTheHostSaysOtherwise() {
        ImportedForm form = ImportedForm.of(ImportedTokens.separated("acme_", '.'), TokenDigest.sha256());
        try (TestKeys service = service(form.tokens())) {
            ImportedToken kept = form.token("k17", Vector.SEAM_BCRYPT.hash);
            ImportedToken replaced = form.token("k18", Vector.SEAM_BCRYPT.hash).generated();
            ApiKey first = service.keys().importKey(spec(), kept);
            ApiKey second = service.keys().importKey(spec(), replaced);
            for (String token : List.of("acme_k17." + SECRET, "acme_k18." + SECRET)) {
                assertThat(service.keys().verify(token)).isInstanceOf(Verification.Accepted.class);
            }
            service.keys().flush();
            assertThat(hashAtRest(service, first)).isEqualTo(Vector.SEAM_BCRYPT.hash);
            assertThat(hashAtRest(service, second)).startsWith("hmac-sha256$2026$");
        }
    }

    @Test
    void rightAndWrongSecretsAtOnce_acceptAndReplaceOnlyTheRightOne() throws Exception {
        try (TestKeys service = service(ImportedForm.seam("acme").tokens())) {
            for (int round = 0; round < 20; round++) {
                String lookup = "r" + round;
                ApiKey key = service.keys()
                        .importKey(spec(), ImportedForm.seam("acme").token(lookup, Vector.SEAM_BCRYPT.hash));
                List<Boolean> accepted = Race.between(
                        4,
                        i -> () -> service.keys().verify("acme_" + lookup + "_" + (i % 2 == 0 ? SECRET : "wrong"))
                                instanceof Verification.Accepted);
                assertThat(accepted).containsExactly(true, false, true, false);
                service.keys().flush();
                assertThat(hashAtRest(service, key)).startsWith("hmac-sha256$2026$");
                service.keys().revoke(KeyRef.of(key.id()), ACTOR, "");
            }
        }
    }

    @Test
    void revokedKey_isNeverRewritten() {
        Vector vector = Vector.DJANGO_ARGON2;
        try (TestKeys service = service(vector.form.tokens())) {
            ApiKey key = service.keys().importKey(spec(), vector.form.token(vector.lookup, vector.hash));
            String before = hashAtRest(service, key);
            assertThat(service.keys().verify(vector.token)).isInstanceOf(Verification.Accepted.class);
            service.keys().revoke(KeyRef.of(key.id()), ACTOR, "");
            service.keys().flush();
            assertThat(hashAtRest(service, key)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pbkdf2_sha256$1000$salt",
                "pbkdf2_sha256$x$salt$AAAA",
                "pbkdf2_sha256$0$salt$AAAA",
                "pbkdf2_sha256$1000$$AAAA",
                "pbkdf2_sha256$1000$salt$AAAA",
                "pbkdf2_sha1$1000$dJ4kSaltvaluePq0$nGblkTxBpcbnjm2dZjoaPTD5CLzLfW7ygIjK9dq4tsU=",
                "bcrypt_sha256$$2b$04$No8GrstQoqDnSLRWBpmQVOwrQDIB5y/1GJPkQS.foMchxf7Q0O87.",
                "bcrypt$$2b$04$5IxsrMtmA7DDKXV6JcAg0uk5E/RtA8n1w0tm3sSMKnSYi5eBzUF2!",
                "bcrypt$$2b$04$5IxsrMtmA7DDKXV6JcAg0uk5E/RtA8n1w0tm3sSMKnSYi5eBzUF2",
                "argon2$",
                "bcrypt$"
            })
    void djangoHash_thatCantBeRead_isRefusedWithoutBeingQuoted(String hash) {
        ImportedForm form = ImportedForm.djangoRestFrameworkApiKey();
        try (TestKeys service = service(form.tokens())) {
            assertThatThrownBy(() -> service.keys().importKey(spec(), form.token("Jk3vBq8Z", hash)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("isn't shown")
                    .hasMessageNotContaining(hash);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "md5$salt$d41d8cd98f00b204e9800998ecf8427e",
                "unsalted_md5$$d41d8cd98f00b204e9800998ecf8427e",
                "sha1$salt$da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "unsalted_sha1$$da39a3ee5e6b4b0d3255bfef95601890afd80709"
            })
    void djangoHash_ofMd5OrSha1_isRefusedWithTheReason(String hash) {
        assertThatThrownBy(() -> ImportedForm.djangoRestFrameworkApiKey().token("Jk3vBq8Z", hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is broken")
                .hasMessageNotContaining(hash);
    }

    @Test
    void passwordHash_ofTokensThatAreFoundByTheirHash_isRefused() {
        assertThatThrownBy(() -> ImportedForm.unkey("acme_").token(null, Vector.SEAM_BCRYPT.hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("password hash")
                .hasMessageNotContaining("$2y");
    }

    private TestKeys service(ImportedTokens tokens) {
        return new TestKeys(settings -> settings.passwordHashing(hashing)
                .pepper(Pepper.of("2026", new byte[32]))
                .tokenFormat(TokenFormat.builder().alsoAccept(tokens).build()));
    }

    private static String hashAtRest(TestKeys service, ApiKey key) {
        return service.memory()
                .findCredential(key.publicId())
                .orElseThrow()
                .hash()
                .encoded();
    }
}
