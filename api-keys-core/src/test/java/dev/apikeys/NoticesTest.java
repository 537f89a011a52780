package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.KeyNotice.Kind;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which notices are given, when, and how often, whatever fails. */
class NoticesTest {
    private static final NoticePolicy ALL =
            NoticePolicy.DEFAULT.idleFor(Duration.ofDays(20)).neverUsedFor(Duration.ofDays(5));

    private final Cluster cluster = new Cluster();
    private final List<KeyNotice> given = new ArrayList<>();

    @AfterEach
    void close() {
        cluster.close();
    }

    private Cluster.Node node(NoticePolicy policy) {
        return cluster.node(settings -> settings.notices(policy, given::add));
    }

    private List<String> told(Cluster.Node node) {
        given.clear();
        node.keys().cleanUp().runDue();
        return given.stream()
                .map(notice -> notice.kind() + " " + notice.span().toDays())
                .toList();
    }

    @Test
    void key_thatExpires_isToldOnceForEachSpan() {
        Cluster.Node node = node(NoticePolicy.DEFAULT);
        IssuedKey key = node.keys().issue(Cluster.spec().expiresIn(Duration.ofDays(40)));
        assertThat(told(node)).isEmpty();
        node.time().pass(Duration.ofDays(11));
        assertThat(told(node)).containsExactly("EXPIRING 30");
        assertThat(given.get(0).key().id()).isEqualTo(key.key().id());
        assertThat(given.get(0).about()).isEqualTo(key.key().expiresAt());
        assertThat(told(node)).isEmpty();
        node.time().pass(Duration.ofDays(23));
        assertThat(told(node)).containsExactly("EXPIRING 7");
        node.time().pass(Duration.ofDays(5).plusHours(1));
        assertThat(told(node)).containsExactly("EXPIRING 1");
        node.time().pass(Duration.ofDays(2));
        assertThat(told(node)).isEmpty();
    }

    @Test
    void service_thatWasAway_tellsTheShortestSpanAlone() {
        Cluster.Node node = node(NoticePolicy.DEFAULT);
        node.keys().issue(Cluster.spec().expiresIn(Duration.ofDays(40)));
        node.time().pass(Duration.ofDays(39).plusHours(1));
        assertThat(told(node)).containsExactly("EXPIRING 1");
        assertThat(told(node)).isEmpty();
    }

    @Test
    void key_thatIsIdleOrNeverUsed_isToldOnceForEachUse() {
        Cluster.Node node = node(ALL);
        IssuedKey used = node.keys().issue(Cluster.spec().expiresIn(Duration.ofDays(200)));
        node.accepts(used);
        node.keys().flush();
        IssuedKey never = node.keys().issue(Cluster.spec().expiresIn(Duration.ofDays(200)));
        node.time().pass(Duration.ofDays(6));
        assertThat(told(node)).containsExactly("NEVER_USED 5");
        assertThat(given.get(0).key().id()).isEqualTo(never.key().id());
        node.time().pass(Duration.ofDays(15));
        assertThat(told(node)).containsExactlyInAnyOrder("IDLE 20", "IDLE 20");
        assertThat(told(node)).isEmpty();
        assertThat(node.accepts(used)).isTrue();
        node.keys().flush();
        assertThat(told(node)).isEmpty();
        node.time().pass(Duration.ofDays(21));
        assertThat(told(node)).containsExactly("IDLE 20");
    }

    @Test
    void key_thatWasRevokedOrPaused_isNotToldAsIdle() {
        Cluster.Node node = node(ALL);
        node.keys().pause(Cluster.ref(Cluster.issue(node)), Cluster.ADMIN);
        Cluster.revoke(node, Cluster.issue(node));
        node.time().pass(Duration.ofDays(30));
        assertThat(told(node)).isEmpty();
    }

    @Test
    void listener_thatFails_isToldAgain_andTheOthersMeanwhile() {
        List<UUID> failing = new ArrayList<>();
        List<UUID> got = new ArrayList<>();
        Cluster.Node node = cluster.node(settings -> settings.notices(ALL, notice -> {
            if (failing.contains(notice.key().id())) {
                throw new IllegalStateException("no mail today");
            }
            got.add(notice.key().id());
        }));
        int keys = 2 * NoticeWalk.PART + 50;
        for (int i = 0; i < keys; i++) {
            Cluster.issue(node);
        }
        List<UUID> all = node.keys().listAll(KeyFilter.everything()).stream()
                .map(ApiKey::id)
                .toList();
        failing.addAll(all.subList(0, NoticeWalk.PART + 100));
        node.time().pass(Duration.ofDays(6));
        node.keys().cleanUp().runDue();
        assertThat(got).containsExactlyInAnyOrderElementsOf(all.subList(NoticeWalk.PART + 100, keys));
        failing.clear();
        node.keys().cleanUp().runDue();
        assertThat(got).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void node_thatCantStoreWhatItGave_givesNothingTwice() {
        Cluster.Node node = node(ALL);
        for (int i = 0; i < 3; i++) {
            Cluster.issue(node);
        }
        node.time().pass(Duration.ofDays(6));
        StoreUnavailableException away = new StoreUnavailableException("away");
        node.faults().before(StoreCall.REMEMBER_NOTICE, call -> {
            throw away;
        });
        assertThatThrownBy(() -> node.keys().cleanUp().runDue()).isSameAs(away);
        assertThatThrownBy(() -> node.keys().cleanUp().runDue()).isSameAs(away);
        assertThat(given).hasSize(1);
        node.faults().heal();
        node.keys().cleanUp().runDue();
        assertThat(given)
                .extracting(notice -> notice.key().id())
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    /** It is as if the node was killed inside the call of its listener. */
    @Test
    void node_thatEndsInTheMiddle_leavesTheRestToAnother() {
        List<UUID> byFirst = new ArrayList<>();
        Cluster.Node first = cluster.node(settings -> settings.notices(ALL, notice -> {
            byFirst.add(notice.key().id());
            if (byFirst.size() == 3) {
                throw new StoreUnavailableException("the end of this node");
            }
        }));
        Cluster.Node second = node(ALL);
        for (int i = 0; i < 8; i++) {
            Cluster.issue(first);
        }
        first.time().pass(Duration.ofDays(6));
        second.time().pass(Duration.ofDays(6));
        // What is done after the end doesn't reach the store.
        first.faults().before(StoreCall.HOLD_TASK, call -> {
            if (byFirst.size() == 3) {
                throw new StoreUnavailableException("gone");
            }
        });
        assertThatThrownBy(() -> first.keys().cleanUp().runDue()).isInstanceOf(StoreUnavailableException.class);

        assertThat(told(second)).as("the task is still the first node's").isEmpty();
        second.time().pass(SharedTask.HELD);
        assertThat(told(second)).hasSize(6);

        List<UUID> bySecond = given.stream().map(notice -> notice.key().id()).toList();
        assertThat(bySecond).doesNotHaveDuplicates().contains(byFirst.get(2)).doesNotContain(byFirst.get(0));
        assertThat(new HashSet<>(bySecond)).hasSize(6);
        assertThat(told(second)).isEmpty();
    }

    /** A node whose listener never comes back keeps nobody waiting, and gives nothing more. */
    @Test
    void listener_thatHangs_leavesTheOthersToAnotherNode() throws Exception {
        List<UUID> byFirst = new CopyOnWriteArrayList<>();
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Cluster.Node first = cluster.node(settings -> settings.notices(ALL, notice -> {
            byFirst.add(notice.key().id());
            hanging.countDown();
            assertThatCode(end::await).doesNotThrowAnyException();
        }));
        Cluster.Node second = node(ALL);
        for (int i = 0; i < 4; i++) {
            Cluster.issue(first);
        }
        first.time().pass(Duration.ofDays(6));
        second.time().pass(Duration.ofDays(6));
        Future<?> run = cluster.start(Executors.callable(first.keys().cleanUp()::runDue));
        assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(told(second)).as("the task is still the first node's").isEmpty();

        first.time().pass(SharedTask.HELD);
        second.time().pass(SharedTask.HELD);
        assertThat(told(second)).hasSize(4);

        end.countDown();
        run.get(30, TimeUnit.SECONDS);
        first.keys().cleanUp().runDue();
        assertThat(byFirst).hasSize(1);
    }

    @Test
    void nodes_oneAfterTheOther_giveANoticeOnce() {
        Cluster.Node first = node(ALL);
        Cluster.Node second = node(ALL);
        Cluster.issue(first);
        first.time().pass(Duration.ofDays(6));
        second.time().pass(Duration.ofDays(6));
        assertThat(told(first)).hasSize(1);
        assertThat(told(second)).isEmpty();
    }

    @Test
    void spans_outOfRange_areRefused() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(59), Duration.ofDays(3_654))) {
            assertThatIllegalArgumentException().isThrownBy(() -> NoticePolicy.DEFAULT.beforeExpiry(wrong));
            assertThatIllegalArgumentException().isThrownBy(() -> NoticePolicy.DEFAULT.idleFor(wrong));
            assertThatIllegalArgumentException().isThrownBy(() -> NoticePolicy.DEFAULT.neverUsedFor(wrong));
            assertThatIllegalArgumentException().isThrownBy(() -> IdlePolicy.reportAfter(wrong));
        }
        assertThat(NoticePolicy.DEFAULT
                        .beforeExpiry(Duration.ofDays(9), Duration.ofDays(3))
                        .spansBeforeExpiry())
                .containsExactly(Duration.ofDays(3), Duration.ofDays(9));
        assertThat(Kind.values()).hasSize(4);
    }

    @Test
    void listener_thatThrowsAnError_isToldAgain_andTheOthersMeanwhile() {
        List<UUID> odd = new ArrayList<>();
        Cluster.Node node = cluster.node(settings -> settings.notices(ALL, notice -> {
            if (odd.contains(notice.key().id())) {
                throw new NoClassDefFoundError("no mail today");
            }
            given.add(notice);
        }));
        odd.add(Cluster.issue(node).key().id());
        Cluster.issue(node);
        node.time().pass(Duration.ofDays(6));
        assertThat(told(node)).hasSize(1);
        odd.clear();
        assertThat(told(node)).hasSize(1);
    }

    /** An interrupt while the store is asked would close some embedded databases. */
    @Test
    void listener_underWayWhenTheServiceCloses_isInterrupted_andTheStoreIsNot() throws Exception {
        CountDownLatch listening = new CountDownLatch(1);
        Cluster.Node node = cluster.node(settings -> settings.notices(ALL, notice -> {
            listening.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }));
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        Cluster.issue(node);
        node.time().pass(Duration.ofDays(6));
        node.faults()
                .before(
                        StoreCall.REMEMBER_NOTICE,
                        call -> interrupted.add(Thread.currentThread().isInterrupted()));
        Future<Boolean> giving = cluster.start(() -> {
            node.keys().cleanUp().runDue();
            return true;
        });
        listening.await();

        node.keys().close();

        assertThat(giving.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted).containsExactly(false);
    }
}
