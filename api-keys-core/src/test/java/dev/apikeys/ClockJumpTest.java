package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store whose clock jumps and is corrected, and machines that sleep during an outage. */
class ClockJumpTest {
    private static final Verification EXPIRED = new Verification.Rejected(Rejection.EXPIRED);
    private static final Duration DAYS_AHEAD = Duration.ofDays(400);
    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicReference<Instant> storeTime = new AtomicReference<>(ClusterTime.START);
    private Cluster cluster;
    private Cluster.Node here;

    @BeforeEach
    void open() {
        cluster = new Cluster();
        here = node();
        here.awaitPoll();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    /** A node whose store has a clock of its own. */
    private Cluster.Node node() {
        FaultyStore faults = cluster.faults();
        faults.changeBatches(reading ->
                new ChangeBatch(reading.position(), reading.continuity(), reading.changes(), storeTime.get()));
        return cluster.node(settings -> settings.policy(KeyPolicy.DEFAULT.organizationKeysMayNeverExpire()), faults);
    }

    private IssuedKey issueFor(Duration life) {
        return here.keys().issue(Cluster.spec().expiresIn(life));
    }

    /** From memory neither. */
    private void assertUndecided(IssuedKey key) {
        assertThat(here.keys().verifyIfKnown(key.token().reveal(), ClientRequest.NONE))
                .isNull();
        assertThatThrownBy(() -> here.verify(key)).isInstanceOf(StoreUnavailableException.class);
    }

    /** Moves clocks while no reading is under way. */
    private void move(Runnable clocks) {
        Gate reading = here.faults().holdBefore(StoreCall.READ_FEED);
        reading.awaitReached();
        clocks.run();
        here.faults().heal(StoreCall.READ_FEED);
        reading.open();
        here.awaitPoll();
    }

    private void moveStore(Duration step) {
        move(() -> storeTime.updateAndGet(told -> told.plus(step)));
    }

    /** Time goes by everywhere. */
    private void pass(Duration time) {
        move(() -> {
            here.time().pass(time);
            storeTime.updateAndGet(told -> told.plus(time));
        });
    }

    private void cutOff() {
        here.faults().cutOff();
        here.awaitFailedPoll();
    }

    private void reconnect() {
        here.faults().heal();
        here.faults()
                .changeBatches(reading ->
                        new ChangeBatch(reading.position(), reading.continuity(), reading.changes(), storeTime.get()));
        here.awaitPoll();
    }

    @Test
    void key_expiringWhileTheMachineSleepsDuringAnOutage_isOver() {
        IssuedKey ending = issueFor(Duration.ofSeconds(20));
        IssuedKey lasting = issueFor(HOUR);
        assertThat(here.accepts(ending)).isTrue();
        assertThat(here.accepts(lasting)).isTrue();

        cutOff();
        here.time().sleep(Duration.ofSeconds(40));

        assertThat(here.verify(ending)).isEqualTo(EXPIRED);
        assertThat(here.accepts(lasting)).isTrue();
        assertThat(here.keys().now()).isEqualTo(ClusterTime.START.plusSeconds(40));
    }

    @Test
    void key_expiringWhileTheMachineSleeps_isOverThoughTheStoreHasNoClock() {
        Cluster.Node plain = cluster.node();
        IssuedKey ending = plain.keys().issue(Cluster.spec().expiresIn(Duration.ofSeconds(20)));
        assertThat(plain.accepts(ending)).isTrue();
        plain.faults().cutOff();
        plain.awaitFailedPoll();

        plain.time().sleep(Duration.ofSeconds(40));

        assertThat(plain.verify(ending)).isEqualTo(EXPIRED);
    }

    @Test
    void clockOfTheStore_aheadForAMoment_endsNoKeyAndDatesNoneWrongly() {
        IssuedKey seen = issueFor(HOUR);
        IssuedKey unending = here.keys()
                .issue(KeySpec.forOrganization("org")
                        .named("CI")
                        .mode(Mode.READ)
                        .neverExpires());
        assertThat(here.accepts(seen)).isTrue();

        moveStore(DAYS_AHEAD);
        assertUndecided(seen);
        assertThat(here.accepts(unending)).isTrue();
        ApiKey issuedMeanwhile = issueFor(HOUR).key();
        assertThat(issuedMeanwhile.createdAt()).isEqualTo(ClusterTime.START);
        assertThat(issuedMeanwhile.expiresAt()).isEqualTo(ClusterTime.START.plus(HOUR));
        moveStore(DAYS_AHEAD.negated());

        assertThat(here.accepts(seen)).isTrue();
        assertThat(here.keys().stats().clockJumps()).isEqualTo(1);
        pass(HOUR);
        assertThat(here.verify(seen)).isEqualTo(EXPIRED);
        assertThat(here.keys().stats().clockJumps()).isEqualTo(1);
    }

    @Test
    void key_reallyOverWhileTheStoreIsAhead_isOver() {
        IssuedKey key = issueFor(HOUR);
        assertThat(here.accepts(key)).isTrue();
        moveStore(DAYS_AHEAD);
        pass(HOUR);
        assertThat(here.verify(key)).isEqualTo(EXPIRED);
    }

    /** Both of a machine's clocks stood still, so only the store knows how late it is. */
    @Test
    void machine_suspendedWithAllItsClocks_acceptsNoKeyThatEndedMeanwhile() {
        IssuedKey key = issueFor(HOUR);
        assertThat(here.accepts(key)).isTrue();

        moveStore(HOUR);
        assertUndecided(key);
        move(() -> here.time().setBy(HOUR));

        assertThat(here.verify(key)).isEqualTo(EXPIRED);
    }

    @Test
    void clocksOfStoreAndNode_aheadTogetherAndCorrected_recover() {
        IssuedKey seen = issueFor(HOUR);
        assertThat(here.accepts(seen)).isTrue();

        move(() -> {
            here.time().setBy(DAYS_AHEAD);
            storeTime.updateAndGet(told -> told.plus(DAYS_AHEAD));
        });
        assertThat(here.verify(seen)).isEqualTo(EXPIRED);
        move(() -> {
            here.time().setBy(DAYS_AHEAD.negated());
            storeTime.updateAndGet(told -> told.minus(DAYS_AHEAD));
        });

        assertThat(here.accepts(seen)).isTrue();
        assertThat(issueFor(HOUR).key().createdAt()).isEqualTo(ClusterTime.START);
    }

    @Test
    void clocksOfStoreAndNode_setBackTogether_reviveNothing() {
        IssuedKey key = issueFor(HOUR);
        IssuedKey ending = issueFor(HOUR.multipliedBy(2));
        assertThat(here.accepts(key)).isTrue();
        assertThat(here.accepts(ending)).isTrue();
        pass(HOUR);

        move(() -> {
            here.time().setBy(HOUR.negated());
            storeTime.updateAndGet(told -> told.minus(HOUR));
        });

        assertThat(here.verify(key)).isEqualTo(EXPIRED);
        assertThat(here.keys().stats().clockJumps()).isEqualTo(1);
        pass(HOUR);
        assertThat(here.verify(ending)).isEqualTo(EXPIRED);
    }

    @Test
    void node_startedWhileTheStoreWasAhead_recoversWhenItIsCorrected() {
        IssuedKey key = issueFor(HOUR);
        storeTime.updateAndGet(told -> told.plus(DAYS_AHEAD));
        Cluster.Node late = node();
        assertThat(late.verify(key)).isEqualTo(EXPIRED);

        storeTime.updateAndGet(told -> told.minus(DAYS_AHEAD));

        await().untilAsserted(() -> assertThat(late.accepts(key)).isTrue());
        assertThat(late.keys().now()).isEqualTo(ClusterTime.START);
    }

    @Test
    void wallClock_wrongDuringAnOutage_isCorrectedByTheStore() {
        IssuedKey key = issueFor(HOUR);
        assertThat(here.accepts(key)).isTrue();
        cutOff();
        here.time().setBy(Duration.ofSeconds(50));
        assertThat(here.accepts(key)).isTrue();
        here.time().setBy(HOUR.negated());
        assertThat(here.accepts(key)).isTrue();
        here.time().setBy(HOUR);
        reconnect();

        IssuedKey shorter = issueFor(Duration.ofSeconds(30));
        assertThat(here.accepts(shorter)).isTrue();
    }

    @Test
    void keyThatWasOverByAWrongWallClock_isAcceptedOnceTheStoreAnswers() {
        LeasePolicy patient = LeasePolicy.DEFAULT
                .timing(Duration.ofMillis(10), Duration.ofMillis(200), Duration.ofSeconds(1))
                .balanced(Duration.ofHours(2));
        FaultyStore faults = cluster.faults();
        faults.changeBatches(reading ->
                new ChangeBatch(reading.position(), reading.continuity(), reading.changes(), storeTime.get()));
        here = cluster.node(settings -> settings.lease(patient), faults);
        here.awaitPoll();
        IssuedKey key = issueFor(HOUR);
        assertThat(here.accepts(key)).isTrue();
        cutOff();
        here.time().setBy(HOUR);
        assertThat(here.verify(key)).isEqualTo(EXPIRED);

        reconnect();

        assertThat(here.accepts(key)).isTrue();
    }

    @Test
    void maintenance_whileTheTimeIsWrong_removesNoKeyThatIsGood() {
        IssuedKey key = issueFor(Duration.ofDays(300));
        assertThat(here.keys().maintain().keys()).isZero();
        move(() -> {
            here.time().setBy(DAYS_AHEAD);
            storeTime.updateAndGet(told -> told.plus(DAYS_AHEAD));
        });

        assertThat(here.keys().maintain().keys()).isZero();

        assertThat(here.keys().find(key.key().id())).isPresent();
    }
}
