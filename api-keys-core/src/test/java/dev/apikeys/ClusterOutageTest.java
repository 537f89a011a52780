package dev.apikeys;

import static dev.apikeys.Cluster.ADMIN;
import static dev.apikeys.Cluster.BALANCED;
import static dev.apikeys.Cluster.BLINK;
import static dev.apikeys.Cluster.G;
import static dev.apikeys.Cluster.STRICT;
import static dev.apikeys.Cluster.Y;
import static dev.apikeys.Cluster.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that cannot be asked is no reason to refuse a key, and none to trust it for ever. */
@Tag("tr-skip") // An outage knows no locale.
class ClusterOutageTest {
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

    private static Freshness freshness(Cluster.Node node, IssuedKey key) {
        return node.verify(key).orElseThrow().freshness();
    }

    private static void assertUnavailable(Cluster.Node node, IssuedKey key) {
        assertThatThrownBy(() -> node.verify(key)).isInstanceOf(StoreUnavailableException.class);
    }

    private static Verification verify(Cluster.Node node, IssuedKey key, Freshness required) {
        return node.keys().verify(key.token().reveal(), ClientRequest.NONE, required);
    }

    @Test
    void strictService_cutOff_decidesNothingAfterY() {
        Cluster.Node there = cluster.node(STRICT);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        there.faults().cutOff();
        there.awaitFailedPoll();
        there.time().pass(Y);
        assertThat(freshness(there, key)).isEqualTo(Freshness.CONFIRMED);

        there.time().pass(BLINK);
        assertUnavailable(there, key);
        assertThat(there.keys().stats().staleAccepts()).isZero();
    }

    @Test
    void balancedService_cutOff_acceptsKnownKeysAsStaleUntilTheGraceEnds() {
        Cluster.Node there = cluster.node(BALANCED);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        there.faults().cutOff();
        there.awaitFailedPoll();
        there.time().pass(Y);
        assertThat(freshness(there, key)).isEqualTo(Freshness.CONFIRMED);
        there.time().pass(BLINK);
        assertThat(freshness(there, key)).isEqualTo(Freshness.WITHIN_GRACE);
        there.time().pass(G.minus(BLINK));
        assertThat(freshness(there, key)).isEqualTo(Freshness.WITHIN_GRACE);
        assertThat(there.keys().stats().staleAccepts()).isEqualTo(2);

        there.time().pass(BLINK);
        assertUnavailable(there, key);
    }

    @Test
    void machine_sleepingDuringAnOutage_usesUpTheGrace() {
        Cluster.Node there = cluster.node(BALANCED);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        there.faults().cutOff();
        there.awaitFailedPoll();
        there.time().sleep(Y.plus(G));
        assertThat(freshness(there, key)).isEqualTo(Freshness.WITHIN_GRACE);

        there.time().sleep(BLINK);
        assertUnavailable(there, key);
    }

    @Test
    void keyNeverSeen_duringAnOutage_isNeitherAcceptedNorRefused() {
        Cluster.Node there = cluster.node(BALANCED);
        IssuedKey key = Cluster.issue(here);
        there.faults().cutOff();

        assertUnavailable(there, key);
        there.awaitFailedPoll();
        assertUnavailable(there, key);
        assertThat(there.keys().stats().rejected().values()).containsOnly(0L);
    }

    @Test
    void wrongSecret_duringAnOutage_isStillWrong() {
        Cluster.Node there = cluster.node(BALANCED);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        there.faults().cutOff();
        there.awaitFailedPoll();
        there.time().pass(Y.plus(BLINK));

        String token = key.token().reveal();
        String wrong = token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");

        assertThat(there.keys().verify(wrong)).isEqualTo(new Verification.Rejected(Rejection.SECRET_MISMATCH));
    }

    @Test
    void key_expiringDuringAnOutage_ends() {
        Cluster.Node there = cluster.node(BALANCED);
        IssuedKey key = here.keys().issue(Cluster.spec().expiresIn(Duration.ofSeconds(30)));
        assertThat(there.accepts(key)).isTrue();
        there.faults().cutOff();
        there.awaitFailedPoll();

        there.time().pass(Duration.ofSeconds(30).minus(BLINK));
        assertThat(freshness(there, key)).isEqualTo(Freshness.WITHIN_GRACE);
        there.time().pass(BLINK);

        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.EXPIRED));
    }

    @Test
    void key_pausedBeforeAnOutage_isNotRefusedForWhatMayBeOverByNow() {
        Cluster.Node there = cluster.node(BALANCED);
        IssuedKey key = Cluster.issue(here);
        here.keys().pause(ref(key), ADMIN);
        there.awaitPoll();
        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.PAUSED));
        there.faults().cutOff();
        there.awaitFailedPoll();

        here.keys().resume(ref(key), ADMIN);
        there.time().pass(Y.plus(BLINK));

        assertUnavailable(there, key);
    }

    @Test
    void key_revokedBeforeAnOutage_staysRefused() {
        Cluster.Node there = cluster.node(BALANCED);
        IssuedKey key = Cluster.issue(here);
        Cluster.revoke(here, key);
        there.awaitPoll();
        assertThat(there.accepts(key)).isFalse();
        there.faults().cutOff();
        there.awaitFailedPoll();

        there.time().pass(Y.plus(BLINK));

        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
    }

    @Test
    void owner_disabledDuringAnOutage_isRefusedByTheDirectorysWord() {
        AtomicReference<OwnerDirectory.State> state = new AtomicReference<>(OwnerDirectory.State.active(Scopes.ALL));
        Cluster.Node there = cluster.node(settings -> settings.ownerDirectory(owner -> state.get()));
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        there.faults().cutOff();
        there.awaitFailedPoll();
        state.set(OwnerDirectory.State.inactive());

        there.time().pass(Duration.ofSeconds(9));
        assertThat(freshness(there, key)).isEqualTo(Freshness.WITHIN_GRACE);
        there.time().pass(Duration.ofSeconds(1));

        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.OWNER_INACTIVE));
    }

    @Test
    void strictRequest_toABalancedService_isDecidedStrictly() {
        Cluster.Node there = cluster.node(BALANCED);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        there.faults().cutOff();
        there.awaitFailedPoll();
        there.time().pass(Y.plus(BLINK));

        assertThatThrownBy(() -> verify(there, key, Freshness.CONFIRMED)).isInstanceOf(StoreUnavailableException.class);
        assertThat(verify(there, key, Freshness.WITHIN_GRACE)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void balancedRequest_toAStrictService_getsNoGrace() {
        Cluster.Node there = cluster.node(STRICT);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        there.faults().cutOff();
        there.awaitFailedPoll();
        RevocationReceipt receipt = cluster.node(STRICT).keys().revoke(ref(key), ADMIN, "test");
        assertThat(receipt.effectiveEverywhereBy()).isEqualTo(receipt.effectiveBy());

        there.time().pass(Y.plus(BLINK));

        assertThatThrownBy(() -> verify(there, key, Freshness.WITHIN_GRACE))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void node_reconnected_confirmsAgainByItself(boolean strict) {
        Cluster.Node there = cluster.node(strict ? STRICT : BALANCED);
        IssuedKey good = Cluster.issue(here);
        IssuedKey revoked = Cluster.issue(here);
        assertThat(there.accepts(good)).isTrue();
        assertThat(there.accepts(revoked)).isTrue();
        there.faults().cutOff();
        there.awaitFailedPoll();
        Cluster.revoke(here, revoked);
        there.time().pass(Y.plus(G).plus(BLINK));
        assertUnavailable(there, good);

        there.faults().heal();
        there.awaitPoll();

        assertThat(freshness(there, good)).isEqualTo(Freshness.CONFIRMED);
        assertThat(there.verify(revoked)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
    }

    @Test
    void service_startedWithoutItsStore_worksAsSoonAsTheStoreDoes() {
        IssuedKey key = Cluster.issue(here);
        FaultyStore faults = cluster.faults();
        faults.cutOff();

        Cluster.Node there = cluster.node(settings -> settings.lease(STRICT), faults);

        assertUnavailable(there, key);
        faults.heal();
        there.awaitPoll();
        assertThat(there.accepts(key)).isTrue();
    }

    @Test
    void connection_brokenOnce_costsNoRequestItsAnswer() {
        Cluster.Node there = cluster.node(STRICT);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        AtomicBoolean broken = new AtomicBoolean(true);
        there.time().pass(Y.plus(BLINK));
        there.faults().before(StoreCall.READ_FEED, arguments -> {
            if (broken.getAndSet(false)) {
                throw new StoreUnavailableException("connection reset");
            }
        });

        for (int i = 0; i < 100; i++) {
            assertThat(freshness(there, key)).isEqualTo(Freshness.CONFIRMED);
            there.time().pass(Y.plus(BLINK));
        }
        await().untilAsserted(() -> assertThat(broken).isFalse());
    }

    @Test
    void store_thatHangs_makesFewRequestsWait() {
        Cluster.Node there = cluster.node(BALANCED);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        Gate reading = there.faults().holdBefore(StoreCall.READ_FEED);
        reading.awaitReached();
        there.time().pass(Y.plus(BLINK));

        // One wait is 600 ms; a hundred of them would be a minute.
        Assertions.assertTimeout(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 100; i++) {
                assertThat(freshness(there, key)).isEqualTo(Freshness.WITHIN_GRACE);
            }
        });
        there.faults().heal(StoreCall.READ_FEED);
        reading.open();
        there.awaitPoll();
        assertThat(freshness(there, key)).isEqualTo(Freshness.CONFIRMED);
    }

    @Test
    void feed_failingWhileLoadsWork_trustsALoadForY() {
        FaultyStore faults = cluster.faults();
        faults.before(StoreCall.OPEN_FEED, arguments -> {
            throw new StoreUnavailableException("no connection left for a feed");
        });
        Cluster.Node there = cluster.node(settings -> settings.lease(STRICT), faults);
        IssuedKey key = Cluster.issue(here);

        assertThat(there.accepts(key)).isTrue();
        there.time().pass(Y);
        assertThat(there.accepts(key)).isTrue();
        there.time().pass(BLINK);

        assertUnavailable(there, key);
    }

    /** For a key that is loaded when Y is over, and for one that was loaded before, which memory alone decides about. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ownersState_withoutAFeed_isTrustedForYAlone(boolean isLoadedBefore) {
        AtomicReference<OwnerDirectory.State> state = new AtomicReference<>(OwnerDirectory.State.active(Scopes.ALL));
        Cluster.Node there = cluster.node(settings -> settings.ownerDirectory(owner -> state.get()));
        IssuedKey first = Cluster.issue(here);
        IssuedKey second = Cluster.issue(here);
        assertThat(there.accepts(first)).isTrue();
        there.faults().before(StoreCall.READ_FEED, arguments -> {
            throw new StoreUnavailableException("feeds are down");
        });
        there.awaitFailedPoll();

        state.set(OwnerDirectory.State.inactive());
        here.keys().ownerChanged(Owner.user("alice"));
        there.time().pass(Y.dividedBy(2));
        if (isLoadedBefore) {
            assertThat(there.accepts(second))
                    .as("loaded while the state is trusted")
                    .isTrue();
            assertThat(there.accepts(second)).as("from memory").isTrue();
        }
        there.time().pass(Y.dividedBy(2).plus(BLINK));

        assertThat(there.verify(second)).isEqualTo(new Verification.Rejected(Rejection.OWNER_INACTIVE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FIND_CREDENTIAL", "READ_FEED", "directory", "clock"})
    void anyFailure_duringADecision_opensNoDoor(String where) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Cluster.Node there = cluster.node(settings -> settings.lease(STRICT)
                .ownerStateMaxAge(Duration.ZERO)
                .cachedKeys(1)
                .ownerDirectory(owner -> failing("directory", where, failure)));
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        if (where.equals("clock")) {
            there.time().failWith(failure);
        } else if (!where.equals("directory")) {
            there.faults().before(StoreCall.valueOf(where), arguments -> failing(where, where, failure));
        }

        for (Throwable each : new Throwable[] {
            new IllegalStateException("injected"), new StackOverflowError("injected"), new AssertionError("injected")
        }) {
            failure.set(each);
            there.time().pass(Y.plus(BLINK));
            IssuedKey unseen = Cluster.issue(here);
            assertThatThrownBy(() -> there.verify(where.equals("FIND_CREDENTIAL") ? unseen : key))
                    .isInstanceOfAny(
                            StoreUnavailableException.class, OwnerDirectoryUnavailableException.class, each.getClass());
        }
        failure.set(null);
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(there.accepts(key)).isTrue());
    }

    private static OwnerDirectory.State failing(String place, String where, AtomicReference<Throwable> failure) {
        Throwable now = failure.get();
        if (place.equals(where) && now instanceof Error error) {
            throw error;
        }
        if (place.equals(where) && now instanceof RuntimeException exception) {
            throw exception;
        }
        return OwnerDirectory.State.active(Scopes.ALL);
    }
}
