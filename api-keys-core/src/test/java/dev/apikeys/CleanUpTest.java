package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.spi.AuditExport;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
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
    void auditTrail_withoutAnExport_isRemovedUnread() {
        Cluster.Node node = cluster.node(settings -> settings.auditRetention(Duration.ofDays(1), AuditExport.NONE));
        for (int i = 0; i < 1_200; i++) {
            node.keys().issue(KeySpec.forUser("user" + i).named("CRM").mode(Mode.READ));
        }
        node.time().pass(Duration.ofDays(2));
        node.keys().cleanUp().runDue();
        assertThat(trail(node)).isEqualTo(1);
        assertThat(node.faults().calls(StoreCall.REMOVE_OLDEST_AUDIT)).isEqualTo(4);
        assertThat(node.faults().calls(StoreCall.OLDEST_AUDIT)).isZero();
    }

    @Test
    void node_closedWhileItCutsTheTrail_endsWithItsStep_andAnotherGoesOn() throws Exception {
        UnaryOperator<KeyServiceBuilder> aDay =
                settings -> settings.auditRetention(Duration.ofDays(1), AuditExport.NONE);
        Cluster.Node first = cluster.node(aDay);
        Cluster.Node second = cluster.node(aDay);
        for (int i = 0; i < 600; i++) {
            Cluster.issue(first);
        }
        first.time().pass(Duration.ofDays(2));
        second.time().pass(Duration.ofDays(2));
        Gate step = first.faults().holdAfter(StoreCall.REMOVE_OLDEST_AUDIT);
        Future<Long> cutting = cluster.start(() -> {
            first.keys().cleanUp().runDue();
            return trail(second);
        });
        step.awaitReached();
        first.keys().close();
        step.open();
        assertThat(cutting.get(30, TimeUnit.SECONDS)).isEqualTo(100);

        second.keys().cleanUp().runDue();

        assertThat(trail(second)).isEqualTo(1);
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

    /** As if the node was killed when its export had returned: what it does afterwards doesn't reach the store. */
    @Test
    void node_thatEndsBetweenExportAndRemoval_leavesTheBatchToAnother() {
        List<AuditEntry> byFirst = new ArrayList<>();
        List<AuditEntry> bySecond = new ArrayList<>();
        Cluster.Node first = cluster.node(settings -> settings.auditRetention(Duration.ofDays(1), byFirst::addAll));
        Cluster.Node second = cluster.node(settings -> settings.auditRetention(Duration.ofDays(1), bySecond::addAll));
        for (int i = 0; i < 3; i++) {
            Cluster.issue(first);
        }
        first.time().pass(Duration.ofDays(2));
        second.time().pass(Duration.ofDays(2));
        first.faults().before(StoreCall.REMOVE_AUDIT, call -> {
            if (!byFirst.isEmpty()) {
                throw new OutOfMemoryError("the end of this node");
            }
        });
        first.faults().before(StoreCall.HOLD_TASK, call -> {
            if (!byFirst.isEmpty()) {
                throw new StoreUnavailableException("gone");
            }
        });
        assertThatThrownBy(() -> first.keys().cleanUp().runDue()).isInstanceOf(OutOfMemoryError.class);
        assertThat(byFirst).hasSize(2);

        second.keys().cleanUp().runDue();
        assertThat(trail(second)).as("the task is still the first node's").isEqualTo(3);
        second.time().pass(SharedTask.HELD);
        second.keys().cleanUp().runDue();

        assertThat(bySecond).containsExactlyElementsOf(byFirst);
        assertThat(trail(second)).isEqualTo(1);
    }

    /** The one that was given and not removed is given again; what was not given stays. */
    @Test
    void auditStore_thatFailsAtARemoval_keepsWhatWasNotGiven() {
        List<AuditEntry> exported = new ArrayList<>();
        Cluster.Node node = cluster.node(settings -> settings.auditRetention(Duration.ofDays(1), exported::addAll));
        for (int i = 0; i < 3; i++) {
            Cluster.issue(node);
        }
        node.time().pass(Duration.ofDays(2));
        StoreUnavailableException away = new StoreUnavailableException("away");
        node.faults().before(StoreCall.REMOVE_AUDIT, call -> {
            if (!exported.isEmpty()) {
                throw away;
            }
        });
        assertThatThrownBy(() -> node.keys().cleanUp().runDue()).isSameAs(away);
        assertThat(trail(node)).isEqualTo(3);
        node.faults().heal();
        node.keys().cleanUp().runDue();
        assertThat(exported).hasSize(4);
        assertThat(new HashSet<>(exported)).hasSize(2);
        assertThat(trail(node)).isEqualTo(1);
    }

    /** Such as by a database user without the right. */
    @Test
    void auditTrail_thatMayNotBeCut_isNotExportedEither() {
        List<AuditEntry> exported = new ArrayList<>();
        Cluster.Node node = cluster.node(settings -> settings.auditRetention(Duration.ofDays(1), exported::addAll));
        Cluster.issue(node);
        Cluster.issue(node);
        node.time().pass(Duration.ofDays(2));
        StoreUnavailableException refused = new StoreUnavailableException("may not");
        node.faults().before(StoreCall.REMOVE_AUDIT, call -> {
            throw refused;
        });
        assertThatThrownBy(() -> node.keys().cleanUp().runDue()).isSameAs(refused);
        assertThat(exported).isEmpty();
    }

    @Test
    void revokeAll_unusedKeys_sparesOneWhoseUseIsNotWrittenYet() {
        Cluster.Node node = cluster.node();
        IssuedKey key = Cluster.issue(node);
        node.time().pass(Duration.ofDays(30));
        assertThat(node.accepts(key)).isTrue();
        KeyFilter unused = ALICES.unusedSince(node.keys().now().minus(Duration.ofDays(20)));
        assertThat(node.keys().cleanUp().revokeAll(unused, Cluster.ADMIN, "").revoked())
                .isZero();
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

    @Test
    void auditTrail_isCut_alsoWhenNoKeysCanBeLookedFor() {
        Cluster.Node node = cluster.node(settings -> settings.notices(NoticePolicy.DEFAULT, notice -> {})
                .auditRetention(Duration.ofDays(1), AuditExport.NONE));
        for (int i = 0; i < 3; i++) {
            Cluster.issue(node);
        }
        node.time().pass(Duration.ofDays(2));
        StoreUnavailableException tooSlow = new StoreUnavailableException("too slow");
        node.faults().before(StoreCall.FIND_WITHOUT_NOTICE, call -> {
            throw tooSlow;
        });

        assertThatThrownBy(() -> node.keys().cleanUp().runDue()).isSameAs(tooSlow);

        assertThat(trail(node)).isEqualTo(1);
    }

    /** The host may be closed by then as well. */
    @Test
    void auditExport_thatWouldBeginWhenTheServiceIsClosed_doesNot() throws Exception {
        List<AuditEntry> exported = new ArrayList<>();
        Cluster.Node node = cluster.node(settings -> settings.auditRetention(Duration.ofDays(1), exported::addAll));
        for (int i = 0; i < 3; i++) {
            Cluster.issue(node);
        }
        node.time().pass(Duration.ofDays(2));
        Gate reading = node.faults().holdAfter(StoreCall.OLDEST_AUDIT);
        Future<Boolean> cutting = cluster.start(() -> {
            node.keys().cleanUp().runDue();
            return true;
        });
        reading.awaitReached();

        node.keys().close();

        reading.open();
        assertThat(cutting.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(exported).isEmpty();
    }
}
