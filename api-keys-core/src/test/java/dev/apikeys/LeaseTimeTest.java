package dev.apikeys;

import static dev.apikeys.Cluster.BLINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks that are wrong or jump, processes that are stopped and machines that sleep. */
@Tag("tr-skip") // Time knows no locale.
class LeaseTimeTest {
    private static final Verification REVOKED = new Verification.Rejected(Rejection.REVOKED);
    private static final Verification EXPIRED = new Verification.Rejected(Rejection.EXPIRED);
    /** Patient enough that no slow machine ends the wait for an answer. */
    private static final LeasePolicy BALANCED =
            LeasePolicy.DEFAULT.timing(Duration.ofMillis(10), Duration.ofSeconds(5), Duration.ofSeconds(10));

    private static final LeasePolicy STRICT = BALANCED.strict();
    private static final Duration Y = BALANCED.trust();

    private final AtomicReference<Instant> storeTime = new AtomicReference<>(ClusterTime.START);
    private Cluster cluster;
    private Cluster.Node here;

    @BeforeEach
    void open() {
        cluster = new Cluster();
        here = tellingTime();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    /** A node whose store has a clock of its own. */
    private Cluster.Node tellingTime() {
        FaultyStore faults = cluster.faults();
        faults.changeBatches(reading ->
                new ChangeBatch(reading.position(), reading.continuity(), reading.changes(), storeTime.get()));
        return cluster.node(settings -> settings.lease(BALANCED), faults);
    }

    /** Time goes by, for the store and for the node. */
    private void pass(Duration time, Cluster.Node node) {
        Gate reading = node.faults().holdBefore(StoreCall.READ_FEED);
        reading.awaitReached();
        node.time().pass(time);
        storeTime.updateAndGet(told -> told.plus(time));
        node.faults().heal(StoreCall.READ_FEED);
        reading.open();
    }

    private IssuedKey issueFor(Duration life) {
        return here.keys().issue(Cluster.spec().expiresIn(life));
    }

    @ParameterizedTest
    @ValueSource(longs = {-10, 0, 10})
    void key_expiring_endsByTheStoresClock(long skewMinutes) {
        Cluster.Node there = tellingTime();
        there.time().setBy(Duration.ofMinutes(skewMinutes));
        IssuedKey key = issueFor(Duration.ofHours(1));
        there.awaitPoll();
        pass(Duration.ofHours(1).minusSeconds(1), there);
        there.awaitPoll();
        assertThat(there.accepts(key)).isTrue();

        Gate reading = there.faults().holdBefore(StoreCall.READ_FEED);
        reading.awaitReached();
        there.time().pass(Duration.ofMillis(999));
        assertThat(there.accepts(key)).isTrue();
        there.time().pass(BLINK);
        assertThat(there.verify(key)).isEqualTo(EXPIRED);
        reading.open();
    }

    @Test
    void clock_setBack_revivesNothing() {
        IssuedKey seen = issueFor(Duration.ofHours(1));
        IssuedKey unseen = issueFor(Duration.ofHours(1));
        assertThat(here.accepts(unseen)).isTrue();
        pass(Duration.ofHours(1), here);
        here.awaitPoll();
        assertThat(here.verify(seen)).isEqualTo(EXPIRED);

        here.time().setBy(Duration.ofMinutes(-90));
        assertThat(here.verify(seen)).isEqualTo(EXPIRED);
        assertThat(here.verify(unseen)).isEqualTo(EXPIRED);
        here.awaitPoll();
        assertThat(here.verify(unseen)).isEqualTo(EXPIRED);
    }

    @Test
    void clockOfTheStore_setBack_revivesNothing() {
        IssuedKey seen = issueFor(Duration.ofHours(1));
        IssuedKey unseen = issueFor(Duration.ofHours(1));
        assertThat(here.accepts(unseen)).isTrue();
        pass(Duration.ofHours(1), here);
        here.awaitPoll();
        assertThat(here.verify(seen)).isEqualTo(EXPIRED);

        storeTime.set(ClusterTime.START);
        here.awaitPoll();

        assertThat(here.verify(seen)).isEqualTo(EXPIRED);
        assertThat(here.verify(unseen)).isEqualTo(EXPIRED);
    }

    @Test
    void seenEnd_withoutAClockInTheStore_staysWhenTheNodesClockIsSetBack() {
        Cluster.Node plain = cluster.node();
        IssuedKey key = plain.keys().issue(Cluster.spec().expiresIn(Duration.ofHours(1)));
        plain.time().pass(Duration.ofHours(1));
        plain.awaitPoll();
        assertThat(plain.verify(key)).isEqualTo(EXPIRED);

        plain.time().setBy(Duration.ofMinutes(-10));

        assertThat(plain.verify(key)).isEqualTo(EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-10, 10})
    void key_issuedByANodeWithAWrongClock_hasTheStoresTime(long skewMinutes) {
        here.time().setBy(Duration.ofMinutes(skewMinutes));
        here.awaitPoll();

        ApiKey key = issueFor(Duration.ofHours(1)).key();

        assertThat(key.createdAt()).isEqualTo(ClusterTime.START);
        assertThat(key.expiresAt()).isEqualTo(ClusterTime.START.plus(Duration.ofHours(1)));
        RevocationReceipt receipt = here.keys().revoke(KeyRef.of(key.id()), Cluster.ADMIN, "test");
        assertThat(receipt.effectiveBy()).isEqualTo(ClusterTime.START.plus(Y));
        assertThat(receipt.effectiveEverywhereBy())
                .isEqualTo(ClusterTime.START.plus(Y).plus(BALANCED.grace()));
    }

    enum Stop {
        PROCESS_STOPPED,
        MACHINE_ASLEEP;

        void at(ClusterTime time, Duration howLong) {
            if (this == PROCESS_STOPPED) {
                time.pass(howLong);
            } else {
                time.sleep(howLong);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void node_wakingUp_acceptsNothingBeforeTheStoreConfirmed(Stop stop) throws Exception {
        for (LeasePolicy policy : new LeasePolicy[] {BALANCED, STRICT}) {
            Cluster.Node there = cluster.node(policy);
            IssuedKey revoked = Cluster.issue(here);
            IssuedKey good = Cluster.issue(here);
            assertThat(there.accepts(revoked)).isTrue();
            assertThat(there.accepts(good)).isTrue();
            Gate reading = there.faults().holdBefore(StoreCall.READ_FEED);
            reading.awaitReached();

            Cluster.revoke(here, revoked);
            stop.at(there.time(), Duration.ofSeconds(15));
            Future<Verification> first = cluster.start(() -> there.verify(revoked));
            Future<Verification> second = cluster.start(() -> there.verify(good));
            assertThatThrownBy(() -> second.get(50, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            there.faults().heal(StoreCall.READ_FEED);
            reading.open();

            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(REVOKED);
            assertThat(second.get(30, TimeUnit.SECONDS).orElseThrow().freshness())
                    .isEqualTo(Freshness.CONFIRMED);
            assertThat(there.keys().stats().staleAccepts()).isZero();
        }
    }

    @Test
    void sleepAndElapsedTime_eachShorterThanY_countTogether() {
        Cluster.Node there = cluster.node(Cluster.STRICT);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        Gate reading = there.faults().holdBefore(StoreCall.READ_FEED);
        reading.awaitReached();
        Cluster.revoke(here, key);

        there.time().pass(Cluster.Y.dividedBy(2));
        there.time().sleep(Cluster.Y.dividedBy(2).plus(BLINK));

        assertThatThrownBy(() -> there.verify(key)).isInstanceOf(StoreUnavailableException.class);
        reading.open();
    }

    @Test
    void sleep_beforeTheStoreEverConfirmed_endsTheTrustInWhatWasLoaded() {
        FaultyStore faults = cluster.faults();
        faults.before(StoreCall.READ_FEED, arguments -> {
            throw new StoreUnavailableException("feeds are down");
        });
        Cluster.Node there = cluster.node(settings -> settings.lease(Cluster.STRICT), faults);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        there.time().sleep(Cluster.Y.plus(BLINK));

        assertThatThrownBy(() -> there.verify(key)).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void entryOutsideTheCache_fromBeforeASleep_isNotTrustedForTheAnswersAfterIt() throws Exception {
        Cluster.Node there = cluster.node();
        IssuedKey key = Cluster.issue(here);
        Gate load = there.faults().holdAfter(StoreCall.FIND_CREDENTIAL);
        Future<Verification> slow = cluster.start(() -> there.verify(key));
        load.awaitReached();

        Cluster.revoke(here, key);
        there.time().sleep(Duration.ofHours(1));
        there.awaitPoll();
        load.open();

        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(REVOKED);
    }

    @Test
    void ownersState_fromBeforeASleep_isReadAgain() {
        AtomicReference<OwnerDirectory.State> state = new AtomicReference<>(OwnerDirectory.State.active(Scopes.ALL));
        Cluster.Node there = cluster.node(settings -> settings.ownerDirectory(owner -> state.get()));
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        state.set(OwnerDirectory.State.inactive());
        there.time().sleep(Duration.ofHours(1));
        there.awaitPoll();

        assertThat(there.verify(key)).isEqualTo(new Verification.Rejected(Rejection.OWNER_INACTIVE));
    }

    @Test
    void process_stoppedDuringAReading_doesNotRunAheadOfTheStoresClock() {
        Cluster.Node there = tellingTime();
        IssuedKey key = issueFor(Duration.ofMinutes(90));
        assertThat(there.accepts(key)).isTrue();
        Gate reading = there.faults().holdBefore(StoreCall.READ_FEED);
        reading.awaitReached();

        there.time().pass(Duration.ofHours(1));
        storeTime.set(ClusterTime.START.plus(Duration.ofHours(1)));
        there.faults().heal(StoreCall.READ_FEED);
        reading.open();
        there.awaitPoll();

        assertThat(there.accepts(key)).isTrue();
        assertThat(Cluster.issue(there).key().createdAt()).isEqualTo(storeTime.get());
    }

    @ParameterizedTest
    @ValueSource(longs = {-10, 10})
    void wallClock_corrected_costsNoRequestItsAnswer(long minutes) {
        Cluster.Node there = cluster.node(STRICT);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();

        there.time().setBy(Duration.ofMinutes(minutes));

        assertThat(there.verify(key).orElseThrow().freshness()).isEqualTo(Freshness.CONFIRMED);
    }

    @Test
    void wallClock_setBack_prolongsNoTrust() {
        Cluster.Node there = cluster.node(Cluster.STRICT);
        IssuedKey key = Cluster.issue(here);
        assertThat(there.accepts(key)).isTrue();
        Gate reading = there.faults().holdBefore(StoreCall.READ_FEED);
        reading.awaitReached();

        there.time().setBy(Duration.ofMinutes(-10));
        there.time().pass(Cluster.Y);
        assertThat(there.accepts(key)).isTrue();
        there.time().pass(BLINK);

        assertThatThrownBy(() -> there.verify(key)).isInstanceOf(StoreUnavailableException.class);
        reading.open();
    }

    @Test
    void node_idleForLong_answersTheFirstRequest() {
        Cluster.Node there = cluster.node(STRICT);
        IssuedKey key = here.keys().issue(Cluster.spec().expiresIn(Duration.ofDays(30)));
        assertThat(there.accepts(key)).isTrue();
        for (int day = 0; day < 20; day++) {
            there.time().pass(Duration.ofDays(1));
            assertThat(there.accepts(key)).isTrue();
        }
        await().untilAsserted(
                        () -> assertThat(there.keys().stats().failedPolls()).isZero());
    }
}
