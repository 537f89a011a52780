package dev.apikeys.password4j;

import dev.apikeys.spi.StepUp.Result;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The turns of password checks. A check takes as many cores as threads compute it, and waits for them in the order of
 * arrival. The places to wait are few, and some of them are for users who have no check yet, so that one user's wrong
 * passwords leave room for the others.
 *
 * <p>Thread-safe.
 */
final class CheckTurns {
    private static final int MAX_WAITING = 64;
    /** Further places to wait, for users who have no other check. */
    private static final int MAX_WAITING_BESIDE = 16;

    private final Semaphore cores;
    private final int allCores;
    /** How many checks a user has; without those who have none. */
    private final ConcurrentMap<String, Integer> checks = new ConcurrentHashMap<>();

    /**
     * Turns on these cores.
     *
     * @param cores a fair semaphore
     */
    CheckTurns(Semaphore cores) {
        this.cores = cores;
        this.allCores = Math.max(1, cores.availablePermits());
    }

    /** Turns on half of the cores. */
    static CheckTurns ofHalfOfTheCores() {
        return new CheckTurns(new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true));
    }

    /**
     * What the check says; {@link Result#BUSY} if it gets no turn.
     *
     * @param threads how many threads compute it
     * @param patience how long it waits
     */
    Result inTurn(String user, int threads, Duration patience, Supplier<Result> check) throws InterruptedException {
        boolean isOnly = checks.merge(user, 1, Integer::sum) == 1;
        try {
            int taken = Math.min(threads, allCores);
            // The length of the queue is an estimate, and a bound for threads needs no more.
            if (cores.getQueueLength() >= (isOnly ? MAX_WAITING + MAX_WAITING_BESIDE : MAX_WAITING)
                    // Not toMillis, which overflows: a patience may have no end.
                    || !cores.tryAcquire(taken, TimeUnit.MILLISECONDS.convert(patience), TimeUnit.MILLISECONDS)) {
                return Result.BUSY;
            }
            try {
                return check.get();
            } finally {
                cores.release(taken);
            }
        } finally {
            checks.computeIfPresent(user, (name, count) -> count == 1 ? null : count - 1);
        }
    }

    /** How many users have a check now. */
    int users() {
        return checks.size();
    }
}
