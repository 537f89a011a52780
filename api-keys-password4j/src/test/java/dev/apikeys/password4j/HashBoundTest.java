package dev.apikeys.password4j;

import static dev.apikeys.password4j.ImportedKeyTest.format;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ImportOptions;
import dev.apikeys.ImportReport;
import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedKey;
import dev.apikeys.ImportedToken;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Rejection;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StepUp.Password;
import dev.apikeys.spi.StepUp.Result;
import dev.apikeys.testkit.TestKeys;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat T13: a hash says itself how much work it is. None of them holds a core for ever, and none has no input. */
class HashBoundTest {
    private static final String BCRYPT = "N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    private static final String SALT = "c29tZXNhbHRzb21lc2FsdA";
    private static final String HASH = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=";

    private final Password4jHashing hashing = new Password4jHashing();

    private static String argon2(String parameters) {
        return "$argon2id$" + parameters + "$" + SALT + "$" + HASH;
    }

    /** The parameters of scrypt in hexadecimal, or of PBKDF2 with its number. */
    private static String other(String parameters) {
        return "$" + parameters + "$" + SALT + "==$" + HASH;
    }

    private static String pbkdf2(long iterations) {
        return other("3$" + ((iterations << 32) | 256));
    }

    @ParameterizedTest
    @CsvSource({
        "04, bcrypt",
        "16, bcrypt",
        "'v=19,m=8,t=1,p=1', argon2",
        "'v=16,m=16,t=64,p=1', argon2",
        "'v=19,m=512,t=1,p=64', argon2",
        "'v=19,m=102400,t=2,p=8', argon2",
        "10101, other",
        "100801, other",
        "e0801, other",
        "d080a, other",
        "1, pbkdf2",
        "10000000, pbkdf2"
    })
    void hash_withinTheBounds_isSupported(String parameters, String kind) {
        String hash = made(parameters, kind);
        assertThat(hashing.supports(hash)).isTrue();
        assertThat(hashing.whyUnsupported(hash)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "03, bcrypt, 'bcrypt has a cost of 4 to 16 here, not 3'",
        "17, bcrypt, 'bcrypt has a cost of 4 to 16 here, not 17'",
        "31, bcrypt, not 31",
        "99, bcrypt, not 99",
        "'v=19,m=8,t=0,p=1', argon2, 'passes (t) of 1 to 64 here, not 0'",
        "'v=19,m=8,t=65,p=1', argon2, not 65",
        "'v=19,m=8,t=2147483647,p=1', argon2, not 2147483647",
        "'v=19,m=8,t=9999999999,p=1', argon2, not 9999999999",
        "'v=19,m=8,t=1,p=0', argon2, 'lanes (p) of 1 to 64 here, not 0'",
        "'v=19,m=1024,t=1,p=65', argon2, not 65",
        "'v=19,m=7,t=1,p=1', argon2, 'memory in KiB (m) of 8 to'",
        "'v=19,m=15,t=1,p=2', argon2, each lane (m/p) of 8 to",
        "'v=19,m=200000000,t=1,p=1', argon2, not 200000000",
        "'v=19,m=4294967295,t=1,p=1', argon2, not 4294967295",
        "'v=19,m=131072,t=33,p=1', argon2, 'passes (m·t) of 8 to 4194304 here, not 4325376'",
        "'v=0,m=8,t=1,p=1', argon2, 'version 16 or 19, not 0'",
        "'v=18,m=8,t=1,p=1', argon2, 'version 16 or 19, not 18'",
        "801, other, ''",
        "00801, other, 'exponent of N of 1 to 23 here, not 0'",
        "180101, other, not 24",
        "ffff0801, other, not 65535",
        "100001, other, 'block size (r) of 1 to 255 here, not 0'",
        "100800, other, 'parallelization (p) of 1 to 255 here, not 0'",
        "170802, other, '128·N·r·p'",
        "0, pbkdf2, 'iterations times blocks of 1 to 10000000 here, not 0'",
        "10000001, pbkdf2, not 10000001",
        "2147483647, pbkdf2, not 2147483647"
    })
    void hash_outOfBounds_isNotSupported_andTheReasonSaysWhat(String parameters, String kind, String reason) {
        String hash = made(parameters, kind);
        assertThat(hashing.supports(hash)).isFalse();
        assertThat(hashing.whyUnsupported(hash).orElse("")).contains(reason).doesNotContain(SALT, HASH, BCRYPT);
        assertThat(new PasswordStepUp(user -> Optional.of(hash)).prove("alice", Password.of("x")))
                .isEqualTo(Result.UNAVAILABLE);
    }

    private static String made(String parameters, String kind) {
        return switch (kind) {
            case "bcrypt" -> "$2b$" + parameters + "$" + BCRYPT;
            case "argon2" -> argon2(parameters.replaceFirst(",", "\\$"));
            case "pbkdf2" -> pbkdf2(Long.parseLong(parameters));
            default -> other(parameters);
        };
    }

    /** The blocks of a long output are computed one after the other: four of them with SHA-1 and 64 bytes. */
    @Test
    void pbkdf2_ofManyBlocks_hasFewerIterations() {
        String output = "A".repeat(86) + "==";
        assertThat(hashing.supports("$1$" + ((2_500_000L << 32) | 512) + "$" + SALT + "==$" + output))
                .isTrue();
        assertThat(hashing.whyUnsupported("$1$" + ((2_500_001L << 32) | 512) + "$" + SALT + "==$" + output))
                .hasValueSatisfying(reason -> assertThat(reason).contains("not 10000004"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$1$saltstri$abcdefghijklmnopqrstuv",
                "$5$rounds=5000$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8",
                "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8",
                "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1"
            })
    void hash_ofCrypt_isRefusedByName(String hash) {
        assertThat(hashing.supports(hash)).isFalse();
        assertThat(hashing.whyUnsupported(hash))
                .contains(hash.substring(0, 3) + " is a hash of crypt with MD5 or SHA-2");
    }

    /** No input has them: the salt is empty, or bits are set that no bcrypt sets. */
    @Test
    void hash_thatNoInputHas_isNotSupported() {
        assertThat(hashing.supports(other("3$" + ((1L << 32) | 256)).replace(SALT + "==", "")))
                .isFalse();
        for (String last : List.of("z", "/")) {
            assertThat(hashing.supports("$2b$04$" + BCRYPT.substring(0, BCRYPT.length() - 1) + last))
                    .isFalse();
            assertThat(hashing.supports("$2b$04$" + BCRYPT.substring(0, 21) + last + BCRYPT.substring(22)))
                    .isFalse();
        }
    }

    @Test
    void line_withAHashOutOfBounds_isRefusedWithTheReason_andTheOthersAreImported() {
        ImportedForm form = ImportedForm.djangoRestFrameworkApiKey();
        try (TestKeys service =
                new TestKeys(settings -> settings.passwordHashing(hashing).tokenFormat(format(form.tokens())))) {
            Stream<String> hashes = Stream.of(
                    "pbkdf2_sha256$999999999$salt$" + HASH, "bcrypt$$2b$31$" + BCRYPT, "bcrypt$$2b$04$" + BCRYPT);

            ImportReport report = service.keys()
                    .transfer()
                    .importKeys(
                            hashes,
                            hash -> ImportedKey.of(
                                    KeySpec.forUser("u")
                                            .named(hash.substring(0, 9))
                                            .mode(Mode.READ),
                                    form.token("Jk3vBq8Z", hash)),
                            ImportOptions.DEFAULT);

            assertThat(report.imported()).isEqualTo(1);
            assertThat(report.firstRefused())
                    .extracting(ImportReport.Refused::reason)
                    .containsExactly(
                            "the password hash of the imported token isn't supported: PBKDF2 has a number of iterations"
                                    + " times blocks of 1 to 10000000 here, not 999999999; it isn't shown here",
                            "the password hash of the imported token isn't supported: bcrypt has a cost of 4 to 16 here, not"
                                    + " 31; it isn't shown here");
        }
    }

    /** A key that an earlier version imported is rejected, and holds nobody up. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void token_ofAHashThatWouldNeverEnd_isRejectedAtOnce() {
        try (TestKeys service = new TestKeys(settings -> settings.passwordHashing(new GatedHashing())
                .tokenFormat(format(ImportedTokens.separated("acme_", '.'))))) {
            String id = service.keys()
                    .importKey(TestKeys.spec(), ImportedToken.of("k1", "$2b$04$" + BCRYPT))
                    .publicId();
            SecretHash stored =
                    service.memory().findCredential(id).orElseThrow().hash();
            service.memory().rehash(id, stored, new SecretHash("$2b$31$" + BCRYPT));

            assertThat(service.keys().verify("acme_k1.secret")).isEqualTo(TestKeys.rejected(Rejection.SECRET_MISMATCH));
        }
    }

    @Test
    void heapOf256MiB_takesUsualHashes() {
        long usual = 64L << 20;
        // What a collector that keeps a part for itself tells.
        assertThat(HashBound.mostMemory(247L << 20)).isGreaterThan(usual);
        assertThat(HashBound.mostMemory(8L << 30)).isEqualTo(1L << 30);
    }
}
