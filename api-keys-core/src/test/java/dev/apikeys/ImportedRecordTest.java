package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.TestKeys;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A key that a store can't keep is one refused line, and no end of the import. */
class ImportedRecordTest {
    private static final ApiKey KEY = new SampleKey().build();
    private static final Instant NOW = SampleKey.NOW;

    private static ExportedKey.Token token(String publicId, String hash) {
        return new ExportedKey.Token(publicId, new SecretHash(hash), null);
    }

    /** A key with this public id and hash. */
    private static ExportedKey key(String publicId, String hash) {
        return new ExportedKey(new SampleKey().publicId(publicId).build(), List.of(token(publicId, hash)));
    }

    private static ExportedKey hashed(String hash) {
        return key(SampleKey.randomPublicId(), hash);
    }

    /** The key with other values, which no method of the library gives it. */
    private static ExportedKey changed(
            String name, List<IpRange> allowedFrom, Revocation revocation, String createdBy, long version) {
        ApiKey changed = new ApiKey(
                KEY.id(),
                KEY.publicId(),
                KEY.kind(),
                KEY.owner(),
                name,
                KEY.grant(),
                allowedFrom,
                KEY.options(),
                NOW,
                createdBy,
                null,
                null,
                revocation,
                null,
                KEY.mcpSessions(),
                version);
        return new ExportedKey(changed, List.of(token(KEY.publicId(), "sha256$00")));
    }

    static Stream<Arguments> broken() {
        List<IpRange> many = Collections.nCopies(501, IpRange.parse("10.0.0.0/8"));
        ExportedKey.Token current = token(KEY.publicId(), "sha256$00");
        ExportedKey.Token earlier = new ExportedKey.Token("00112233445566778899aabb", new SecretHash("sha256$00"), NOW);
        return Stream.of(
                Arguments.of(key("", "sha256$00"), "public id"),
                Arguments.of(key("0011", "sha256$00"), "public id"),
                Arguments.of(key("00112233445566778899aabbcc", "sha256$00"), "public id"),
                Arguments.of(key("00112233445566778899AABB", "sha256$00"), "public id"),
                Arguments.of(key("0011223344556677'99aabb'", "sha256$00"), "public id"),
                Arguments.of(hashed(""), "1 to 512 visible ASCII"),
                Arguments.of(hashed("$2b$" + "x".repeat(509)), "1 to 512 visible ASCII"),
                Arguments.of(hashed("$2b$\u0131"), "1 to 512 visible ASCII"),
                Arguments.of(hashed("$2b$ x"), "1 to 512 visible ASCII"),
                Arguments.of(hashed("$2b$\nx"), "1 to 512 visible ASCII"),
                Arguments.of(new ExportedKey(KEY, List.of(current, earlier, earlier)), "same public id"),
                Arguments.of(changed("", List.of(), null, "alice", 1), "name"),
                Arguments.of(changed("n".repeat(256), List.of(), null, "alice", 1), "name"),
                Arguments.of(changed("a\0b", List.of(), null, "alice", 1), "name"),
                Arguments.of(changed("CRM", many, null, "alice", 1), "at most 500"),
                Arguments.of(changed("CRM", List.of(), new Revocation(NOW, "b".repeat(256), ""), "alice", 1), "actor"),
                Arguments.of(changed("CRM", List.of(), null, "b".repeat(256), 1), "actor"),
                Arguments.of(changed("CRM", List.of(), null, "alice", 0), "version"),
                Arguments.of(changed("CRM", List.of(), null, "alice", -1), "version"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void exportedKey_thatAStoreCantKeep_isRefused_andTheOthersAreImported(ExportedKey broken, String reason) {
        try (TestKeys service = new TestKeys()) {
            for (ImportOptions options : List.of(ImportOptions.DEFAULT.dryRun(), ImportOptions.DEFAULT)) {
                ImportReport report = service.keys()
                        .transfer()
                        .importKeys(
                                Stream.of(hashed("sha256$01"), broken, hashed("sha256$02")), ImportedKey::of, options);

                assertThat(report.imported()).isEqualTo(2);
                assertThat(report.firstRefused()).singleElement().satisfies(refused -> {
                    assertThat(refused.line()).isEqualTo(2);
                    assertThat(refused.reason()).contains(reason).doesNotContain("$2b");
                });
            }
        }
    }

    /** PostgreSQL keeps no NUL. */
    @Test
    void foreignKey_usedFromAnAddressWithAControlCharacter_isRefused_andTheOthersAreImported() {
        assertSecondIsRefused(
                Stream.of("192.0.2.1", "192.0.2.2\0", "192.0.2.33"),
                (key, address) -> key.lastUsed(new ApiKey.LastUse(NOW, address)));
    }

    /** The host says who revoked a key of another system. */
    @Test
    void foreignKey_revokedBySomebodyWithATooLongId_isRefused_andTheOthersAreImported() {
        assertSecondIsRefused(
                Stream.of("bob", "b".repeat(256), "carl"), (key, by) -> key.revoked(new Revocation(NOW, by, "")));
    }

    /** Imports keys of another system with these values, each of another length. */
    private static void assertSecondIsRefused(
            Stream<String> values, BiFunction<ImportedKey, String, ImportedKey> change) {
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(ImportedTokens.separated("acme_", '.'))
                .build();
        try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(format))) {
            ImportReport report = service.keys()
                    .transfer()
                    .importKeys(
                            values,
                            value -> change.apply(
                                    ImportedKey.of(spec(), ImportedToken.sha256("k" + value.length(), "0".repeat(64))),
                                    value),
                            ImportOptions.DEFAULT);

            assertThat(report.imported()).isEqualTo(2);
            assertThat(report.firstRefused())
                    .extracting(ImportReport.Refused::line)
                    .containsExactly(2L);
        }
    }
}
