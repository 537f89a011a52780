package dev.apikeys.password4j;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.rejected;
import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.HashingFunction;
import com.password4j.ScryptFunction;
import com.password4j.types.Argon2;
import com.password4j.types.Bcrypt;
import com.password4j.types.Hmac;
import dev.apikeys.ApiKey;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.ClientRequest;
import dev.apikeys.DuplicateKeyException;
import dev.apikeys.ImportedToken;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyRef;
import dev.apikeys.PageRequest;
import dev.apikeys.Pepper;
import dev.apikeys.Rejection;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of another system with the slow hashes that it stored: threat T13, where a slow hash can't be avoided. */
class ImportedKeyTest {
    static final String LOOKUP = "Zq81_x";
    static final String SECRET = "not-so-random-7";
    static final String TOKEN = "acme_" + LOOKUP + "." + SECRET;
    static final String WRONG = "acme_" + LOOKUP + ".not-so-random-8";
    /** As cheap as it gets: the tests are about how often it is asked. */
    private static final HashingFunction BCRYPT = BcryptFunction.getInstance(Bcrypt.B, 4);

    private final GatedHashing hashing = new GatedHashing();
    private final TestKeys service = service(ImportedTokens.separated("acme_", '.'));

    static Stream<HashingFunction> functions() {
        return Stream.of(
                Argon2Function.getInstance(16, 1, 1, 32, Argon2.ID),
                BCRYPT,
                ScryptFunction.getInstance(16, 8, 1),
                CompressedPBKDF2Function.getInstance(Hmac.SHA256, 1_000, 256));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void importedKey_isVerifiedByItsOldToken_whateverMadeTheHash(HashingFunction function) {
        try (service) {
            ApiKey key = service.keys()
                    .importKey(
                            spec(),
                            ImportedToken.of(LOOKUP, function.hash(SECRET).getResult()));

            assertThat(service.keys().verify(WRONG)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            assertThat(keyIdOf(service.keys().verify(TOKEN))).isEqualTo(key.id());
            assertThat(service.keys().verify(WRONG)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            assertThat(service.keys().verify("acme_Zq81_X." + SECRET)).isEqualTo(rejected(Rejection.UNKNOWN));
            assertThat(service.keys().find(key.id())).contains(key);
        }
    }

    @Test
    void memoryAlone_answersOnceTheSlowHashWasComputed() {
        try (service) {
            importKey();
            service.keys().verify(WRONG);

            assertThat(service.keys().verifyIfKnown(TOKEN, ClientRequest.NONE)).isNull();
            accepts(TOKEN);
            assertThat(service.keys().verifyIfKnown(TOKEN, ClientRequest.NONE))
                    .isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void repeats_rightOrWrong_needNoSlowHash() {
        try (service) {
            ApiKey key = importKey();
            accepts(TOKEN);
            int before = hashing.checks();

            for (int i = 0; i < 100; i++) {
                assertThat(keyIdOf(service.keys().verify(TOKEN))).isEqualTo(key.id());
                assertThat(service.keys().verify(WRONG)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            }
            assertThat(hashing.checks()).isEqualTo(before);
        }
    }

    @Test
    void secret_ofAnImportedKey_isNeverHashedFastAtRest() {
        try (TestKeys keyed = new TestKeys(settings -> settings.pepper(Pepper.of("p1", new byte[32]))
                .passwordHashing(hashing)
                .tokenFormat(format(ImportedTokens.separated("acme_", '.'))))) {
            ApiKey key = keyed.keys().importKey(spec(), token());
            String stored = hashAtRest(keyed, key);
            assertThat(keyed.keys().verify(TOKEN)).isInstanceOf(Verification.Accepted.class);
            keyed.keys().flush();

            assertThat(hashAtRest(keyed, key)).isEqualTo(stored);
            assertThat(keyed.store().calls(StoreCall.REHASH)).isZero();
        }
    }

    @Test
    void key_changedOrRotated_goesOnWithItsOldToken() {
        try (service) {
            KeyRef ref = KeyRef.of(importKey().id());
            accepts(TOKEN);
            service.keys().pause(ref, ACTOR);
            assertThat(service.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.PAUSED));
            service.keys().resume(ref, ACTOR);
            accepts(TOKEN);

            IssuedKey rotated = service.keys().rotate(ref, Duration.ofHours(1), ACTOR);
            accepts(rotated.token().reveal());
            accepts(TOKEN);

            service.keys().revoke(ref, ACTOR, "");
            assertThat(service.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.REVOKED));
            assertThat(service.verify(rotated)).isEqualTo(rejected(Rejection.REVOKED));
        }
    }

    @Test
    void import_isAuditedAndCountsLikeAnIssue() {
        try (service) {
            ApiKey key = importKey();
            assertThat(service.keys()
                            .audit(AuditFilter.everything().key(key.id()), PageRequest.first(5))
                            .items())
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.event()).isEqualTo(AuditEvent.CREATED);
                        assertThat(entry.reason()).isEqualTo("imported");
                    });
            for (int i = 1; i < KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL); i++) {
                service.issue();
            }
            assertThatThrownBy(() -> service.keys().importKey(spec(), ImportedToken.of("another", hash(SECRET))))
                    .isInstanceOf(KeyLimitExceededException.class);
        }
    }

    @Test
    void lookup_importedTwice_isRefused() {
        try (service) {
            importKey();
            assertThatThrownBy(this::importKey).isInstanceOf(DuplicateKeyException.class);
        }
    }

    @Test
    void key_importedAfterItsTokenWasTried_worksAtOnce() {
        try (service) {
            assertThat(service.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.UNKNOWN));
            importKey();
            accepts(TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "sha256$00",
                "$2b$",
                "$2b$04$",
                "$2$04$abcdefghijklmnopqrstuuJ0a1GTYo5t1h8eR3sQy1tQG1BWZp5yq",
                "$argon2id$v=19$m=16",
                "$$$",
                "$a$b$c$d",
                "$1$salt$x$",
                "$e0801$c2FsdA==$",
                "$e0801$c2FsdA==$=",
                "$e0801$c2FsdA==$AA==",
                "$3$4294967296000$c2FsdA==$",
                "$3$4294967296008$c2FsdA==$AA==",
                "$argon2id$v=19$m=16,t=1,p=1$c2FsdHNhbHQ$=",
                "$argon2id$v=19$m=16,t=1,p=1$c2FsdHNhbHQ$AAAA"
            })
    void hash_thatCantBeReadOrIsTooShort_isRefusedWithoutBeingQuoted(String hash) {
        try (service) {
            assertThatThrownBy(() -> service.keys().importKey(spec(), ImportedToken.of(LOOKUP, hash)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("unknown kind")
                    .hasMessageNotContaining(hash)
                    .hasNoCause();
        }
    }

    @Test
    void hash_thatIsEmptyOrTooLong_isRefusedWithoutBeingQuoted() {
        try (service) {
            for (String hash : List.of("", hash(SECRET) + "x".repeat(512))) {
                assertThatThrownBy(() -> ImportedToken.of(LOOKUP, hash))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("1 to 512")
                        .hasMessageNotContaining("xxx");
            }
        }
    }

    @Test
    void service_withoutPasswordHashing_importsNothing_andAcceptsNothingThatWasImported() {
        try (service;
                TestKeys without = new TestKeys(
                        service.memory(),
                        service.clock(),
                        settings -> settings.tokenFormat(format(ImportedTokens.separated("acme_", '.'))))) {
            importKey();

            assertThat(without.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            assertThatThrownBy(() -> without.keys().importKey(spec(), ImportedToken.of("other", hash(SECRET))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("passwordHashing");
        }
    }

    @Test
    void hash_thatTurnedUnreadable_admitsNobody() {
        try (service) {
            ApiKey key = importKey();
            SecretHash stored = new SecretHash(hashAtRest(service, key));
            service.memory().rehash(key.publicId(), stored, new SecretHash("$argon2id$v=19$broken"));

            assertThat(service.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 257})
    void lookup_ofAnImpossibleLength_isRefused(int length) {
        try (service) {
            assertThatThrownBy(() -> ImportedToken.of("x".repeat(length), hash(SECRET)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 256");
        }
    }

    @Test
    void everyOtherSpelling_isRefused() {
        try (service) {
            importKey();
            accepts(TOKEN);
            for (int at = 0; at < TOKEN.length(); at++) {
                for (char other : new char[] {'!', 'é', '\u0130', ' ', '\n'}) {
                    String changed = TOKEN.substring(0, at) + other + TOKEN.substring(at + 1);
                    assertThat(service.keys().verify(changed))
                            .as("%d %d", at, (int) other)
                            .isInstanceOf(Verification.Rejected.class);
                }
                assertThat(service.keys().verify(TOKEN.substring(0, at))).isInstanceOf(Verification.Rejected.class);
            }
            for (String malformed : List.of("acme_.x", "acme_x.", "acme_", "acme_x", TOKEN + "x".repeat(256))) {
                assertThat(service.keys().verify(malformed)).isEqualTo(rejected(Rejection.MALFORMED));
            }
        }
    }

    @Test
    void splitter_seesNeitherOwnTokensNorOverlongOnes_andMayThrow() {
        AtomicInteger asked = new AtomicInteger();
        try (service;
                TestKeys throwing = service(presented -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException(presented);
                })) {
            IssuedKey own = throwing.issue();
            assertThat(throwing.verify(own)).isInstanceOf(Verification.Accepted.class);
            throwing.keys().verify("x".repeat(257));
            throwing.keys().verify(null);
            assertThat(asked).hasValue(0);

            assertThat(throwing.keys().verify(TOKEN)).isEqualTo(rejected(Rejection.MALFORMED));
            assertThat(throwing.keys().verify(" ")).isEqualTo(rejected(Rejection.MISSING));
            assertThat(throwing.keys().tokenFormat().claims(TOKEN)).isFalse();
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void tokens_ofTheOtherSystem_areClaimed() {
        try (service) {
            assertThat(service.keys().tokenFormat().claims(TOKEN)).isTrue();
            assertThat(service.keys().tokenFormat().claims("acme_" + LOOKUP)).isFalse();
            assertThat(TokenFormat.DEFAULT.claims(TOKEN)).isFalse();
        }
        assertThatThrownBy(() -> ImportedTokens.separated("", '.'))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefix");
    }

    @Test
    void texts_showNoSecretAndNoHash() {
        assertThat(new ImportedTokens.Parts(LOOKUP, SECRET).toString())
                .contains(LOOKUP)
                .doesNotContain(SECRET);
        assertThat(token().toString()).contains(LOOKUP).doesNotContain("$2b");
        service.close();
    }

    private ApiKey importKey() {
        return service.keys().importKey(spec(), token());
    }

    private void accepts(String token) {
        assertThat(service.keys().verify(token)).isInstanceOf(Verification.Accepted.class);
    }

    private TestKeys service(ImportedTokens imported) {
        return new TestKeys(settings -> {
            settings.tokenFormat(format(imported));
            settings.passwordHashing(hashing);
        });
    }

    static TokenFormat format(ImportedTokens imported) {
        return TokenFormat.builder().alsoAccept(imported).build();
    }

    static ImportedToken token() {
        return ImportedToken.of(LOOKUP, hash(SECRET));
    }

    static String hash(String secret) {
        return BCRYPT.hash(secret).getResult();
    }

    private static String hashAtRest(TestKeys service, ApiKey key) {
        return service.memory()
                .findCredential(key.publicId())
                .orElseThrow()
                .hash()
                .encoded();
    }

    private static Object keyIdOf(Verification verification) {
        return verification instanceof Verification.Accepted accepted
                ? accepted.principal().keyId()
                : verification;
    }
}
