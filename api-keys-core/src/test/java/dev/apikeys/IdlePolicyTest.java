package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.apikeys.ApiKey.Status;
import dev.apikeys.IdlePolicy.Due;
import dev.apikeys.IdlePolicy.Step;
import dev.apikeys.KeyNotice.Kind;
import dev.apikeys.spi.NoticeQuery;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Report, pause, revoke: one after the other, never without the step before, and again after a use. */
class IdlePolicyTest {
    private static final IdlePolicy POLICY = IdlePolicy.reportAfter(Duration.ofDays(60))
            .pauseAfter(Duration.ofDays(14))
            .revokeAfter(Duration.ofDays(30));

    private final Cluster cluster = new Cluster();
    private final List<Kind> told = new ArrayList<>();
    private final Cluster.Node node = cluster.node(settings -> settings.idlePolicy(POLICY)
            .notices(NoticePolicy.DEFAULT.beforeExpiry(), notice -> told.add(notice.kind())));
    private final IssuedKey key = node.keys().issue(Cluster.spec().expiresIn(Duration.ofDays(365)));

    @AfterEach
    void close() {
        cluster.close();
    }

    private Status after(Duration time) {
        node.time().pass(time);
        List<Step> due =
                node.keys().cleanUp().idleKeysDue().stream().map(Due::step).toList();
        Status before = status();
        int toldBefore = told.size();
        node.keys().cleanUp().runDue();
        Status now = status();
        // The dry run said it.
        assertThat(due.contains(Step.REPORT)).isEqualTo(told.size() > toldBefore);
        assertThat(due.contains(Step.PAUSE)).isEqualTo(before == Status.ACTIVE && now == Status.PAUSED);
        assertThat(due.contains(Step.REVOKE)).isEqualTo(before != Status.REVOKED && now == Status.REVOKED);
        return now;
    }

    private Status status() {
        return node.keys().find(key.key().id()).orElseThrow().status(node.keys().now());
    }

    private void use() {
        assertThat(node.accepts(key)).isTrue();
        node.keys().flush();
    }

    @Test
    void key_thatNobodyUses_isReportedThenPausedThenRevoked() {
        assertThat(after(Duration.ofDays(59))).isEqualTo(Status.ACTIVE);
        assertThat(told).isEmpty();
        assertThat(after(Duration.ofDays(2))).isEqualTo(Status.ACTIVE);
        assertThat(told).containsExactly(Kind.WILL_BE_PAUSED);
        assertThat(after(Duration.ofDays(13))).isEqualTo(Status.ACTIVE);
        assertThat(after(Duration.ofDays(2))).isEqualTo(Status.PAUSED);
        assertThat(after(Duration.ofDays(29))).isEqualTo(Status.PAUSED);
        assertThat(after(Duration.ofDays(2))).isEqualTo(Status.REVOKED);
        assertThat(told).containsExactly(Kind.WILL_BE_PAUSED);
        assertThat(node.keys()
                        .audit(AuditFilter.everything().event(AuditEvent.REVOKED), PageRequest.first(1))
                        .items()
                        .get(0)
                        .actor())
                .isEqualTo("idle policy");
    }

    @Test
    void key_thatWasIdleForYears_isOnlyReportedFirst() {
        assertThat(after(Duration.ofDays(300))).isEqualTo(Status.ACTIVE);
        assertThat(after(Duration.ofMinutes(10))).isEqualTo(Status.ACTIVE);
        assertThat(told).containsExactly(Kind.WILL_BE_PAUSED);
    }

    @Test
    void use_afterTheReport_beginsAnew() {
        after(Duration.ofDays(61));
        use();
        assertThat(after(Duration.ofDays(30))).isEqualTo(Status.ACTIVE);
        assertThat(after(Duration.ofDays(31))).isEqualTo(Status.ACTIVE);
        assertThat(told).containsExactly(Kind.WILL_BE_PAUSED, Kind.WILL_BE_PAUSED);
        assertThat(after(Duration.ofDays(15))).isEqualTo(Status.PAUSED);
    }

    @Test
    void key_thatPeopleResume_isLeftAloneUntilItWasUsed() {
        after(Duration.ofDays(61));
        assertThat(after(Duration.ofDays(15))).isEqualTo(Status.PAUSED);
        node.keys().resume(Cluster.ref(key), Cluster.ADMIN);
        assertThat(after(Duration.ofDays(40))).isEqualTo(Status.ACTIVE);
        use();
        after(Duration.ofDays(61));
        assertThat(told).hasSize(2);
        assertThat(after(Duration.ofDays(15))).isEqualTo(Status.PAUSED);
    }

    /** The pause was carried out, and the node ended before it could remember that. */
    @Test
    void pause_thatWasNotRemembered_isRememberedLater() {
        after(Duration.ofDays(61));
        node.time().pass(Duration.ofDays(15));
        node.keys().pause(Cluster.ref(key), Cluster.ADMIN);
        node.keys().cleanUp().runDue();
        assertThat(after(Duration.ofDays(29))).isEqualTo(Status.PAUSED);
        assertThat(after(Duration.ofDays(2))).isEqualTo(Status.REVOKED);
    }

    @Test
    void key_usedBetweenTheQuestionAndTheStep_isNotPaused() {
        after(Duration.ofDays(61));
        node.time().pass(Duration.ofDays(15));
        node.faults().after(StoreCall.FIND_WITHOUT_NOTICE, call -> {
            if (call[0] instanceof NoticeQuery query && query.notice().equals("idle-paused")) {
                use();
            }
        });
        node.keys().cleanUp().runDue();
        assertThat(status()).isEqualTo(Status.ACTIVE);
    }

    @Test
    void trial_ofAnotherPolicy_changesNothing() {
        node.time().pass(Duration.ofDays(10));
        assertThat(node.keys().cleanUp().idleKeysDue()).isEmpty();
        assertThat(node.keys().cleanUp().idleKeysDue(IdlePolicy.reportAfter(Duration.ofDays(5))))
                .extracting(Due::step)
                .containsExactly(Step.REPORT);
        assertThat(told).isEmpty();
    }

    @Test
    void revocation_withoutAPause_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> IdlePolicy.reportAfter(Duration.ofDays(1)).revokeAfter(Duration.ofDays(1)));
    }

    /** Another node saw the key a moment before the pause, and writes that late. */
    @Test
    void use_thatIsWrittenAfterThePause_sparesTheKeyFromItsRevocation() {
        Cluster.Node other = cluster.node();
        after(Duration.ofDays(61));
        other.time().pass(Duration.ofDays(76));
        assertThat(other.accepts(key)).isTrue();
        assertThat(after(Duration.ofDays(15))).isEqualTo(Status.PAUSED);
        other.keys().flush();
        assertThat(after(Duration.ofDays(40))).isEqualTo(Status.PAUSED);
        node.keys().resume(Cluster.ref(key), Cluster.ADMIN);
        assertThat(after(Duration.ofDays(1))).isEqualTo(Status.ACTIVE);
    }

    @Test
    void use_thatThisNodeHasNotWrittenYet_counts() {
        after(Duration.ofDays(61));
        node.time().pass(Duration.ofDays(15));
        assertThat(node.accepts(key)).isTrue();
        node.keys().cleanUp().runDue();
        assertThat(status()).isEqualTo(Status.ACTIVE);
    }

    @Test
    void pause_reachesTheOtherNodes_asEveryChange() {
        Cluster.Node other = cluster.node();
        assertThat(other.accepts(key)).isTrue();
        other.keys().flush();
        after(Duration.ofDays(61));
        assertThat(after(Duration.ofDays(15))).isEqualTo(Status.PAUSED);
        other.awaitPoll();
        assertThat(other.verify(key)).isEqualTo(TestKeys.rejected(Rejection.PAUSED));
    }

    @Test
    void policy_whoseStepsComeBeforeUsesAreWritten_isRefused() {
        KeyServiceBuilder late = KeyService.builder(new InMemoryApiKeyStore())
                .lease(Cluster.STRICT)
                .usageInterval(Duration.ofMinutes(10))
                .idlePolicy(IdlePolicy.reportAfter(Duration.ofDays(1)).pauseAfter(Duration.ofMinutes(10)));
        assertThatIllegalStateException().isThrownBy(late::build).withMessageContaining("PT10M");
        late.usageInterval(Duration.ofMinutes(9)).build().close();
    }
}
