package dev.apikeys.jdbi;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeyUpdate;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.testkit.SampleKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** T46, T52: the answer to a COMMIT is lost. What callers are told is what the database holds. */
// The databases know nothing of the locale.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class UnansweredCommitTest {
    private final CommitFaults faults = new CommitFaults();
    private final List<String> events = new CopyOnWriteArrayList<>();

    static Stream<Arguments> everyFaultOnEveryDatabase() {
        return Stream.of(DatabaseServer.values())
                .flatMap(server -> Stream.of(CommitFaults.Fault.values()).map(fault -> Arguments.of(server, fault)));
    }

    @ParameterizedTest
    @MethodSource("everyFaultOnEveryDatabase")
    void change_whoseCommitGoesUnanswered_isToldAsItIsStored(DatabaseServer server, CommitFaults.Fault fault)
            throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = new Nodes()) {
            KeyService other = nodes.add(database.store(2), LeasePolicy.DEFAULT.strict());
            KeyService node = nodes.add(
                    storeOn(database),
                    settings -> settings.policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, 2))
                            .listener(event -> events.add(event.getClass().getSimpleName())));

            faults.arm(fault);
            IssuedKey first = Nodes.issue(node, "alice");
            faults.arm(fault);
            IssuedKey second = Nodes.issue(node, "alice");
            assertThat(listed(other)).containsExactlyInAnyOrder(first.key(), second.key());
            assertThat(Nodes.accepts(other, first.token().reveal())).isTrue();

            faults.arm(fault);
            IssuedKey rotated = node.rotate(Nodes.ref(first), Nodes.ADMIN);
            assertThat(rotated.key().version()).isEqualTo(2);
            assertThat(Nodes.accepts(other, rotated.token().reveal())).isTrue();
            assertThat(Nodes.accepts(other, first.token().reveal()))
                    .as("in its grace")
                    .isTrue();

            faults.arm(fault);
            node.pause(Nodes.ref(second), Nodes.ADMIN);
            faults.arm(fault);
            node.resume(Nodes.ref(second), Nodes.ADMIN);
            faults.arm(fault);
            node.update(Nodes.ref(second), KeyUpdate.nothing().named("ERP"), Nodes.ADMIN);
            faults.arm(fault);
            ApiKey revoked = node.revoke(Nodes.ref(second), Nodes.ADMIN, "lost").key();
            faults.settle();

            assertThat(faults.happened()).isTrue();
            assertThat(revoked.version()).isEqualTo(5);
            assertThat(other.find(revoked.id())).contains(revoked);
            assertThat(events)
                    .containsExactly("Issued", "Issued", "Rotated", "Paused", "Resumed", "Updated", "Revoked");
            assertThat(other.audit(AuditFilter.everything(), PageRequest.first(20))
                            .items())
                    .extracting(AuditEntry::event)
                    .containsExactlyInAnyOrder(
                            AuditEvent.CREATED,
                            AuditEvent.CREATED,
                            AuditEvent.ROTATED,
                            AuditEvent.UPDATED,
                            AuditEvent.UPDATED,
                            AuditEvent.UPDATED,
                            AuditEvent.REVOKED);
        }
    }

    @ParameterizedTest
    @MethodSource("everyFaultOnEveryDatabase")
    void write_whoseCommitGoesUnanswered_isDoneOnce(DatabaseServer server, CommitFaults.Fault fault) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = storeOn(database);
            ApiKey key = new SampleKey().build();
            store.insert(SampleKey.toAdd(key, 1));
            AuditEntry refusal = SampleKey.audit(key, AuditEvent.AUTH_FAILED, NOW);

            faults.arm(fault);
            store.appendAudit(List.of(refusal));
            faults.arm(fault);
            store.recordUses(List.of(new KeyUse(key.id(), new LastUse(NOW, "192.0.2.1"))));
            faults.arm(fault);
            store.recordMcpSession(key.id(), 1);
            faults.arm(fault);
            long epoch = store.ownerChanged(Owner.user("alice"));
            faults.arm(fault);
            boolean rehashed = store.rehash(
                    key.publicId(), SampleKey.hashOf(key.publicId()), SampleKey.hashOf(SampleKey.randomPublicId()));
            faults.settle();

            assertThat(faults.happened()).isTrue();
            assertThat(rehashed).isTrue();
            assertThat(epoch).isEqualTo(database.number("SELECT epoch FROM api_key_epoch"));
            ApiKey stored = store.find(key.id(), KeyFilter.everything()).orElseThrow();
            assertThat(stored.lastUse()).isEqualTo(new LastUse(NOW, "192.0.2.1"));
            assertThat(stored.mcpSessions().seenVersion()).isEqualTo(1);
            assertThat(store.audit(AuditFilter.everything().event(AuditEvent.AUTH_FAILED), PageRequest.first(5))
                            .items())
                    .containsExactly(refusal);
        }
    }

    /** The first answer of many is lost; what comes afterwards is written too. */
    @ParameterizedTest
    @MethodSource("everyFaultOnEveryDatabase")
    void refusals_ofWhichOneCommitGoesUnanswered_areAllWrittenOnce(DatabaseServer server, CommitFaults.Fault fault)
            throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = new Nodes()) {
            KeyService node = nodes.add(storeOn(database), LeasePolicy.DEFAULT);
            for (int flush = 0; flush < 3; flush++) {
                IssuedKey key = Nodes.issue(node, "user" + flush);
                String token = key.token().reveal();
                String wrong = token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");
                assertThat(Nodes.accepts(node, wrong)).isFalse();
                if (flush == 0) {
                    faults.arm(fault);
                }
                node.flush();
                faults.settle();
            }
            assertThat(faults.happened()).isTrue();
            assertThat(node.audit(AuditFilter.everything().event(AuditEvent.AUTH_FAILED), PageRequest.first(10))
                            .total())
                    .isEqualTo(3);
            assertThat(node.stats().failedFlushes()).isZero();
        }
    }

    /** Over a real line, which is cut right behind the COMMIT. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void line_cutRightBehindTheCommit_changesNoAnswer(DatabaseServer server, Figures figures) throws Exception {
        cutLines(server, 3, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void line_cutRightBehindTheCommitManyTimes_changesNoAnswer(DatabaseServer server, Figures figures)
            throws Exception {
        cutLines(server, 50, figures);
    }

    private static void cutLines(DatabaseServer server, int times, Figures figures) throws Exception {
        long wrong = 0;
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database);
                TestDatabase behind = proxy.over(database);
                Nodes nodes = Nodes.of(1, database, LeasePolicy.DEFAULT.strict())) {
            KeyService other = nodes.get(0);
            KeyService node = nodes.add(
                    JdbiApiKeyStore.builder(behind.plain())
                            .feedDataSource(database.plain())
                            .build(),
                    LeasePolicy.DEFAULT);
            for (int i = 0; i < times; i++) {
                proxy.cutAfterCommit();
                IssuedKey key = Nodes.issue(node, "user" + i);
                wrong += Nodes.accepts(other, key.token().reveal()) ? 0 : 1;
                proxy.cutAfterCommit();
                IssuedKey rotated = node.rotate(Nodes.ref(key), Nodes.ADMIN);
                wrong += Nodes.accepts(other, rotated.token().reveal()) ? 0 : 1;
                proxy.cutAfterCommit();
                node.revoke(Nodes.ref(key), Nodes.ADMIN, "");
                wrong += other.find(key.key().id()).orElseThrow().status(other.now()) == ApiKey.Status.REVOKED ? 0 : 1;
                wrong += listed(other).size() == i + 1 ? 0 : 1;
            }
        }
        figures.count("outcomes told wrongly, cut behind a COMMIT", server, 3L * times, wrong);
        assertThat(wrong).isZero();
    }

    /** T46. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void issue_cutOffBehindItsCommitForGood_leavesAnUnusedKeyThatCanBeRevoked(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database);
                TestDatabase behind = proxy.over(database);
                Nodes nodes = Nodes.of(1, database, LeasePolicy.DEFAULT.strict())) {
            KeyService other = nodes.get(0);
            KeyService node = nodes.add(
                    JdbiApiKeyStore.builder(behind.plain())
                            .feedDataSource(database.plain())
                            .statementTimeout(Duration.ofSeconds(1))
                            .build(),
                    LeasePolicy.DEFAULT);
            proxy.cutAfterCommitForGood();

            StoreUnavailableException unknown =
                    catchThrowableOfType(StoreUnavailableException.class, () -> Nodes.issue(node, "alice"));

            assertThat(unknown).hasMessageContaining("could not find out");
            assertThat(unknown.isOutcomeUnknown()).isTrue();
            await().until(() -> listed(other).size() == 1);
            ApiKey key = listed(other).get(0);
            assertThat(key.lastUse()).isNull();
            assertThat(other.revoke(KeyRef.of(key.id()), Nodes.ADMIN, "lost")
                            .key()
                            .status(other.now()))
                    .isEqualTo(ApiKey.Status.REVOKED);
        }
    }

    @Test
    void issue_whoseOwnerReachedTheLimitMeanwhile_isStillToldAsItIsStored() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase()) {
            JdbiApiKeyStore store = storeOn(database);
            for (CommitFaults.Fault fault : CommitFaults.Fault.values()) {
                ApiKey key = new SampleKey().build();
                faults.arm(fault);
                store.insert(SampleKey.toAdd(key, 1));
                faults.settle();
                assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
                store.apply(SampleKey.revoke(key));
            }
        }
    }

    private JdbiApiKeyStore storeOn(TestDatabase database) {
        return JdbiApiKeyStore.builder(faults.on(database.plain()))
                .feedDataSource(database.plain())
                .build();
    }

    private static List<ApiKey> listed(KeyService node) {
        return node.list(KeyFilter.everything(), PageRequest.first(100)).items();
    }
}
