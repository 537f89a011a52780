package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.StoreClock.Movement;
import dev.apikeys.StoreClock.Reading;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat T56, to the millisecond: what is believed of a store's clock, and what is not. */
class StoreClockTest {
    private static final long TOLERANCE = StoreClock.TOLERANCE_MILLIS;
    /** Elapsed time doesn't begin at 0. */
    private static final long START_MILLIS = 7_000_000_000L;
    /** This node's wall clock at the start. */
    private static final long WALL = 1_700_000_000_000L;
    /** Farther apart than clocks that agree. */
    private static final long FAR = 10 * TOLERANCE;

    private static final Moment START = moment(0, 0);
    private static final Moment ASKED = moment(1_000, 0);
    private static final Moment ANSWERED = moment(1_500, 0);
    private static final Moment ASKED_AGAIN = moment(2_000, 0);
    private static final Moment ANSWERED_AGAIN = moment(2_500, 0);

    private final StoreClock clock = new StoreClock(START);

    /** So long after the start by elapsed time; the wall clock is ahead of that by so much. */
    private static Moment moment(long millis, long wallAhead) {
        return new Moment(TimeUnit.MILLISECONDS.toNanos(START_MILLIS + millis), WALL + millis + wallAhead);
    }

    private static Confirmation known(long storeMillis) {
        return Confirmation.at(START, storeMillis, Confirmation.NO_TIME);
    }

    private void assertBelieved(Reading reading, long told, Movement movement) {
        assertThat(reading.movement()).isEqualTo(movement);
        assertThat(reading.confirmation().storeMillis()).isEqualTo(told);
        assertThat(reading.confirmation().aheadMillis()).isZero();
    }

    /** Time went on by elapsed time alone since the store told this at the start. */
    private void assertDoubted(Reading reading, long atStart, long ahead) {
        assertThat(reading.movement()).isEqualTo(Movement.JUMPED);
        assertThat(reading.confirmation().storeMillis()).isEqualTo(atStart + 1_000);
        assertThat(reading.confirmation().floorMillis()).isEqualTo(atStart + 1_500);
        assertThat(reading.confirmation().aheadMillis()).isEqualTo(ahead);
    }

    @Test
    void firstReading_isBelieved() {
        Reading reading = clock.read(Confirmation.withoutTime(START), ASKED, ANSWERED, 5);
        assertBelieved(reading, 5, Movement.STEADY);
        assertThat(reading.confirmation().floorMillis()).isEqualTo(Confirmation.NO_TIME);
    }

    @Test
    void step_withinTheTolerance_isBelieved_andNeverTakesTimeBack() {
        long store = WALL + FAR;
        long latest = store + 1_500 + TOLERANCE;
        Reading ahead = clock.read(known(store), ASKED, ANSWERED, latest);
        assertBelieved(ahead, latest, Movement.STEADY);
        assertThat(ahead.confirmation().floorMillis()).isEqualTo(store + 1_500);
        long earliest = store + 1_000 - TOLERANCE;
        Reading back = clock.read(known(store), ASKED, ANSWERED, earliest);
        assertBelieved(back, earliest, Movement.STEADY);
        assertThat(back.confirmation().floorMillis()).isEqualTo(store + 1_500);
    }

    @Test
    void step_overTheTolerance_isNotBelieved() {
        long store = WALL + FAR;
        long later = store + 1_500 + TOLERANCE + 1;
        assertDoubted(clock.read(known(store), ASKED, ANSWERED, later), store, TOLERANCE + 501);
        long earlier = store + 1_000 - TOLERANCE - 1;
        assertDoubted(new StoreClock(START).read(known(store), ASKED, ANSWERED, earlier), store, 0);
    }

    @Test
    void jump_thatTheWallClockMadeToo_isBelieved() {
        long store = WALL + FAR;
        long slept = 5 * TOLERANCE;
        Moment asked = moment(1_000, slept);
        Moment answered = moment(1_500, slept);
        long latest = store + 1_500 + slept + TOLERANCE;
        assertBelieved(clock.read(known(store), asked, answered, latest), latest, Movement.STEADY);
        assertDoubted(clock.read(known(store), asked, answered, latest + 1), store, latest + 1 - store - 1_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void jump_toTheTimeOfTheWallClock_isBelieved(long side) {
        long store = WALL - FAR;
        long told = ANSWERED.wallMillis() + side * TOLERANCE;
        assertBelieved(clock.read(known(store), ASKED, ANSWERED, told), told, Movement.STEADY);
        assertDoubted(clock.read(known(store), ASKED, ANSWERED, told + side), store, told + side - store - 1_000);
    }

    @Test
    void jump_thatIsTakenBack_isCorrected() {
        long store = WALL - FAR;
        long earliest = store + 2_000 - TOLERANCE;
        long latest = store + 2_500 + TOLERANCE;
        for (long told : new long[] {earliest, latest}) {
            assertBelieved(takeBack(store, told), told, Movement.CORRECTED);
        }
        for (long told : new long[] {earliest - 1, latest + 1}) {
            assertThat(takeBack(store, told).movement()).isEqualTo(Movement.JUMPED);
        }
    }

    private static Reading takeBack(long store, long told) {
        StoreClock clock = new StoreClock(START);
        Reading jumped = clock.read(known(store), ASKED, ANSWERED, ANSWERED.wallMillis());
        return clock.read(jumped.confirmation(), ASKED_AGAIN, ANSWERED_AGAIN, told);
    }

    @Test
    void jump_isTakenBackOnce() {
        long store = WALL - FAR;
        Reading jumped = clock.read(known(store), ASKED, ANSWERED, ANSWERED.wallMillis());
        clock.read(jumped.confirmation(), ASKED_AGAIN, ANSWERED_AGAIN, store + 2_000);

        Reading again = clock.read(jumped.confirmation(), ASKED_AGAIN, ANSWERED_AGAIN, store + 2_000);

        assertThat(again.movement()).isEqualTo(Movement.JUMPED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void stepBack_toAWallClockThatWasNeverSet_isBelieved(long side) {
        long store = WALL + FAR;
        long set = side * TOLERANCE;
        Moment never = moment(1_500, set);
        assertBelieved(
                clock.read(known(store), moment(1_000, set), never, never.wallMillis()),
                never.wallMillis(),
                Movement.CORRECTED);
        Moment once = moment(1_500, set + side);
        assertThat(clock.read(known(store), moment(1_000, set + side), once, once.wallMillis())
                        .movement())
                .isEqualTo(Movement.JUMPED);
    }

    @Test
    void wallClock_thatWasAheadSinceTheLatestReading_isCorrected() {
        long store = WALL + FAR;
        for (long ahead : new long[] {TOLERANCE, TOLERANCE + 1}) {
            Reading reading = clock.read(known(store), moment(1_000, ahead), moment(1_500, ahead), store + 1_000);
            assertBelieved(reading, store + 1_000, ahead > TOLERANCE ? Movement.CORRECTED : Movement.STEADY);
        }
    }

    @Test
    void doubt_isCountedOnce_untilTheClocksAgreeAgain() {
        long store = WALL + FAR;
        long jumped = store + FAR;
        assertThat(clock.read(known(store), ASKED, ANSWERED, jumped).movement()).isEqualTo(Movement.JUMPED);
        assertThat(clock.read(known(store), ASKED, ANSWERED, jumped).movement()).isEqualTo(Movement.STEADY);
        assertBelieved(clock.read(known(store), ASKED, ANSWERED, store + 1_000), store + 1_000, Movement.STEADY);
        assertThat(clock.read(known(store), ASKED, ANSWERED, jumped).movement()).isEqualTo(Movement.JUMPED);
    }
}
