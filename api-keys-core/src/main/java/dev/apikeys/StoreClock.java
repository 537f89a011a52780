package dev.apikeys;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the time that the store tells against both clocks of this node, so that a store whose clock jumps for a moment
 * neither ends keys for good nor dates new ones wrongly, and one whose clock is set back revives none.
 *
 * <ul>
 *   <li>A jump forwards counts when this node's wall clock bears it out: it went on as much, or shows the same time. Else
 *       time goes on by elapsed time, and what lies between is in doubt.
 *   <li>A step back counts when it takes back an earlier jump, or when this node's wall clock shows the same time and was
 *       never set. Else time goes on by elapsed time.
 * </ul>
 *
 * <p>Used by one thread at a time.
 */
final class StoreClock {
    /** Clocks that differ by less agree. */
    static final long TOLERANCE_MILLIS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(StoreClock.class);

    private final Moment start;
    private @Nullable Confirmation beforeJump;
    private boolean doubting;

    /** A clock that was not read yet. */
    StoreClock(Moment start) {
        this.start = start;
    }

    /** How the clock moved since the reading before, and what follows from it. */
    enum Movement {
        /** Nothing: the clock went on. */
        STEADY,
        /** To be counted: the clock jumped. */
        JUMPED,
        /** The time that was told until now was too late by more than the tolerance: forget what ended by it. */
        CORRECTED
    }

    /** A reading, and how the clock moved. */
    record Reading(Confirmation confirmation, Movement movement) {}

    /**
     * Reads the clock.
     *
     * @param last what was known before
     * @param asked the moment before the store was asked
     * @param answered taken when it had answered
     * @param told the store's time
     */
    Reading read(Confirmation last, Moment asked, Moment answered, long told) {
        if (!last.tellsTime()) {
            return believe(Confirmation.at(asked, told, Confirmation.NO_TIME), Movement.STEADY);
        }
        long least = last.elapsedMillis(asked.nanos());
        long most = last.elapsedMillis(answered.nanos());
        if (told > most + TOLERANCE_MILLIS) {
            return readAhead(last, asked, answered, told);
        }
        if (told < least - TOLERANCE_MILLIS) {
            return readBehind(last, asked, answered, told);
        }
        boolean wallWasAhead = last.nowMillis(asked.nanos(), asked.wallMillis()) > told + TOLERANCE_MILLIS;
        return believe(Confirmation.at(asked, told, most), wallWasAhead ? Movement.CORRECTED : Movement.STEADY);
    }

    private Reading readAhead(Confirmation last, Moment asked, Moment answered, long told) {
        boolean wallWentOn = told <= last.nowMillis(answered.nanos(), answered.wallMillis()) + TOLERANCE_MILLIS;
        if (wallWentOn || agree(told, answered.wallMillis())) {
            beforeJump = last;
            return believe(Confirmation.at(asked, told, Confirmation.NO_TIME), Movement.STEADY);
        }
        Confirmation ownTime = ownTime(last, asked, answered);
        return doubt(ownTime.doubting(told - ownTime.storeMillis()), "ahead", told);
    }

    private Reading readBehind(Confirmation last, Moment asked, Moment answered, long told) {
        Confirmation jumped = beforeJump;
        boolean takesJumpBack = jumped != null
                && told >= jumped.elapsedMillis(asked.nanos()) - TOLERANCE_MILLIS
                && told <= jumped.elapsedMillis(answered.nanos()) + TOLERANCE_MILLIS;
        if (takesJumpBack || (agree(told, answered.wallMillis()) && wallWasNeverSet(answered))) {
            beforeJump = null;
            return believe(Confirmation.at(asked, told, Confirmation.NO_TIME), Movement.CORRECTED);
        }
        return doubt(ownTime(last, asked, answered), "behind", told);
    }

    private static Confirmation ownTime(Confirmation last, Moment asked, Moment answered) {
        return Confirmation.at(asked, last.elapsedMillis(asked.nanos()), last.elapsedMillis(answered.nanos()));
    }

    private boolean wallWasNeverSet(Moment now) {
        long elapsed = (now.nanos() - start.nanos()) / 1_000_000;
        return agree(now.wallMillis() - start.wallMillis(), elapsed);
    }

    private static boolean agree(long oneMillis, long otherMillis) {
        return Math.abs(oneMillis - otherMillis) <= TOLERANCE_MILLIS;
    }

    private Reading believe(Confirmation told, Movement movement) {
        if (doubting || movement == Movement.CORRECTED) {
            LOG.info("The key store's clock and this node's clocks agree again");
        }
        doubting = false;
        return new Reading(told, movement);
    }

    private Reading doubt(Confirmation ownTime, String where, long told) {
        if (doubting) {
            return new Reading(ownTime, Movement.STEADY);
        }
        doubting = true;
        LOG.warn(
                "The key store's clock is {} by {} s of what this node's clocks say, which is not believed: set one right",
                where,
                Math.abs(told - ownTime.storeMillis()) / 1_000);
        return new Reading(ownTime, Movement.JUMPED);
    }
}
