package dev.apikeys;

import static dev.apikeys.Cluster.ADMIN;
import static dev.apikeys.Cluster.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one node changes, the others see, without a clock or a message in common. */
@Tag("tr-skip") // The feed of changes knows no locale.
class ClusterTest {
    private Cluster cluster;

    @BeforeEach
    void open() {
        cluster = new Cluster();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void key_revoked_isRefusedAtOnceHereAndSoonElsewhere() {
        Cluster.Node here = cluster.node();
        Cluster.Node there = cluster.node();
        IssuedKey key = Cluster.issue(here);
        assertThat(here.accepts(key)).isTrue();
        assertThat(there.accepts(key)).isTrue();

        Cluster.revoke(here, key);

        assertThat(here.verify(key)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
        there.awaitPoll();
        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
    }

    @Test
    void key_pausedAndResumed_isRefusedAndAcceptedElsewhere() {
        Cluster.Node here = cluster.node();
        Cluster.Node there = cluster.node();
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        here.keys().pause(ref(key), ADMIN);
        there.awaitPoll();
        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.PAUSED));

        here.keys().resume(ref(key), ADMIN);
        there.awaitPoll();
        assertThat(there.accepts(key)).isTrue();
    }

    @Test
    void key_narrowed_hasItsNewScopesElsewhere() {
        Cluster.Node here = cluster.node();
        Cluster.Node there = cluster.node();
        IssuedKey key = here.keys().issue(Cluster.spec().scopes("read:systems", "read:users"));
        assertThat(scopes(there, key)).isEqualTo(Scopes.of("read:systems", "read:users"));

        here.keys().update(ref(key), KeyUpdate.nothing().scopes(Scopes.of("read:users")), ADMIN);

        there.awaitPoll();
        assertThat(scopes(there, key)).isEqualTo(Scopes.of("read:users"));
    }

    @Test
    void key_limitedToAddresses_isHeldToThemElsewhere() {
        Cluster.Node here = cluster.node();
        Cluster.Node there = cluster.node();
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        here.keys().update(ref(key), KeyUpdate.nothing().allowedFrom("10.0.0.0/8"), ADMIN);

        there.awaitPoll();
        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.IP_NOT_ALLOWED));
    }

    @Test
    void key_rotatedWithoutGrace_worksByItsNewTokenAloneElsewhere() {
        Cluster.Node here = cluster.node();
        Cluster.Node there = cluster.node();
        IssuedKey old = Cluster.issue(here);
        assertThat(there.accepts(old)).isTrue();

        IssuedKey rotated = here.keys().rotate(ref(old), Duration.ZERO, ADMIN);

        assertThat(there.accepts(rotated)).isTrue();
        there.awaitPoll();
        assertThat(there.verify(old)).isEqualTo(new Verification.Rejected(Rejection.EXPIRED));
    }

    @Test
    void oldToken_rotatedWithGrace_endsWithItElsewhere() {
        Cluster.Node here = cluster.node();
        Cluster.Node there = cluster.node();
        IssuedKey old = Cluster.issue(here);
        assertThat(there.accepts(old)).isTrue();

        here.keys().rotate(ref(old), Duration.ofMinutes(5), ADMIN);
        there.awaitPoll();
        there.time().pass(Duration.ofMinutes(5).minusMillis(1));
        assertThat(there.accepts(old)).isTrue();

        there.time().pass(Duration.ofMillis(1));
        assertThat(there.verify(old)).isEqualTo(new Verification.Rejected(Rejection.EXPIRED));
    }

    @Test
    void revocation_afterRotation_endsBothTokensElsewhere() {
        Cluster.Node here = cluster.node();
        Cluster.Node there = cluster.node();
        IssuedKey old = Cluster.issue(here);
        IssuedKey rotated = here.keys().rotate(ref(old), Duration.ofHours(1), ADMIN);
        assertThat(there.accepts(old)).isTrue();
        assertThat(there.accepts(rotated)).isTrue();

        Cluster.revoke(here, rotated);

        there.awaitPoll();
        assertThat(there.accepts(old)).isFalse();
        assertThat(there.accepts(rotated)).isFalse();
    }

    @Test
    void owner_changed_isReadAgainElsewhereLongBeforeItsStateIsTooOld() {
        AtomicReference<OwnerDirectory.State> state =
                new AtomicReference<>(OwnerDirectory.State.active(Scopes.of("read:*")));
        Cluster.Node here = cluster.node(settings -> settings.ownerDirectory(owner -> state.get()));
        Cluster.Node there = cluster.node(settings -> settings.ownerDirectory(owner -> state.get()));
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        state.set(OwnerDirectory.State.inactive());
        here.keys().ownerChanged(Owner.user("alice"));

        assertThat(here.verify(key)).isEqualTo(new Verification.Rejected(Rejection.OWNER_INACTIVE));
        there.awaitPoll();
        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.OWNER_INACTIVE));

        state.set(OwnerDirectory.State.active(Scopes.ALL));
        here.keys().ownerChanged(Owner.organization("org"));
        there.awaitPoll();
        assertThat(there.accepts(key)).isTrue();
    }

    @Test
    void ownerChanged_ofSomebodyElse_readsNobodyAgain() {
        FaultyStore faults = cluster.faults();
        AtomicReference<OwnerDirectory.State> state =
                new AtomicReference<>(OwnerDirectory.State.active(Scopes.of("read:*")));
        Cluster.Node node = cluster.node(settings -> settings.ownerDirectory(owner -> state.get()), faults);
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();

        state.set(OwnerDirectory.State.inactive());
        node.keys().ownerChanged(Owner.user("bob"));
        node.awaitPoll();

        assertThat(node.accepts(key)).isTrue();
    }

    @Test
    void twoServices_onTwoStoresInOneProcess_knowNothingOfEachOther() {
        try (Cluster other = new Cluster()) {
            Cluster.Node here = cluster.node();
            Cluster.Node stranger = other.node();
            IssuedKey key = Cluster.issue(here);

            assertThat(here.accepts(key)).isTrue();
            assertThat(stranger.verify(key)).isEqualTo(new Verification.Rejected(Rejection.UNKNOWN));
            stranger.keys().ownerChanged(Owner.user("alice"));
            stranger.awaitPoll();
            assertThat(here.accepts(key)).isTrue();
        }
    }

    @Test
    void changes_trimmedBeforeANodeReadThem_makeItForgetAll() {
        ApiKeyStore store = new InMemoryApiKeyStore();
        try (Cluster trimmed = new Cluster(store)) {
            Cluster.Node here = trimmed.node();
            Cluster.Node late = trimmed.node();
            IssuedKey key = Cluster.issue(here);
            assertThat(late.accepts(key)).isTrue();
            Gate reading = late.faults().holdBefore(StoreCall.READ_FEED);
            reading.awaitReached();

            Cluster.revoke(here, key);
            here.keys().ownerChanged(Owner.user("bob"));
            assertThat(store.maintain(ClusterTime.START, ClusterTime.START.plusSeconds(1), 500)
                            .orElseThrow()
                            .changes())
                    .isEqualTo(1);
            late.faults().heal(StoreCall.READ_FEED);
            reading.open();

            late.awaitPoll();
            assertThat(late.verify(key)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
            assertThat(late.keys().stats().rewinds()).isZero();
        }
    }

    @Test
    void issue_withPollsComingIn_disturbsNoCachedKey() {
        Cluster.Node here = cluster.node();
        Cluster.Node there = cluster.node();
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        long loads = there.keys().stats().loads();

        for (int i = 0; i < 20; i++) {
            Cluster.issue(here);
        }
        there.awaitPoll();

        assertThat(there.accepts(key)).isTrue();
        assertThat(there.keys().stats().loads()).isEqualTo(loads);
    }

    private static Scopes scopes(Cluster.Node node, IssuedKey key) {
        return node.verify(key).orElseThrow().scopes().asScopes();
    }

    @Test
    void policy_withSlowPolls_isStillWokenByARequestThatNeedsAnAnswer() {
        LeasePolicy slow =
                LeasePolicy.DEFAULT.timing(Duration.ofMinutes(10), Duration.ofSeconds(5), Duration.ofMinutes(15));
        Cluster.Node here = cluster.node(slow);
        Cluster.Node there = cluster.node(slow);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        Cluster.revoke(here, key);
        assertThat(there.accepts(key)).isTrue();

        there.time().pass(Duration.ofMinutes(15).plusMillis(1));

        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
        await().untilAsserted(() -> assertThat(there.keys().stats().polls()).isEqualTo(2));
    }
}
