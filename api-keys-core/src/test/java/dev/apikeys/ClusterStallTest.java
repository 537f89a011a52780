package dev.apikeys;

import static dev.apikeys.Cluster.ADMIN;
import static dev.apikeys.Cluster.BLINK;
import static dev.apikeys.Cluster.Y;
import static dev.apikeys.Cluster.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that stand still in the worst places: what they knew before is worth nothing when they go on. */
@Tag("tr-skip") // Waiting knows no locale.
class ClusterStallTest {
    private static final Verification REVOKED = new Verification.Rejected(Rejection.REVOKED);
    private static final Verification OWNER_INACTIVE = new Verification.Rejected(Rejection.OWNER_INACTIVE);

    private Cluster cluster;
    private Cluster.Node here;

    @BeforeEach
    void open() {
        cluster = new Cluster();
        here = cluster.node();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void thread_stalledBetweenLookUpAndDecision_refusesAKeyRevokedMeanwhile() throws Exception {
        Cluster.Node there = cluster.node();
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        Cluster.Stalled<Verification> stalled = cluster.stall(there, () -> there.verify(key));

        Cluster.revoke(here, key);
        there.awaitPoll();
        there.time().pass(Y.plus(BLINK));
        there.awaitPoll();

        assertThat(stalled.goOn()).isEqualTo(REVOKED);
    }

    @Test
    void thread_stalledWithAnEntryPushedOut_refusesAKeyRevokedMeanwhile() throws Exception {
        Cluster.Node there = cluster.node(settings -> settings.cachedKeys(1));
        IssuedKey key = Cluster.issue(here);
        IssuedKey popular = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        Cluster.Stalled<Verification> stalled = cluster.stall(there, () -> there.verify(key));
        // Until the popular one is the one that is kept.
        await().until(() -> {
            long loads = there.keys().stats().loads();
            for (int i = 0; i < 100; i++) {
                assertThat(there.accepts(popular)).isTrue();
            }
            return there.keys().stats().loads() == loads;
        });

        Cluster.revoke(here, key);
        there.awaitPoll();
        there.time().pass(Y.plus(BLINK));
        there.awaitPoll();

        assertThat(stalled.goOn()).isEqualTo(REVOKED);
    }

    @Test
    void cache_farTooSmall_costsLoadsButNoAnswer() throws Exception {
        Cluster.Node there =
                cluster.node(settings -> settings.lease(Cluster.STRICT).cachedKeys(1));
        List<IssuedKey> keys = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            keys.add(Cluster.issue(here));
        }
        List<Future<Boolean>> readers = new ArrayList<>();
        for (int reader = 0; reader < 4; reader++) {
            readers.add(cluster.start(() -> {
                for (int i = 0; i < 1_000; i++) {
                    assertThat(there.accepts(keys.get(i % keys.size()))).isTrue();
                }
                return true;
            }));
        }
        for (Future<Boolean> reader : readers) {
            assertThat(reader.get(30, TimeUnit.SECONDS)).isTrue();
        }
        keys.forEach(key -> Cluster.revoke(here, key));
        there.awaitPoll();
        assertThat(keys).noneMatch(there::accepts);
    }

    @Test
    void load_overtakenByARevocationElsewhere_isNotKept() throws Exception {
        Cluster.Node there = cluster.node();
        IssuedKey key = Cluster.issue(here);
        Gate load = there.faults().holdAfter(StoreCall.FIND_CREDENTIAL);
        Future<Verification> slow = cluster.start(() -> there.verify(key));
        load.awaitReached();

        Cluster.revoke(here, key);
        there.awaitPoll();
        load.open();

        // The slow one may accept what it read less than Y ago; nobody may after it.
        assertThat(slow.get(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(there.verify(key)).isEqualTo(REVOKED);
    }

    @Test
    void load_overtakenByARevocationAndSlowerThanY_isNotUsed() throws Exception {
        Cluster.Node there = cluster.node();
        IssuedKey key = Cluster.issue(here);
        Gate load = there.faults().holdAfter(StoreCall.FIND_CREDENTIAL);
        Future<Verification> slow = cluster.start(() -> there.verify(key));
        load.awaitReached();

        Cluster.revoke(here, key);
        there.awaitPoll();
        there.time().pass(Y.plus(BLINK));
        there.awaitPoll();
        load.open();

        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(REVOKED);
    }

    @Test
    void verification_begunAfterRevokeReturned_doesNotJoinALoadFromBefore() throws Exception {
        IssuedKey key = Cluster.issue(here);
        Gate load = here.faults().holdAfter(StoreCall.FIND_CREDENTIAL);
        Future<Verification> before = cluster.start(() -> here.verify(key));
        load.awaitReached();
        Cluster.revoke(here, key);
        here.faults().heal(StoreCall.FIND_CREDENTIAL);

        assertThat(here.verify(key)).isEqualTo(REVOKED);
        load.open();
        assertThat(before.get(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(here.verify(key)).isEqualTo(REVOKED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10_000})
    void verification_waitingForTheDirectory_refusesAKeyRevokedMeanwhile(int maxAgeMillis) throws Exception {
        Gate gate = new Gate();
        Cluster.Node there = cluster.node(settings -> settings.ownerDirectory(owner -> {
                    gate.pass();
                    return OwnerDirectory.State.active(Scopes.ALL);
                })
                .ownerStateMaxAge(Duration.ofMillis(maxAgeMillis)));
        IssuedKey key = Cluster.issue(here);
        Future<Verification> slow = cluster.start(() -> there.verify(key));
        gate.awaitReached();

        Cluster.revoke(here, key);
        there.awaitPoll();
        there.time().pass(Y.plus(BLINK));
        there.awaitPoll();
        gate.open();

        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(REVOKED);
    }

    @Test
    void verification_waitingForTheDirectory_refusesAKeyExpiredMeanwhile() throws Exception {
        Gate gate = new Gate();
        Cluster.Node there = cluster.node(settings -> settings.ownerDirectory(owner -> {
            gate.pass();
            return OwnerDirectory.State.active(Scopes.ALL);
        }));
        IssuedKey key = here.keys().issue(Cluster.spec().expiresIn(Duration.ofMillis(500)));
        Future<Verification> slow = cluster.start(() -> there.verify(key));
        gate.awaitReached();

        there.time().pass(Duration.ofMillis(500));
        gate.open();

        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(new Verification.Rejected(Rejection.EXPIRED));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10_000})
    void ownerState_readBeforeAChangeElsewhere_isNotUsedLaterThanY(int maxAgeMillis) throws Exception {
        AtomicReference<OwnerDirectory.State> state = new AtomicReference<>(OwnerDirectory.State.active(Scopes.ALL));
        Gate gate = new Gate();
        Cluster.Node there = cluster.node(settings -> settings.ownerDirectory(owner -> {
                    OwnerDirectory.State answer = state.get();
                    gate.pass();
                    return answer;
                })
                .ownerStateMaxAge(Duration.ofMillis(maxAgeMillis)));
        IssuedKey key = Cluster.issue(here);
        Future<Verification> slow = cluster.start(() -> there.verify(key));
        gate.awaitReached();

        state.set(OwnerDirectory.State.inactive());
        here.keys().ownerChanged(Owner.user("alice"));
        there.awaitPoll();
        there.time().pass(Y.plus(BLINK));
        there.awaitPoll();
        gate.open();

        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(OWNER_INACTIVE);
        assertThat(there.verify(key)).isEqualTo(OWNER_INACTIVE);
    }

    @Test
    void ownerState_readBeforeAChangeHere_isNotJoinedByALaterVerification() throws Exception {
        AtomicReference<OwnerDirectory.State> state = new AtomicReference<>(OwnerDirectory.State.active(Scopes.ALL));
        AtomicReference<Gate> gate = new AtomicReference<>(new Gate());
        Cluster.Node there = cluster.node(settings -> settings.ownerDirectory(owner -> {
            OwnerDirectory.State answer = state.get();
            gate.get().pass();
            return answer;
        }));
        IssuedKey key = Cluster.issue(here);
        Future<Verification> slow = cluster.start(() -> there.verify(key));
        Gate first = gate.get();
        first.awaitReached();
        Gate open = new Gate();
        open.open();
        gate.set(open);

        state.set(OwnerDirectory.State.inactive());
        there.keys().ownerChanged(Owner.user("alice"));

        assertThat(there.verify(key)).isEqualTo(OWNER_INACTIVE);
        first.open();
        assertThat(slow.get(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(there.verify(key)).isEqualTo(OWNER_INACTIVE);
    }

    @Test
    void thread_stalledWithAnOwnersState_refusesAnOwnerDisabledMeanwhile() throws Exception {
        AtomicReference<OwnerDirectory.State> state = new AtomicReference<>(OwnerDirectory.State.active(Scopes.ALL));
        Cluster.Node there = cluster.node(
                settings -> settings.ownerDirectory(owner -> state.get()).ownerStateMaxAge(Duration.ofHours(1)));
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        Cluster.Stalled<Verification> stalled = cluster.stall(there, () -> there.verify(key));

        state.set(OwnerDirectory.State.inactive());
        here.keys().ownerChanged(Owner.user("alice"));
        there.awaitPoll();
        there.time().pass(Y.plus(BLINK));

        assertThat(stalled.goOn()).isEqualTo(OWNER_INACTIVE);
    }

    @Test
    void thread_stalledWhileItsKeyIsRenewed_seesThePause() throws Exception {
        Cluster.Node there = cluster.node();
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        Cluster.Stalled<Verification> stalled = cluster.stall(there, () -> there.verify(key));

        here.keys().update(ref(key), KeyUpdate.nothing().named("other"), ADMIN);
        there.awaitPoll();
        assertThat(there.accepts(key)).isTrue();
        here.keys().pause(ref(key), ADMIN);
        there.awaitPoll();
        there.time().pass(Y.plus(BLINK));
        there.awaitPoll();

        assertThat(stalled.goOn()).isEqualTo(new Verification.Rejected(Rejection.PAUSED));
    }
}
