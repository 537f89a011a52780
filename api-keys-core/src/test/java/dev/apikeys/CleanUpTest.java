package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many keys in one call, and the end of the audit trail. */
class CleanUpTest {
    private static final KeyFilter ALICES = KeyFilter.ownedBy(KeyKind.PERSONAL, Owner.user("alice", "org"));

    private final Cluster cluster = new Cluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void revokeAll_keysOfAnOwner_areRevokedOnEveryNode_andNoOther() {
        List<KeyEvent> events = new ArrayList<>();
        Cluster.Node node = cluster.node(settings -> settings.listener(events::add));
        Cluster.Node other = cluster.node();
        List<IssuedKey> keys = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            keys.add(Cluster.issue(node));
        }
        IssuedKey bobs =
                node.keys().issue(KeySpec.forUser("bob", "org").named("CRM").mode(Mode.READ));
        keys.forEach(key -> assertThat(other.accepts(key)).isTrue());
        Cluster.revoke(node, keys.get(0));
        node.keys().pause(Cluster.ref(keys.get(1)), Cluster.ADMIN);
        events.clear();

        assertThat(node.keys().cleanUp().countRevocable(ALICES)).isEqualTo(11);
        BulkRevocation report = node.keys().cleanUp().revokeAll(ALICES, Cluster.ADMIN, "left");

        assertThat(report.revoked()).isEqualTo(11);
        assertThat(report.unchanged()).isEmpty();
        assertThat(report.effectiveEverywhereBy()).isAfterOrEqualTo(report.effectiveBy());
        assertThat(events).hasSize(11).allSatisfy(event -> assertThat(event).isInstanceOf(KeyEvent.Revoked.class));
        other.awaitPoll();
        keys.forEach(key -> assertThat(node.accepts(key) || other.accepts(key)).isFalse());
        assertThat(other.accepts(bobs)).isTrue();
        assertThat(node.keys().cleanUp().countRevocable(ALICES)).isZero();
        assertThat(node.keys().cleanUp().revokeAll(ALICES, Cluster.ADMIN, "").revoked())
                .isZero();
    }

    @Test
    void revokeAll_keyIssuedMeanwhile_isRevokedToo() {
        Cluster.Node node = cluster.node();
        Cluster.issue(node);
        AtomicInteger lists = new AtomicInteger();
        node.faults().after(StoreCall.LIST, call -> {
            if (lists.incrementAndGet() == 1) {
                Cluster.issue(node);
            }
        });
        assertThat(node.keys().cleanUp().revokeAll(ALICES, Cluster.ADMIN, "").revoked())
                .isEqualTo(2);
    }

    @Test
    void revokeAll_unusedKeys_sparesOneThatIsUsedMeanwhile() {
        Cluster.Node node = cluster.node();
        IssuedKey first = Cluster.issue(node);
        Cluster.issue(node);
        node.time().pass(Duration.ofDays(30));
        KeyFilter unused = ALICES.unusedSince(node.keys().now().minus(Duration.ofDays(20)));
        assertThat(node.keys().cleanUp().countRevocable(unused)).isEqualTo(2);
        node.faults().after(StoreCall.LIST, call -> {
            node.accepts(first);
            node.keys().flush();
        });
        assertThat(node.keys().cleanUp().revokeAll(unused, Cluster.ADMIN, "").revoked())
                .isEqualTo(1);
        assertThat(node.accepts(first)).isTrue();
    }

    @Test
    void revokeAll_storeFailsInTheMiddle_canBeRepeated() {
        Cluster.Node node = cluster.node();
        for (int i = 0; i < 5; i++) {
            Cluster.issue(node);
        }
        AtomicInteger applied = new AtomicInteger();
        node.faults().before(StoreCall.APPLY, call -> {
            if (applied.incrementAndGet() == 3) {
                throw new StoreUnavailableException("away");
            }
        });
        assertThatThrownBy(() -> node.keys().cleanUp().revokeAll(ALICES, Cluster.ADMIN, ""))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(node.keys().cleanUp().revokeAll(ALICES, Cluster.ADMIN, "").revoked())
                .isEqualTo(3);
    }

    private static long trail(Cluster.Node node) {
        return node.keys().audit(AuditFilter.everything(), PageRequest.first(1)).total();
    }

    @Test
    void auditTrail_pastItsRetention_isExportedThenRemoved() {
        List<AuditEntry> exported = new ArrayList<>();
        Cluster.Node node = cluster.node(settings -> settings.auditRetention(Duration.ofDays(365), exported::addAll));
        for (int i = 0; i < 1_200; i++) {
            node.keys().issue(KeySpec.forUser("user" + i).named("CRM").mode(Mode.READ));
        }
        node.time().pass(Duration.ofDays(365));
        node.keys().cleanUp().runDue();
        assertThat(exported).isEmpty();
        node.time().pass(Duration.ofDays(1));
        Cluster.issue(node);
        node.keys().cleanUp().runDue();
        // The latest old one stays, since nodes recognise the history by it.
        assertThat(exported).hasSize(1_199).doesNotHaveDuplicates();
        assertThat(trail(node)).isEqualTo(2);
    }

    @Test
    void auditExport_thatFails_keepsTheBatch() {
        List<Integer> sizes = new ArrayList<>();
        Cluster.Node node = cluster.node(settings -> settings.auditRetention(Duration.ofDays(1), entries -> {
            sizes.add(entries.size());
            if (sizes.size() == 1) {
                throw new IllegalStateException("the archive is full");
            }
        }));
        for (int i = 0; i < 3; i++) {
            Cluster.issue(node);
        }
        node.time().pass(Duration.ofDays(2));
        assertThatThrownBy(() -> node.keys().cleanUp().runDue()).hasMessage("the archive is full");
        assertThat(trail(node)).isEqualTo(3);
        node.keys().cleanUp().runDue();
        assertThat(sizes).containsExactly(2, 2);
        assertThat(trail(node)).isEqualTo(1);
    }

    @Test
    void auditRetention_unset_keepsEverything() {
        Cluster.Node node = cluster.node();
        Cluster.issue(node);
        Cluster.issue(node);
        node.time().pass(Duration.ofDays(10_000));
        node.keys().cleanUp().runDue();
        assertThat(trail(node)).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyService.builder(new InMemoryApiKeyStore())
                        .auditRetention(Duration.ofHours(23), entries -> {}));
    }
}
