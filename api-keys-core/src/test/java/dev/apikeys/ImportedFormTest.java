package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.TestKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens and fast hashes that other programs made. The hashes of each row say which program made them, and how. */
class ImportedFormTest {
    private static final Pepper PEPPER = Pepper.of("2026", new byte[32]);

    private static final ImportedHmacKey HMAC_KEY =
            ImportedHmacKey.of("old", "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

    /** Rails 6: {@code ActiveSupport::KeyGenerator}, that is PBKDF2-HMAC-SHA-1, of a secret and "Devise <column>"; Node. */
    private static final ImportedHmacKey DEVISE_KEY = ImportedHmacKey.of(
            "devise",
            HexFormat.of()
                    .parseHex("22d0bb2207a819083dc685ceed0802283e0cb6a1bf74cd11ca7cc6b9932bd55e"
                            + "2766d72cc13e848b1a464643c4cbdfbbec6c26eafe46e7da5cbdb40b9da9b148"));

    /** A form, a token of it, and its row in the other system's table. */
    @SuppressWarnings("ImmutableEnumChecker") // Forms are immutable, without an annotation that says so.
    private enum Vector {
        /** PHP: {@code hash('sha256', $secret)}, as {@code HasApiTokens::createToken} does. */
        LARAVEL_SANCTUM(
                ImportedForm.laravelSanctum(),
                "4772|VSwn9FCqLFivSUGJKMukhq7kcrnXDK8h6JQmleJX97994aca",
                "4772",
                "dc47cfc2d4371e9477781b5b4a2fef7771750864cfb7bb22870f37a63f86b62a"),
        /** The same with a UUID as its id. */
        LARAVEL_SANCTUM_UUID(
                ImportedForm.laravelSanctum(),
                "018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e0f|VSwn9FCqLFivSUGJKMukhq7kcrnXDK8h6JQmleJX97994aca",
                "018f3c1e-7a2b-7c3d-8e4f-5a6b7c8d9e0f",
                "dc47cfc2d4371e9477781b5b4a2fef7771750864cfb7bb22870f37a63f86b62a"),
        /** Python: {@code "sha512$$" + hashlib.sha512(key).hexdigest()}, as {@code Sha512ApiKeyHasher} does. */
        DJANGO_REST_FRAMEWORK_API_KEY(
                ImportedForm.djangoRestFrameworkApiKey(),
                "Jk3vBq8Z.sT5nWx0hYc7RmD2pQe9LaGf4UoVi6KtE",
                "Jk3vBq8Z",
                "sha512$$43005be4b49b03757d7c1864bbfb695b231e525b350e79c2aad98ed11d168c92"
                        + "dea80abc44b8190b04feac255d3a6d650533618d658be1af7c0c333e6bd0cdd5"),
        /** Node: {@code createHash('sha256').update(key).digest('base64url')}, as {@code defaultKeyHasher} does. */
        BETTER_AUTH(
                ImportedForm.betterAuth(""),
                "QzVbNhYtRgFcXdWsEaPoLiKmJuHyTgBvCfDxZsQaWePlOkMnIjUhByGvTfCrDxEs",
                null,
                "Rcc9i46IBWvPjdCer5f3Ih_NKZoc4qq_cRV2j3Gni04"),
        /** Node: {@code createHash('sha256').update(key).digest('base64')}. */
        UNKEY_BASE64(
                ImportedForm.unkey("acme_"),
                "acme_3ZbUXk9LmNpQrStVwXyZaBcD",
                null,
                "2RvciIVI3rC7A29/E+lQARtahgmPQtw4E2AijeyGTzM="),
        /** Node: {@code createHash('sha256').update(key).digest('hex')}. */
        UNKEY_HEX(
                ImportedForm.unkey("acme_"),
                "acme_3ZbUXk9LmNpQrStVwXyZaBcD",
                null,
                "d91bdc888548deb0bb036f7f13e950011b5a86098f42dc381360228dec864f33"),
        /** From the README of prefixed-api-key. */
        SEAM(
                ImportedForm.seam("mycompany"),
                "mycompany_BRTRKFsL_51FwqftsmMDHHbJAMEXXHCgG",
                "BRTRKFsL",
                "d70d981d87b449c107327c2a2afbf00d4b58070d6ba571aac35d7ea3e7c79f37"),
        /** Node: {@code createHmac('sha256', key)}, as {@code Devise::TokenGenerator#digest} does. */
        DEVISE(
                ImportedForm.devise(20, DEVISE_KEY),
                "sxyz7-Kq2mVbT9_wRcNe",
                null,
                "9d8fe8bd2cdbbf530ffa8a5ff576ddfc6eb6f5fa71ac8bd294a5b0d1014cee1f"),
        /** PHP: {@code base64_encode(hash('sha256', $token . $salt, true))}, as {@code Gitlab::CryptoHelper} does. */
        GITLAB(
                ImportedForm.gitLab("glpat-", "d1b2a3c4d5e6f708192a3b4c5d6e7f80"),
                "glpat-Zb3kR7qT0wYx5vNc8LmH",
                null,
                "W8Aqc/iau4279G2R+x7PuTLv7SRfb/IUDyb6Ur6pv0E="),
        /** PHP: {@code hash('sha256', $salt . $token)}. */
        SALT_BEFORE(
                ImportedForm.of(
                        ImportedTokens.separated("acme_", '.'),
                        TokenDigest.sha256().saltBefore("pinch-of-salt")),
                "acme_k17.Zb3kR7qT0wYx5vNc8LmH2gJd",
                "k17",
                "d87162375736c213c4ed32bc94a6b421844f4706626c7d0180183b8265af3dae"),
        /** PHP: {@code hash('sha512', $token . $salt)}. */
        SALT_BEHIND(
                ImportedForm.of(
                        ImportedTokens.separated("acme_", '.'),
                        TokenDigest.sha512().saltBehind("pinch-of-salt")),
                "acme_k17.Zb3kR7qT0wYx5vNc8LmH2gJd",
                "k17",
                "96c752ac0ed300f8c0a6cf5648bc3dffe5a8b0c1f13b5fc78a2279e0e6ec4c0b"
                        + "afd42000c922eb5162c8a737ac4e4285a8d5a6c927bdd4a99028cec4d376697e"),
        /** PHP: {@code hash('sha256', $token)}. */
        PLAIN_HEX(
                ImportedForm.wholeToken("acme_live_", TokenDigest.sha256()),
                "acme_live_Zb3kR7qT0wYx5vNc8LmH2gJd",
                null,
                "EF9BCE4065702F8A9A1C2CFC47BAAF0F07F971C2E8F67C033DBC90455E453E8A"),
        /** PHP: {@code hash_hmac('sha256', $token, $key)}. */
        HMAC_HEX(
                ImportedForm.wholeToken("acme_live_", TokenDigest.hmacSha256(HMAC_KEY)),
                "acme_live_Zb3kR7qT0wYx5vNc8LmH2gJd",
                null,
                "8dc2379f921642f59e34d05d8d4194ca99bea7b6be9267b2f9caaa39a288ae52");

        private final ImportedForm form;
        private final String token;
        private final @Nullable String lookup;
        private final String hash;

        Vector(ImportedForm form, String token, @Nullable String lookup, String hash) {
            this.form = form;
            this.token = token;
            this.lookup = lookup;
            this.hash = hash;
        }

        TokenFormat format() {
            return TokenFormat.builder().alsoAccept(form.tokens()).build();
        }

        TestKeys service() {
            return new TestKeys(settings -> configure(settings, format()));
        }

        TestKeys restarted(TestKeys before) {
            return new TestKeys(before.memory(), before.clock(), settings -> configure(settings, format()));
        }
    }

    private static void configure(KeyServiceBuilder settings, TokenFormat format) {
        settings.tokenFormat(format).pepper(PEPPER).importedHmacKey(HMAC_KEY).importedHmacKey(DEVISE_KEY);
    }

    @ParameterizedTest
    @EnumSource
    void token_ofEachForm_isAccepted_andItsHashIsReplacedAtTheFirstUse(Vector vector) {
        try (TestKeys service = vector.service()) {
            ApiKey key = service.keys().importKey(spec(), vector.form.token(vector.lookup, vector.hash));
            assertThat(hashAtRest(service, key)).startsWith("imported$").doesNotContain(vector.hash);
            assertThat(hashAtRest(service, key)).contains("$hmac-sha256$2026$").hasSizeLessThanOrEqualTo(512);

            assertThat(keyIdOf(service.keys().verify(vector.token))).isEqualTo(key.id());
            service.keys().flush();

            assertThat(hashAtRest(service, key)).startsWith("hmac-sha256$2026$");
            assertThat(service.keys().find(key.id()).orElseThrow().version()).isEqualTo(1);
            try (TestKeys restarted = vector.restarted(service)) {
                assertThat(keyIdOf(restarted.keys().verify(vector.token))).isEqualTo(key.id());
                assertThat(restarted.keys().stats().outdatedHashes()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void token_withAnyCharacterChangedOrMissing_isRejected_beforeAndAfterTheFirstUse(Vector vector) {
        try (TestKeys service = vector.service()) {
            service.keys().importKey(spec(), vector.form.token(vector.lookup, vector.hash));
            for (int round = 0; round < 2; round++) {
                for (int at = 0; at < vector.token.length(); at++) {
                    char other = vector.token.charAt(at) == 'x' ? 'y' : 'x';
                    String changed = vector.token.substring(0, at) + other + vector.token.substring(at + 1);
                    assertThat(service.keys().verify(changed)).isInstanceOf(Verification.Rejected.class);
                    assertThat(service.keys().verify(vector.token.substring(0, at)))
                            .isInstanceOf(Verification.Rejected.class);
                }
                assertThat(service.keys().verify(vector.token + "x")).isInstanceOf(Verification.Rejected.class);
                assertThat(service.keys().verify(vector.token)).isInstanceOf(Verification.Accepted.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void token_ofEachForm_isClaimed_andAJwtAndOurOwnAreNot(Vector vector) {
        try (TestKeys service = vector.service()) {
            assertThat(vector.format().claims(vector.token)).isTrue();
            assertThat(vector.form.tokens().split(service.issue().token().reveal()))
                    .isEmpty();
            String jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
            assertThat(vector.format().claims(jwt)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void storedHash_isNoTokenAndNoSecret(Vector vector) {
        try (TestKeys service = vector.service()) {
            ApiKey key = service.keys().importKey(spec(), vector.form.token(vector.lookup, vector.hash));
            String atRest = hashAtRest(service, key);
            String digest = atRest.substring(atRest.lastIndexOf('$') + 1);
            for (int round = 0; round < 2; round++) {
                for (String stolen : List.of(vector.hash, vector.hash.toLowerCase(Locale.ROOT), digest, atRest)) {
                    for (String presented : forged(vector.token, stolen)) {
                        assertThat(service.keys().verify(presented)).isInstanceOf(Verification.Rejected.class);
                    }
                }
                assertThat(service.keys().verify(vector.token)).isInstanceOf(Verification.Accepted.class);
            }
        }
    }

    /** The stolen text alone, and in the place of the secret. */
    private static List<String> forged(String token, String stolen) {
        List<String> forged = new ArrayList<>(List.of(stolen, "hash:" + stolen));
        for (int at = 0; at < token.length(); at++) {
            if ("|._-".indexOf(token.charAt(at)) >= 0) {
                forged.add(token.substring(0, at + 1) + stolen);
            }
        }
        return forged;
    }

    @ParameterizedTest
    @EnumSource
    void lookUpValue_thatNoTokenCanHave_isRefusedWithoutBeingQuoted(Vector vector) {
        try (TestKeys service = vector.service()) {
            for (String lookup : List.of("4772", "4|7", "a.b", "k_1", "\u0663", "abcdefgh", "x".repeat(256))) {
                ImportedToken token = ImportedToken.sha256(lookup, Vector.PLAIN_HEX.hash);
                if (isPossible(vector, lookup)) {
                    service.keys().importKey(spec(), token);
                } else {
                    assertThatThrownBy(() -> service.keys().importKey(spec(), token))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("has this look-up value")
                            .hasMessageNotContaining(lookup);
                }
            }
        }
    }

    /** Whether a token with this look-up value, and else the same, gives that back. */
    private static boolean isPossible(Vector vector, String lookup) {
        String token = vector.lookup == null ? "" : vector.token.replace(vector.lookup, lookup);
        return token.length() <= TokenFormat.MAX_TOKEN_LENGTH
                && vector.form
                        .tokens()
                        .split(token)
                        .map(ImportedTokens.Parts::lookup)
                        .filter(lookup::equals)
                        .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void rotation_givesATokenOfOurs(Vector vector) {
        try (TestKeys service = vector.service()) {
            ApiKey key = service.keys().importKey(spec(), vector.form.token(vector.lookup, vector.hash));
            IssuedKey rotated = service.keys().rotate(KeyRef.of(key.id()), ACTOR);
            assertThat(service.verify(rotated)).isInstanceOf(Verification.Accepted.class);
            assertThat(service.keys().verify(vector.token)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void form_saysWhetherARowNeedsALookUpValue() {
        assertThatThrownBy(() -> ImportedForm.laravelSanctum().token(null, Vector.LARAVEL_SANCTUM.hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has a look-up value");
        assertThatThrownBy(() -> ImportedForm.laravelSanctum().token("", Vector.LARAVEL_SANCTUM.hash))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImportedForm.unkey("acme_").token("17", Vector.UNKEY_HEX.hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found by its hash");
        assertThat(ImportedForm.unkey("acme_").isFoundByHash()).isTrue();
        assertThat(ImportedForm.laravelSanctum().isFoundByHash()).isFalse();
    }

    @Test
    void form_withoutAnythingThatDistinguishesIt_isRefused() {
        assertThatThrownBy(() -> ImportedForm.unkey("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImportedForm.seam("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImportedForm.gitLab("", "salt")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImportedForm.devise(19, DEVISE_KEY)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<String> otherHashes() {
        return Stream.of(
                "",
                "not a hash",
                "g".repeat(64),
                Vector.PLAIN_HEX.hash.substring(1),
                Vector.PLAIN_HEX.hash + "0",
                "Rcc9i46IBWvPjdCer5f3Ih_NKZoc4qq_cRV2j3Gni0!",
                "4300 5be4".repeat(8));
    }

    @ParameterizedTest
    @MethodSource("otherHashes")
    void hash_thatIsNone_isRefusedWithoutBeingQuoted(String hash) {
        assertThatThrownBy(() -> ImportedToken.sha256("17", hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("isn't shown")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "d41d8cd98f00b204e9800998ecf8427e",
                "1B2M2Y8AsgTpgAmY7PhCfg==",
                "1B2M2Y8AsgTpgAmY7PhCfg",
                "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "2jmj7l5rSw0yVb/vlWAYkK/YBwk="
            })
    void hash_ofMd5OrSha1_isRefusedWithTheReason(String hash) {
        assertThatThrownBy(() -> ImportedToken.sha256("17", hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is broken")
                .hasMessageNotContaining(hash);
    }

    @Test
    void digest_isFoundByItsName_andMd5AndSha1AreRefusedWithTheReason() {
        assertThat(TokenDigest.named("SHA-256").encoded()).isEqualTo("sha256");
        assertThat(TokenDigest.named("sha512").encoded()).isEqualTo("sha512");
        for (String broken : new String[] {"md5", "MD-5", "sha1", "SHA-1"}) {
            assertThatThrownBy(() -> TokenDigest.named(broken))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is broken");
        }
        assertThatThrownBy(() -> TokenDigest.named("crc32")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void salt_thatIsEmptyOrTooLong_isRefused() {
        assertThatThrownBy(() -> TokenDigest.sha256().saltBefore("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TokenDigest.sha256().saltBehind("s".repeat(65)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longestStoredForm_fitsIntoTheColumn() {
        ImportedHmacKey key = ImportedHmacKey.of("k".repeat(32), new byte[64]);
        TokenDigest longest =
                TokenDigest.hmacSha256(key).saltBefore("s".repeat(64)).saltBehind("t".repeat(64));
        try (TestKeys service = new TestKeys(settings ->
                settings.pepper(Pepper.of("p".repeat(32), new byte[32])).importedHmacKey(key))) {
            ApiKey imported =
                    service.keys().importKey(spec(), ImportedToken.digested("17", Vector.PLAIN_HEX.hash, longest));
            assertThat(hashAtRest(service, imported)).hasSizeLessThanOrEqualTo(512);
        }
    }

    @Test
    void texts_showNoHashSaltOrKey() {
        ImportedToken found = ImportedForm.unkey("acme_").token(null, Vector.UNKEY_HEX.hash);
        assertThat(found.toString()).doesNotContain(Vector.UNKEY_HEX.hash);
        assertThat(Vector.UNKEY_HEX
                        .form
                        .tokens()
                        .split(Vector.UNKEY_HEX.token)
                        .orElseThrow()
                        .toString())
                .doesNotContain(Vector.UNKEY_HEX.hash)
                .doesNotContain(Vector.UNKEY_HEX.token);
        assertThat(TokenDigest.sha256().saltBefore("pinch").toString()).doesNotContain("pinch");
        assertThat(HMAC_KEY.toString()).isEqualTo("ImportedHmacKey[old]");
        ImportedKey key = ImportedKey.of(spec(), ImportedToken.sha256("17", Vector.PLAIN_HEX.hash));
        assertThat(key.toString()).doesNotContain(Vector.PLAIN_HEX.hash);
    }

    static String hashAtRest(TestKeys service, ApiKey key) {
        return service.memory()
                .findCredential(key.publicId())
                .orElseThrow()
                .hash()
                .encoded();
    }

    static Object keyIdOf(Verification verification) {
        return verification instanceof Verification.Accepted accepted
                ? accepted.principal().keyId()
                : verification;
    }
}
