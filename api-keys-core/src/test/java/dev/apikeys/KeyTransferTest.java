package dev.apikeys;

import static dev.apikeys.ImportedFormTest.hashAtRest;
import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.rejected;
import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many keys, from another system and from another database. */
class KeyTransferTest {
    private static final TokenFormat FORMAT = TokenFormat.builder()
            .alsoAccept(ImportedTokens.separated("acme_", '.'))
            .build();
    private static final String SECRET = "Zb3kR7qT0wYx5vNc8LmH2gJd";

    private final TestKeys service = new TestKeys(settings -> settings.tokenFormat(FORMAT));
    private final KeyTransfer transfer = service.keys().transfer();

    @Test
    void import_startedAgain_findsDuplicatesAndImportsTheRest() {
        try (service) {
            List<ImportedKey> keys = keys(2_500);
            transfer.importKeys(keys.stream().limit(1_700), ImportOptions.DEFAULT);

            ImportReport report = transfer.importKeys(keys.stream(), ImportOptions.DEFAULT.batchSize(400));

            assertThat(report).isEqualTo(new ImportReport(2_500, 800, 1_700, 0, List.of()));
            assertThat(transfer.importKeys(keys.stream(), ImportOptions.DEFAULT).duplicates())
                    .isEqualTo(2_500);
        }
    }

    @Test
    void import_thatTheStoreStops_keepsTheBatchesBefore_andGoesOn() {
        try (service) {
            List<Long> imported = new ArrayList<>();
            List<ImportedKey> keys = keys(1_000);
            service.store().before(StoreCall.IMPORT_KEYS, arguments -> {
                if (imported.size() == 3) {
                    throw new StoreUnavailableException("away");
                }
            });
            ImportOptions options =
                    ImportOptions.DEFAULT.batchSize(100).onProgress(report -> imported.add(report.imported()));
            assertThatThrownBy(() -> transfer.importKeys(keys.stream(), options))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(imported).containsExactly(100L, 200L, 300L);
            service.store().heal();

            assertThat(transfer.importKeys(keys.stream(), ImportOptions.DEFAULT))
                    .isEqualTo(new ImportReport(1_000, 700, 300, 0, List.of()));
        }
    }

    @Test
    void dryRun_writesNothingAndReportsTheSame() {
        try (service) {
            transfer.importKeys(keys(10).stream(), ImportOptions.DEFAULT);
            List<ImportedKey> keys = keys(30);

            ImportReport tried = transfer.importKeys(keys.stream(), ImportOptions.DEFAULT.dryRun());

            assertThat(tried).isEqualTo(new ImportReport(30, 20, 10, 0, List.of()));
            assertThat(service.keys().listAll(KeyFilter.everything())).hasSize(10);
            assertThat(transfer.importKeys(keys.stream(), ImportOptions.DEFAULT))
                    .isEqualTo(tried);
        }
    }

    @Test
    void sameTokenTwiceInAFile_isImportedOnce() {
        try (service) {
            assertThat(transfer.importKeys(Stream.of(key(1), key(2), key(1), key(1)), ImportOptions.DEFAULT))
                    .isEqualTo(new ImportReport(4, 2, 2, 0, List.of()));
        }
    }

    @Test
    void key_pastTheLimit_isRefusedUnlessTheLimitIsPassedExplicitly() {
        try (service) {
            KeySpec spec = KeySpec.forUser("alice").named("CRM").mode(Mode.READ);
            Function<Integer, ImportedKey> key = i -> ImportedKey.of(spec, token(i));

            ImportReport report = transfer.importKeys(IntStream.range(0, 7).boxed(), key, ImportOptions.DEFAULT);
            assertThat(report.imported()).isEqualTo(5);
            assertThat(report.firstRefused())
                    .extracting(ImportReport.Refused::line)
                    .containsExactly(6L, 7L);
            assertThat(report.firstRefused().get(0).reason()).contains("as many active keys");

            assertThat(transfer.importKeys(
                            IntStream.range(0, 7).boxed(), i -> key.apply(i).beyondLimit(), ImportOptions.DEFAULT))
                    .isEqualTo(new ImportReport(7, 2, 5, 0, List.of()));
            assertThatThrownBy(() -> service.keys().issue(spec)).isInstanceOf(KeyLimitExceededException.class);
        }
    }

    @Test
    void history_ofAKey_isKept() {
        try (service) {
            Instant now = service.clock().instant();
            Instant created = now.minus(Duration.ofDays(2_000));
            Revocation revocation = new Revocation(now.minusSeconds(9), "bob", "lost");
            LastUse use = new LastUse(now.minusSeconds(20), "192.0.2.7");
            ImportedKey usual = key(1).createdAt(created).lastUsed(use);
            ImportReport report = transfer.importKeys(
                    Stream.of(
                            usual.neverExpires(),
                            key(2).expiresAt(now.minusSeconds(5)),
                            key(3).revoked(revocation),
                            key(4).pausedAt(now.minusSeconds(5)),
                            key(5).expiresAt(now.plus(Duration.ofDays(10_000))),
                            ImportedKey.of(
                                    KeySpec.forUser("zoe")
                                            .named("CRM")
                                            .mode(Mode.READ)
                                            .createdBy(Actor.of("carl")),
                                    token(6))),
                    ImportOptions.DEFAULT);
            assertThat(report.imported()).isEqualTo(6);

            ApiKey first = found(1);
            assertThat(first.createdAt()).isEqualTo(created);
            assertThat(first.expiresAt()).isNull();
            assertThat(first.lastUse()).isEqualTo(use);
            assertThat(service.keys().verify(tokenOf(1))).isInstanceOf(Verification.Accepted.class);
            assertThat(service.keys().verify(tokenOf(2))).isEqualTo(rejected(Rejection.EXPIRED));
            assertThat(service.keys().verify(tokenOf(3))).isEqualTo(rejected(Rejection.REVOKED));
            assertThat(found(3).revocation()).isEqualTo(revocation);
            assertThat(service.keys().verify(tokenOf(4))).isEqualTo(rejected(Rejection.PAUSED));
            assertThat(found(5).expiresAt()).isEqualTo(now.plus(Duration.ofDays(10_000)));
            assertThat(found(6).createdBy()).isEqualTo("carl");
            assertThat(found(6).expiresAt()).isEqualTo(now.plus(KeyPolicy.DEFAULT.defaultLifetime()));
        }
    }

    @Test
    void spec_thatThePolicyRefuses_isRefusedWithoutAnExplicitWord() {
        try (service) {
            ImportReport report = transfer.importKeys(
                    Stream.of(
                            ImportedKey.of(spec().neverExpires(), token(1)),
                            ImportedKey.of(spec().expiresIn(Duration.ofDays(10_000)), token(2)),
                            ImportedKey.of(KeySpec.forUser("alice").mode(Mode.READ), token(3))),
                    ImportOptions.DEFAULT);
            assertThat(report.firstRefused())
                    .extracting(ImportReport.Refused::reason)
                    .satisfiesExactly(
                            reason -> assertThat(reason).contains("must expire"),
                            reason -> assertThat(reason).contains("365 days"),
                            reason -> assertThat(reason).contains("name"));
        }
    }

    @Test
    void owner_whoIsSuspended_getsNoActiveKey_butKeepsEndedOnes() {
        try (service) {
            service.owners().suspend(Owner.user("user1"));
            ImportReport report = transfer.importKeys(
                    Stream.of(
                            key(1),
                            key(1).revoked(new Revocation(service.clock().instant(), "bob", ""))),
                    ImportOptions.DEFAULT);
            assertThat(report.imported()).isEqualTo(1);
            assertThat(report.firstRefused())
                    .extracting(ImportReport.Refused::line)
                    .containsExactly(1L);
        }
    }

    @Test
    void reason_ofAnExceptionThatMayQuoteTheLine_isItsClassOnly() {
        try (service) {
            ImportReport report = transfer.importKeys(
                    Stream.of("secret17"), line -> key(Integer.parseInt(line)), ImportOptions.DEFAULT);
            assertThat(report.firstRefused())
                    .containsExactly(new ImportReport.Refused(1, "the line can't be read: NumberFormatException"));
        }
    }

    @Test
    void reason_thatQuotesSomethingAsLongAsASecret_isMasked() {
        try (service) {
            String hash = Hex.encode(TokenDigest.sha256().of(SECRET));
            ImportReport report = transfer.importKeys(
                    Stream.of(
                            () -> UUID.fromString(hash),
                            () -> Mode.valueOf(SECRET),
                            () -> Base64.getDecoder().decode(hash + "!"),
                            () -> {
                                throw new IllegalArgumentException("no user for " + SECRET + "; see the list");
                            }),
                    (Runnable line) -> {
                        line.run();
                        return key(1);
                    },
                    ImportOptions.DEFAULT);
            assertThat(report.refused()).isEqualTo(4);
            assertThat(report.toString()).doesNotContain(hash).doesNotContain(SECRET);
            assertThat(report.firstRefused().get(3).reason()).isEqualTo("no user for ***; see the list");
        }
    }

    @Test
    void sameTokenWithAnotherSecret_isRefused_inTheSameFileAndLater() {
        try (service) {
            ImportedKey first = key(1);
            ImportedKey other = ImportedKey.of(
                    KeySpec.forUser("user1").named("CRM").mode(Mode.READ),
                    ImportedToken.sha256("k1", Hex.encode(TokenDigest.sha256().of(SECRET + 2))));
            for (ImportOptions options :
                    List.of(ImportOptions.DEFAULT.dryRun(), ImportOptions.DEFAULT, ImportOptions.DEFAULT)) {
                ImportReport report = transfer.importKeys(Stream.of(first, first, other), options);
                assertThat(report.imported() + report.duplicates()).isEqualTo(2);
                assertThat(report.firstRefused()).singleElement().satisfies(refused -> {
                    assertThat(refused.line()).isEqualTo(3);
                    assertThat(refused.reason()).contains("another secret");
                });
            }
            assertThat(service.keys().verify(tokenOf(1))).isInstanceOf(Verification.Accepted.class);
            assertThat(service.keys().verify("acme_k1." + SECRET + 2)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        }
    }

    @Test
    void report_keepsTheFirstThousandRefusedLines_andTellsAll() {
        try (service) {
            List<ImportReport.Refused> told = new ArrayList<>();
            ImportReport report = transfer.importKeys(
                    IntStream.range(0, 1_500).boxed(),
                    i -> {
                        throw new IllegalArgumentException("no " + i);
                    },
                    ImportOptions.DEFAULT.onRefused(told::add));
            assertThat(report.refused()).isEqualTo(1_500);
            assertThat(report.firstRefused()).hasSize(ImportReport.MAX_REFUSED);
            assertThat(told).hasSize(1_500);
        }
    }

    @Test
    void stream_isClosed() {
        try (service) {
            List<String> closed = new ArrayList<>();
            transfer.importKeys(Stream.of(key(1)).onClose(() -> closed.add("closed")), ImportOptions.DEFAULT);
            assertThat(closed).containsExactly("closed");
        }
    }

    @Test
    void exportedKeys_inAnotherDatabase_workWithTheirTokens() {
        try (service;
                TestKeys other = new TestKeys(settings -> settings.tokenFormat(FORMAT))) {
            IssuedKey own = service.issue();
            IssuedKey rotated = service.keys().rotate(TestKeys.ref(own), ACTOR);
            IssuedKey revoked = service.issue();
            service.keys().revoke(TestKeys.ref(revoked), ACTOR, "lost");
            transfer.importKeys(keys(1_500).stream(), ImportOptions.DEFAULT);
            service.keys().verify(tokenOf(1));
            service.keys().flush();
            other.clock().set(service.clock().instant());

            ImportReport report = other.keys()
                    .transfer()
                    .importKeys(transfer.exportKeys().map(ImportedKey::of), ImportOptions.DEFAULT);

            assertThat(report).isEqualTo(new ImportReport(1_502, 1_502, 0, 0, List.of()));
            assertThat(other.keys().listAll(KeyFilter.everything()))
                    .containsExactlyInAnyOrderElementsOf(service.keys().listAll(KeyFilter.everything()));
            assertThat(other.verify(own)).isInstanceOf(Verification.Accepted.class);
            assertThat(other.verify(rotated)).isInstanceOf(Verification.Accepted.class);
            assertThat(other.verify(revoked)).isEqualTo(rejected(Rejection.REVOKED));
            for (int i : new int[] {0, 1, 2, 1_499}) {
                assertThat(other.keys().verify(tokenOf(i))).isInstanceOf(Verification.Accepted.class);
            }
            assertThat(other.keys().find(own.key().id()).map(key -> hashAtRest(other, key)))
                    .isEqualTo(service.keys().find(own.key().id()).map(key -> hashAtRest(service, key)));
            ExportedKey exported = transfer.exportKeys().findFirst().orElseThrow();
            assertThat(exported.toString()).doesNotContain("sha256$");
            assertThatThrownBy(() -> ImportedKey.of(exported).neverExpires()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void tokens_thatWereTriedBeforeTheImport_workDirectlyAfterIt() {
        try (service;
                TestKeys first = new TestKeys()) {
            IssuedKey earlier = first.issue();
            IssuedKey current = first.keys().rotate(TestKeys.ref(earlier), ACTOR);
            for (IssuedKey tried : List.of(earlier, current)) {
                assertThat(service.verify(tried)).isEqualTo(rejected(Rejection.UNKNOWN));
            }

            transfer.importKeys(first.keys().transfer().exportKeys().map(ImportedKey::of), ImportOptions.DEFAULT);

            assertThat(service.verify(current)).isInstanceOf(Verification.Accepted.class);
            assertThat(service.verify(earlier)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void options_outOfRange_areRefused() {
        try (service) {
            assertThatThrownBy(() -> ImportOptions.DEFAULT.batchSize(0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ImportOptions.DEFAULT.batchSize(10_001))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ImportOptions.DEFAULT.firstLine(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<ImportedKey> keys(int count) {
        return IntStream.range(0, count).mapToObj(KeyTransferTest::key).toList();
    }

    private static ImportedKey key(int i) {
        return ImportedKey.of(KeySpec.forUser("user" + i).named("CRM").mode(Mode.READ), token(i));
    }

    private static ImportedToken token(int i) {
        return ImportedToken.sha256("k" + i, Hex.encode(TokenDigest.sha256().of(SECRET + i)));
    }

    private static String tokenOf(int i) {
        return "acme_k" + i + "." + SECRET + i;
    }

    private ApiKey found(int i) {
        PublicId id = FORMAT.importedId("k" + i);
        return service.memory().findCredential(FORMAT.text(id)).orElseThrow().key();
    }
}
