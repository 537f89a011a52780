package dev.apikeys;

import static dev.apikeys.ImportedFormTest.hashAtRest;
import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.rejected;
import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fast hashes of another system at rest: threats T48, T49 and T65. */
class ImportedHashTest {
    private static final String SECRET = "Zb3kR7qT0wYx5vNc8LmH2gJd";
    private static final String TOKEN = "acme_k17." + SECRET;
    private static final String OTHER_SECRET = "Nc8LmH2gJdZb3kR7qT0wYx5v";
    private static final TokenFormat FORMAT = TokenFormat.builder()
            .alsoAccept(ImportedTokens.separated("acme_", '.'))
            .build();
    private static final ImportedHmacKey KEY = ImportedHmacKey.of("old", new byte[32]);

    private final TestKeys service = new TestKeys(ImportedHashTest::settings);

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void wrongSecret_neverReplacesTheHash_norIsItRemembered() throws Exception {
        try (service) {
            ApiKey key = importKey("k17", SECRET);
            String before = hashAtRest(service, key);
            Race.between(8, i -> () -> {
                for (int n = 0; n < 200; n++) {
                    assertThat(service.keys().verify("acme_k17." + OTHER_SECRET + n))
                            .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
                }
                return true;
            });
            service.keys().flush();
            assertThat(hashAtRest(service, key)).isEqualTo(before);
            assertThat(service.store().calls(StoreCall.REHASH)).isZero();
        }
    }

    @Test
    void rightAndWrongSecretsAtOnce_acceptAndReplaceOnlyTheRightOne() throws Exception {
        try (service) {
            for (int round = 0; round < 50; round++) {
                String lookup = "r" + round;
                ApiKey key = importKey(lookup, SECRET);
                List<Boolean> accepted = Race.between(8, i -> () -> {
                    String secret = i % 2 == 0 ? SECRET : OTHER_SECRET;
                    return service.keys().verify("acme_" + lookup + "." + secret) instanceof Verification.Accepted;
                });
                assertThat(accepted).containsExactly(true, false, true, false, true, false, true, false);
                service.keys().flush();
                assertThat(hashAtRest(service, key)).startsWith("hmac-sha256$2026$");
                assertThat(service.keys().verify("acme_" + lookup + "." + OTHER_SECRET))
                        .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
                service.keys().revoke(KeyRef.of(key.id()), ACTOR, "");
            }
        }
    }

    @Test
    void revokedKey_isNeverRewritten() {
        try (service) {
            ApiKey key = importKey("k17", SECRET);
            String before = hashAtRest(service, key);
            assertThat(service.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
            service.keys().revoke(KeyRef.of(key.id()), ACTOR, "");
            service.keys().flush();

            assertThat(hashAtRest(service, key)).isEqualTo(before);
            assertThat(service.keys().stats().rehashes()).isZero();
            assertThat(service.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.REVOKED));
        }
    }

    @Test
    void replacement_thatTheStoreDidNotTake_isTriedAgainAtTheNextFirstUse() {
        try (service) {
            ApiKey key = importKey("k17", SECRET);
            service.store().failBefore(StoreCall.REHASH, new StoreUnavailableException("away"));
            assertThat(service.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
            assertThatThrownBy(() -> service.keys().flush()).isInstanceOf(StoreUnavailableException.class);
            assertThat(hashAtRest(service, key)).startsWith("imported$");

            try (TestKeys restarted = new TestKeys(service.memory(), service.clock(), ImportedHashTest::settings)) {
                assertThat(restarted.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
                restarted.keys().flush();
                assertThat(hashAtRest(restarted, key)).startsWith("hmac-sha256$2026$");
            }
            service.store().heal();
        }
    }

    @Test
    void replacement_byTwoNodesAtOnce_isDoneOnce_andBothGoOnAccepting() throws Exception {
        try (service;
                TestKeys other = new TestKeys(service.memory(), service.clock(), ImportedHashTest::settings)) {
            List<TestKeys> nodes = List.of(service, other);
            for (int round = 0; round < 50; round++) {
                String token = "acme_r" + round + "." + SECRET;
                ApiKey key = importKey("r" + round, SECRET);
                Race.between(2, i -> () -> {
                    TestKeys node = nodes.get(i);
                    assertThat(node.keys().verify(token)).isInstanceOf(Verification.Accepted.class);
                    node.keys().flush();
                    return true;
                });
                assertThat(hashAtRest(service, key)).startsWith("hmac-sha256$2026$");
                for (TestKeys node : nodes) {
                    assertThat(node.keys().verify(token)).isInstanceOf(Verification.Accepted.class);
                    assertThat(node.keys().verify("acme_r" + round + "." + OTHER_SECRET))
                            .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
                }
                service.keys().revoke(KeyRef.of(key.id()), ACTOR, "");
            }
            assertThat(service.keys().stats().rehashes() + other.keys().stats().rehashes())
                    .isEqualTo(50);
        }
    }

    @Test
    void pepper_thatIsReplaced_replacesImportedHashesAtTheirFirstUse_andIsStillNeededForTheOthers() {
        try (service) {
            ApiKey used = importKey("k17", SECRET);
            ApiKey idle = importKey("k18", SECRET);
            try (TestKeys next = new TestKeys(
                    service.memory(),
                    service.clock(),
                    builder -> builder.tokenFormat(FORMAT)
                            .pepper(Pepper.of("2027", new byte[40]))
                            .oldPepper(Pepper.of("2026", new byte[32])))) {
                assertThat(next.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
                next.keys().flush();
                assertThat(hashAtRest(next, used)).startsWith("hmac-sha256$2027$");
                assertThat(next.keys().transfer().hashCounts())
                        .containsExactly(
                                new HashCount("hmac-sha256", "2027", 1),
                                new HashCount("imported sha256 hmac-sha256", "2026", 1));
            }
            try (TestKeys without = new TestKeys(
                    service.memory(),
                    service.clock(),
                    builder -> builder.tokenFormat(FORMAT).pepper(Pepper.of("2027", new byte[40])))) {
                assertThat(without.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
                assertThat(without.keys().verify("acme_k18." + SECRET)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
                without.keys().flush();
                assertThat(hashAtRest(without, idle)).startsWith("imported$");
            }
        }
    }

    @Test
    void hmacKey_thatIsDropped_isNeededUntilTheFirstUseAlone() {
        try (TestKeys keyed = new TestKeys(builder -> {
            settings(builder);
            builder.importedHmacKey(KEY);
        })) {
            TokenDigest digest = TokenDigest.hmacSha256(KEY);
            for (String lookup : List.of("k17", "k18")) {
                String hash = Hex.encode(digest.of(SECRET));
                keyed.keys().importKey(spec(), ImportedToken.hmacSha256(lookup, hash, KEY));
            }
            assertThat(keyed.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
            keyed.keys().flush();

            try (TestKeys without = new TestKeys(keyed.memory(), keyed.clock(), ImportedHashTest::settings)) {
                assertThat(without.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
                assertThat(without.keys().verify("acme_k18." + SECRET)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            }
        }
    }

    @Test
    void rotatedKey_goesOnWithItsImportedTokenUntilTheGraceEnds_replacedOrNot() {
        try (service) {
            ApiKey key = importKey("k17", SECRET);
            IssuedKey rotated = service.keys().rotate(KeyRef.of(key.id()), Duration.ofHours(1), ACTOR);
            assertThat(service.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
            service.keys().flush();
            assertThat(hashAtRest(service, key)).startsWith("hmac-sha256$2026$");
            assertThat(service.verify(rotated)).isInstanceOf(Verification.Accepted.class);

            service.clock().advance(Duration.ofHours(1));
            assertThat(service.keys().verify(TOKEN)).isInstanceOf(Verification.Rejected.class);
            assertThat(service.verify(rotated)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void hash_copiedToAnotherKey_matchesNothing() {
        try (service) {
            ApiKey victim = importKey("k17", SECRET);
            ApiKey thief = importKey("k18", OTHER_SECRET);
            replace(victim, hashAtRest(service, thief));

            assertThat(service.keys().verify("acme_k17." + OTHER_SECRET))
                    .isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            assertThat(service.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        }
    }

    @Test
    void digestOfTheOtherSystem_isNoSecretHere_howeverTheHashIsChanged() {
        try (service) {
            String digest = sha256(SECRET);
            ApiKey key = importKey("k17", SECRET);
            String stored = hashAtRest(service, key);
            for (String changed : List.of(
                    stored,
                    stored.substring("imported$".length()),
                    stored.substring("imported$sha256$".length()),
                    stored.replace("sha256$", "sha512$"),
                    "sha256$" + digest,
                    "imported$sha256$" + digest,
                    "imported$sha256$sha256$" + digest)) {
                replace(key, changed);
                for (String secret : List.of(digest, "sha256:" + digest, "imported$sha256$" + digest)) {
                    assertThat(service.keys().verify("acme_k17." + secret)).isInstanceOf(Verification.Rejected.class);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "imported$",
                "imported$sha256",
                "imported$$",
                "imported$md5$hmac-sha256$2026$",
                "imported$sha1$hmac-sha256$2026$",
                "imported$sha384$hmac-sha256$2026$",
                "imported$SHA256$hmac-sha256$2026$",
                "imported$sha256~$hmac-sha256$2026$",
                "imported$sha256~!.~$hmac-sha256$2026$",
                "imported$hmac-sha256:gone$hmac-sha256$2026$",
                "imported$sha256$md5$",
                "imported$sha256$imported$sha256$hmac-sha256$2026$",
                "generated$",
                "generated$plain"
            })
    void scheme_thatIsNotKnown_admitsNobody(String scheme) {
        try (service) {
            ApiKey key = importKey("k17", SECRET);
            replace(key, scheme + "0".repeat(64));
            assertThat(service.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        }
    }

    @Test
    void everyBitOfTheStoredHash_counts() {
        try (service) {
            ApiKey key = importKey("k17", SECRET);
            String stored = hashAtRest(service, key);
            for (int at = stored.length() - 64; at < stored.length(); at++) {
                char other = stored.charAt(at) == '0' ? '1' : '0';
                replace(key, stored.substring(0, at) + other + stored.substring(at + 1));
                assertThat(service.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            }
        }
    }

    @Test
    void hmacKey_thatTheServiceLacks_importsAndAcceptsNothing() {
        ImportedToken token = ImportedToken.hmacSha256("k17", sha256(SECRET), KEY);
        try (service;
                TestKeys other = new TestKeys(builder -> {
                    settings(builder);
                    byte[] bytes = new byte[32];
                    bytes[31] = 1;
                    builder.importedHmacKey(ImportedHmacKey.of("old", bytes));
                })) {
            for (TestKeys without : List.of(service, other)) {
                assertThatThrownBy(() -> without.keys().importKey(spec(), token))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("HMAC key 'old'")
                        .hasMessageContaining("importedHmacKey");
            }
            assertThatThrownBy(() -> KeyService.builder(service.memory())
                            .importedHmacKey(KEY)
                            .importedHmacKey(KEY))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("two HMAC keys");
        }
    }

    @Test
    void hmacKey_ofAFewBytesOrAnOddName_isRefused() {
        assertThatThrownBy(() -> ImportedHmacKey.of("old", new byte[15])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImportedHmacKey.of("o$ld", new byte[32])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hashCounts_sayWhatStandsUnderEachPepper() {
        try (service;
                TestKeys old =
                        new TestKeys(service.memory(), service.clock(), builder -> builder.tokenFormat(FORMAT))) {
            old.issue();
            ApiKey revoked = old.issue().key();
            old.keys().revoke(KeyRef.of(revoked.id()), ACTOR, "");
            service.issue();
            service.issue();
            importKey("k17", SECRET);
            service.keys()
                    .importKey(
                            spec(),
                            ImportedToken.digested(
                                    "k18", sha256(SECRET), TokenDigest.sha256().saltBefore("pinch")));

            assertThat(service.keys().transfer().hashCounts())
                    .containsExactly(
                            new HashCount("hmac-sha256", "2026", 2),
                            new HashCount("imported sha256 hmac-sha256", "2026", 2),
                            new HashCount("sha256", null, 1));
        }
    }

    private ApiKey importKey(String lookup, String secret) {
        return service.keys().importKey(spec(), ImportedToken.sha256(lookup, sha256(secret)));
    }

    private void replace(ApiKey key, String hash) {
        SecretHash stored = new SecretHash(hashAtRest(service, key));
        assertThat(service.memory().rehash(key.publicId(), stored, new SecretHash(hash)))
                .isTrue();
        // A change drops the key from the cache.
        service.keys().pause(KeyRef.of(key.id()), ACTOR);
        service.keys().resume(KeyRef.of(key.id()), ACTOR);
    }

    private static String sha256(String secret) {
        return Hex.encode(TokenDigest.sha256().of(secret));
    }

    private static void settings(KeyServiceBuilder builder) {
        builder.tokenFormat(FORMAT).pepper(Pepper.of("2026", new byte[32]));
    }
}
