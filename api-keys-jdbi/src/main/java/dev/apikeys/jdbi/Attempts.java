package dev.apikeys.jdbi;

import dev.apikeys.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether one call is tried again. After a deadlock, a serialization failure or a broken connection the
 * transaction was rolled back: it is run again at most three times, and in MariaDB after a deadlock, which in a Galera
 * cluster is any change that another one won over, as long as one statement may take. After a COMMIT without an answer it is
 * run again until somebody knows what became of it, also as long as one statement may take.
 *
 * <p>One object for one call; not thread-safe.
 */
final class Attempts {
    /** How often a transaction that was rolled back is run again. */
    static final int RETRIES = 3;

    /** Longest pause before the first retry; doubled for each further retry. */
    private static final int PAUSE_MILLIS = 20;

    private static final int MAX_DOUBLINGS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final String goal;
    private final long patienceNanos;
    private long since = System.nanoTime();
    private int failures;
    private boolean unanswered;

    /**
     * Before the first attempt.
     *
     * @param goal the purpose, as in "could not <i>store the key</i>"
     * @param patience no attempt begins later than so long after the first, and none later than so long after a COMMIT
     *     that went unanswered
     */
    Attempts(String goal, Duration patience) {
        this.goal = goal;
        this.patienceNanos = patience.toNanos();
    }

    /**
     * To be called after an attempt that failed; returns after a short pause when there is to be another one.
     *
     * @throws StoreUnavailableException when there is none
     */
    void failed(Exception failure) {
        Throwable cause = SqlFailure.cause(failure);
        if (cause instanceof UnansweredCommit && !unanswered) {
            unanswered = true;
            since = System.nanoTime();
        }
        // Some databases report a lock time-out after one statement has waited for its whole time-out. That isn't
        // repeated.
        boolean late = System.nanoTime() - since >= patienceNanos;
        boolean again = unanswered || SqlFailure.isLostConflict(cause) || (failures < RETRIES && isRolledBack(cause));
        if (late || !again) {
            throw givenUp(cause);
        }
        failures++;
        LOG.debug("could not {}, retry {}", goal, failures);
        pause(cause);
    }

    private static boolean isRolledBack(Throwable cause) {
        return SqlFailure.isWorthAnotherTry(cause) || SqlFailure.isConnectionLost(cause);
    }

    private StoreUnavailableException givenUp(Throwable cause) {
        return unanswered
                ? StoreUnavailableException.outcomeUnknown(
                        "could not find out whether the database did this: " + goal, cause)
                : unavailable(goal, cause);
    }

    /** What a call throws that could not be carried out. */
    static StoreUnavailableException unavailable(String goal, Throwable cause) {
        String message = "could not " + goal;
        if (cause instanceof NoConnection none) {
            message += ": " + none.getMessage();
        } else if (SqlFailure.isStatementOfAnotherConnection(cause)) {
            message +=
                    ": a pooler between the driver and PostgreSQL mixes up prepared statements; add prepareThreshold=0"
                            + " to the JDBC URL";
        }
        return SqlFailure.isTimeout(cause)
                ? StoreUnavailableException.timedOut(message + " in time", cause)
                : new StoreUnavailableException(message, cause);
    }

    private void pause(Throwable cause) {
        try {
            long bound = (long) PAUSE_MILLIS << Math.min(failures - 1, MAX_DOUBLINGS);
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, bound));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw givenUp(cause);
        }
    }
}
