package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.HashCount;
import dev.apikeys.ImportOptions;
import dev.apikeys.ImportReport;
import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedKey;
import dev.apikeys.ImportedToken;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Pepper;
import dev.apikeys.TokenDigest;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.password4j.Password4jHashing;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.ImportedTokens;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The snippets of the guide's page about moving, run with tables as the other systems make them. */
class GuideMoveTest {
    private final ApiKeyStore store = new InMemoryApiKeyStore();

    /** A row of {@code personal_access_tokens}. */
    private record SanctumRow(
            String id,
            String userId,
            String name,
            String token,
            @Nullable Instant lastUsedAt,
            @Nullable Instant expiresAt,
            Instant createdAt) {}

    /** A row of {@code rest_framework_api_key_apikey}. */
    private record DjangoRow(String prefix, String hashedKey, String name, boolean revoked, Instant created) {}

    @Test
    void sanctumTable_moved_keepsItsTokensWorking() throws Exception {
        List<SanctumRow> rows = sanctumTable();
        Pepper pepper = Pepper.of("2026", new byte[32]);
        // tag::sanctum[]
        ImportedForm sanctum = ImportedForm.laravelSanctum();
        KeyService keys = KeyService.builder(store)
                .pepper(pepper)
                .tokenFormat(TokenFormat.builder().alsoAccept(sanctum.tokens()).build())
                .build();

        ImportReport report = keys.transfer()
                .importKeys(
                        rows.stream(),
                        row -> {
                            ImportedKey key = ImportedKey.of(
                                            KeySpec.forUser(row.userId())
                                                    .named(row.name())
                                                    .mode(Mode.WRITE),
                                            sanctum.token(row.id(), row.token()))
                                    .createdAt(row.createdAt())
                                    .beyondLimit();
                            if (row.lastUsedAt() != null) {
                                key = key.lastUsed(new LastUse(row.lastUsedAt(), null));
                            }
                            return row.expiresAt() == null ? key.neverExpires() : key.expiresAt(row.expiresAt());
                        },
                        ImportOptions.DEFAULT.onProgress(so -> System.out.println(so.lines() + " lines")));
        report.firstRefused().forEach(line -> System.out.println("line " + line.line() + ": " + line.reason()));
        // end::sanctum[]
        assertThat(report).isEqualTo(new ImportReport(3, 2, 0, 1, report.firstRefused()));
        assertThat(report.firstRefused()).singleElement().satisfies(line -> {
            assertThat(line.line()).isEqualTo(3);
            assertThat(line.reason())
                    .isEqualTo("MD5 is broken: two inputs with one hash can be made. Hashes of it aren't imported;"
                            + " issue these keys anew");
        });
        assertThat(keys.verify("4772|VSwn9FCqLFivSUGJKMukhq7kcrnXDK8h6JQmleJX97994aca"))
                .isInstanceOf(Verification.Accepted.class);
        keys.flush();
        // tag::hash-counts[]
        for (HashCount count : keys.transfer().hashCounts()) {
            System.out.println(count.scheme() + " " + count.pepperId() + ": " + count.tokens());
        }
        // end::hash-counts[]
        assertThat(keys.transfer().hashCounts())
                .containsExactly(
                        new HashCount("hmac-sha256", "2026", 1),
                        new HashCount("imported sha256 hmac-sha256", "2026", 1));
        keys.close();
    }

    @Test
    void djangoTable_moved_keepsItsTokensWorking() throws Exception {
        List<DjangoRow> rows = djangoTable();
        // tag::django[]
        ImportedForm django = ImportedForm.djangoRestFrameworkApiKey();
        KeyService keys = KeyService.builder(store)
                .tokenFormat(TokenFormat.builder().alsoAccept(django.tokens()).build())
                .passwordHashing(new Password4jHashing()) // keys of versions before 3 have a PBKDF2 or Argon2 hash
                .build();

        ImportReport report = keys.transfer()
                .importKeys(
                        rows.stream(),
                        row -> {
                            ImportedKey key = ImportedKey.of(
                                            KeySpec.forOrganization("org_1")
                                                    .named(row.name())
                                                    .mode(Mode.READ),
                                            django.token(row.prefix(), row.hashedKey()))
                                    .createdAt(row.created())
                                    .neverExpires()
                                    .beyondLimit();
                            return row.revoked()
                                    ? key.revoked(new Revocation(row.created(), "django", "revoked before the move"))
                                    : key;
                        },
                        ImportOptions.DEFAULT);
        // end::django[]
        assertThat(report.imported()).isEqualTo(3);
        assertThat(keys.verify("Jk3vBq8Z.sT5nWx0hYc7RmD2pQe9LaGf4UoVi6KtE")).isInstanceOf(Verification.Accepted.class);
        keys.flush();
        assertThat(keys.transfer().hashCounts())
                .containsExactly(new HashCount("generated", null, 1), new HashCount("sha256", null, 1));
        keys.close();
    }

    @Test
    void formOfYourOwn() {
        // tag::own-form[]
        // acme_live_<id>.<secret>, and the table has sha256(salt + secret) in hexadecimal
        ImportedForm acme = ImportedForm.of(
                ImportedTokens.separated("acme_live_", '.'),
                TokenDigest.sha256().saltBefore("pinch-of-salt"));

        // acme_test_<secret>, and the table has the SHA-256 of the whole token
        ImportedForm acmeTest = ImportedForm.wholeToken("acme_test_", TokenDigest.sha256());
        // end::own-form[]
        assertThat(acme.isFoundByHash()).isFalse();
        assertThat(acmeTest.isFoundByHash()).isTrue();
    }

    @Test
    void saltOfEachRow() {
        ImportedTokens tokens = ImportedTokens.separated("acme_live_", '.');
        TestRow row =
                new TestRow("k17", "pinch-of-salt", "d87162375736c213c4ed32bc94a6b421844f4706626c7d0180183b8265af3dae");
        try (KeyService keys = KeyService.builder(store)
                .tokenFormat(TokenFormat.builder().alsoAccept(tokens).build())
                .build()) {
            KeySpec spec = KeySpec.forUser("alice").named("CRM").mode(Mode.READ);
            // tag::row-salt[]
            ImportedToken token = ImportedToken.digested(
                    row.id(), row.hash(), TokenDigest.sha256().saltBefore(row.salt()));
            // end::row-salt[]
            keys.transfer().importKeys(Stream.of(ImportedKey.of(spec, token)), ImportOptions.DEFAULT);
            assertThat(keys.verify("acme_live_k17.Zb3kR7qT0wYx5vNc8LmH2gJd")).isInstanceOf(Verification.Accepted.class);
        }
    }

    /** A row of a table with a salt in each row. */
    private record TestRow(String id, String salt, String hash) {}

    @Test
    void otherDatabase() {
        ApiKeyStore otherStore = new InMemoryApiKeyStore();
        try (KeyService keys = KeyService.builder(store).build();
                KeyService other = KeyService.builder(otherStore).build()) {
            String token = keys.issue(KeySpec.forUser("alice").named("CRM").mode(Mode.READ))
                    .token()
                    .reveal();
            // tag::export[]
            ImportReport report = other.transfer()
                    .importKeys(keys.transfer().exportKeys().map(ImportedKey::of), ImportOptions.DEFAULT);
            // end::export[]
            assertThat(report.imported()).isEqualTo(1);
            assertThat(other.verify(token)).isInstanceOf(Verification.Accepted.class);
            assertThat(other.listAll(KeyFilter.everything())).hasSize(1);
        }
    }

    private static List<SanctumRow> sanctumTable() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE personal_access_tokens (id BIGINT, tokenable_type VARCHAR(255),"
                    + " tokenable_id BIGINT, name VARCHAR(255), token VARCHAR(64), abilities VARCHAR(255),"
                    + " last_used_at TIMESTAMP, expires_at TIMESTAMP, created_at TIMESTAMP)");
            statement.execute("INSERT INTO personal_access_tokens VALUES"
                    + " (4772, 'App\\Models\\User', 7, 'mobile app',"
                    + " 'dc47cfc2d4371e9477781b5b4a2fef7771750864cfb7bb22870f37a63f86b62a', '[\"*\"]',"
                    + " TIMESTAMP '2026-01-02 03:04:05', NULL, TIMESTAMP '2024-01-02 03:04:05'),"
                    + " (4773, 'App\\Models\\User', 8, 'CI',"
                    + " 'ef9bce4065702f8a9a1c2cfc47baaf0f07f971c2e8f67c033dbc90455e453e8a', '[\"*\"]',"
                    + " NULL, TIMESTAMP '2099-01-02 03:04:05', TIMESTAMP '2024-01-02 03:04:05'),"
                    + " (4774, 'App\\Models\\User', 9, 'very old', 'd41d8cd98f00b204e9800998ecf8427e', '[\"*\"]',"
                    + " NULL, NULL, TIMESTAMP '2014-01-02 03:04:05')");
            List<SanctumRow> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("SELECT * FROM personal_access_tokens ORDER BY id")) {
                while (row.next()) {
                    rows.add(new SanctumRow(
                            row.getString("id"),
                            row.getString("tokenable_id"),
                            row.getString("name"),
                            row.getString("token"),
                            instant(row.getTimestamp("last_used_at")),
                            instant(row.getTimestamp("expires_at")),
                            row.getTimestamp("created_at").toInstant()));
                }
            }
            return rows;
        }
    }

    private static List<DjangoRow> djangoTable() {
        Instant created = Instant.parse("2023-04-05T06:07:08Z");
        String pbkdf2 = "pbkdf2_sha256$1000$dJ4kSaltvaluePq0$nGblkTxBpcbnjm2dZjoaPTD5CLzLfW7ygIjK9dq4tsU=";
        return List.of(
                new DjangoRow(
                        "Jk3vBq8Z",
                        "sha512$$43005be4b49b03757d7c1864bbfb695b231e525b350e79c2aad98ed11d168c92"
                                + "dea80abc44b8190b04feac255d3a6d650533618d658be1af7c0c333e6bd0cdd5",
                        "billing",
                        false,
                        created),
                new DjangoRow("aaaaaaaa", pbkdf2, "reports", false, created),
                new DjangoRow("bbbbbbbb", pbkdf2, "lost", true, created));
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
