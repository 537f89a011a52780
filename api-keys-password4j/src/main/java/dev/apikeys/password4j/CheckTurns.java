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
 * arrival. The places are few, for all users together and for each one, so that one user's wrong passwords leave places for
 * the others.
 *
 * <p>Thread-safe.
 */
final class CheckTurns {
    private static final int MAX_WAITING = 64;
    /** The most checks of one user, those that wait included. */
    private static final int MAX_OF_A_USER = 2;

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
        if (!enter(user)) {
            return Result.BUSY;
        }
        try {
            int taken = Math.min(threads, allCores);
            // The length of the queue is an estimate, and a bound for threads needs no more.
            if (cores.getQueueLength() >= MAX_WAITING
                    || !cores.tryAcquire(taken, patience.toMillis(), TimeUnit.MILLISECONDS)) {
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

    private boolean enter(String user) {
        Integer count = checks.get(user);
        while (count == null || count < MAX_OF_A_USER) {
            boolean entered =
                    count == null ? checks.putIfAbsent(user, 1) == null : checks.replace(user, count, count + 1);
            if (entered) {
                return true;
            }
            count = checks.get(user);
        }
        return false;
    }

    /** How many users have a check now. */
    int users() {
        return checks.size();
    }
}
