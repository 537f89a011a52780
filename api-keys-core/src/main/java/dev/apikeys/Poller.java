package dev.apikeys;

import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.spi.FeedSource;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the store for changes of other nodes, makes the cache forget the changed keys, and only then renews the
 * {@link Lease}. It has one thread and its own connection.
 *
 * <p>Thread-safe.
 */
final class Poller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    /** How often the thread stops waiting for hints, to check whether another thread wakes it. */
    private static final Duration HINT_SLICE = Duration.ofMillis(25);

    private static final int MAX_CAUSES = 50;
    private static final String OUT_OF_ORDER = Throwable.class.getName();

    private final FeedSource source;
    private final LeasePolicy policy;
    private final SecureRandom random = new SecureRandom();
    private final LocalState state;
    private final Counters counters;
    private final Semaphore woken = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "api-keys-poll");

    private volatile boolean closed;
    private volatile @Nullable String lastFailure;
    private volatile boolean hanging;
    private volatile boolean connecting;
    private volatile CompletableFuture<Boolean> nextAttempt = new CompletableFuture<>();
    private @Nullable ChangeFeed feed;
    private @Nullable FeedPosition position;
    private @Nullable IllegalStateException unfit;

    Poller(FeedSource source, LeasePolicy policy, LocalState state, Counters counters) {
        this.source = source;
        this.policy = policy;
        this.state = state;
        this.counters = counters;
    }

    /**
     * Polls once on the calling thread, so that a new service is current, and then in the background.
     *
     * @throws IllegalStateException when the feed's answers are too old for the policy
     */
    void start() {
        attempt();
        IllegalStateException refused = unfit;
        if (refused != null) {
            throw refused;
        }
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Polls now and waits for the answer, at most three time-outs.
     *
     * @return whether the store confirmed; false at once while it can't be reached
     */
    boolean confirmNow() {
        if (lastFailure != null || hanging || closed) {
            return false;
        }
        CompletableFuture<Boolean> attempt = nextAttempt;
        woken.release();
        try {
            // An earlier attempt may be running and has to end first.
            return attempt.get(policy.pollTimeout().multipliedBy(3).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException noAnswer) {
            // One caller has waited without success. The next ones don't wait until there is an answer.
            hanging = true;
            return false;
        } catch (ExecutionException impossible) {
            return false;
        }
    }

    /** How the service is. */
    KeyServiceHealth health() {
        return state.lease().health(lastFailure);
    }

    private void run() {
        long asked = System.nanoTime();
        while (!closed) {
            try {
                // From the question on: a slow answer must not use up the lease. A store in trouble gets a rest.
                pause(lastFailure == null ? asked : System.nanoTime());
                asked = System.nanoTime();
                if (!closed) {
                    attempt();
                }
            } catch (Throwable anything) {
                // Even for a log message there may be no memory: the next attempt shows it again.
                lastFailure = OUT_OF_ORDER;
            }
        }
        closeFeed();
    }

    private void attempt() {
        CompletableFuture<Boolean> mine = nextAttempt;
        nextAttempt = new CompletableFuture<>();
        try {
            attemptOnce();
        } finally {
            mine.complete(lastFailure == null);
        }
    }

    private void attemptOnce() {
        // The first failure may come from a connection that broke unnoticed. Then a new connection answers.
        Throwable failure = tryToPoll();
        boolean failedBefore = lastFailure != null;
        if (failure != null && !failedBefore && !closed) {
            failure = tryToPoll();
        }
        // Only the class of the exception: a driver's message may quote values.
        lastFailure = failure == null ? null : kind(failure);
        hanging = false;
        if (failure != null && !failedBefore) {
            LOG.warn("The key store can't be asked for changes: {}", lastFailure);
        } else if (failure == null && failedBefore) {
            LOG.info("The key store answers again");
        }
    }

    /** The class of the innermost cause: that the store is unavailable is known. Causes may go round in a circle. */
    private static String kind(Throwable failure) {
        Throwable innermost = failure;
        for (int i = 0; i < MAX_CAUSES && innermost.getCause() != null; i++) {
            innermost = innermost.getCause();
        }
        return innermost.getClass().getName();
    }

    /** The thread continues after every failure, errors included. Without it the node would never confirm again. */
    private @Nullable Throwable tryToPoll() {
        try {
            poll();
            return null;
        } catch (Throwable failure) {
            counters.failedPolls.increment();
            closeFeed();
            return failure;
        }
    }

    private void poll() {
        ChangeFeed open = feed;
        if (open == null) {
            open = opened();
            feed = open;
        }
        Moment asked;
        ChangeBatch batch;
        do {
            // Before each part: only the last one tells that there is no more.
            asked = state.lease().moment();
            batch = open.read(position);
            requireTimeFor(open.lag());
            asked = asked.earlier(batch.age());
            apply(batch);
            position = batch.position();
        } while (batch.continuity() == ChangeBatch.Continuity.PARTIAL && !closed);
        if (batch.continuity() != ChangeBatch.Continuity.PARTIAL) {
            react(state.lease().confirm(asked, batch.time()));
            counters.polls.increment();
        }
    }

    private ChangeFeed opened() {
        connecting = true;
        try {
            return source.open(policy.pollTimeout());
        } finally {
            connecting = false;
        }
    }

    /** A relay may be set to another pace while this node runs, so it is checked each time. */
    private void requireTimeFor(Duration lag) {
        try {
            policy.requireTimeFor(lag);
            unfit = null;
        } catch (IllegalStateException tooOld) {
            if (unfit == null) {
                LOG.error("This node can't follow its relay: {}", tooOld.getMessage());
            }
            unfit = tooOld;
            throw tooOld;
        }
    }

    private void apply(ChangeBatch batch) {
        boolean goesOn = batch.continuity() == ChangeBatch.Continuity.CONTINUOUS
                || batch.continuity() == ChangeBatch.Continuity.PARTIAL;
        if (position != null && goesOn) {
            state.forget(batch.changes());
        } else {
            forgetAll(batch);
        }
    }

    private void react(StoreClock.Movement clock) {
        switch (clock) {
            case STEADY -> {}
            case JUMPED -> counters.clockJumps.increment();
            // Keys that were over by the wrong time remember it.
            case CORRECTED -> state.forgetAll();
        }
    }

    private void forgetAll(ChangeBatch batch) {
        if (position != null && batch.continuity() == ChangeBatch.Continuity.REWOUND) {
            counters.rewinds.increment();
            LOG.error("The key store was restored to an older state or created again: all that was cached is dropped;"
                    + " revocations since that state are lost and must be repeated");
        }
        state.forgetAll();
    }

    private void pause(long since) {
        // A store in trouble is asked half as often.
        long usual = policy.pollInterval().toNanos() * (lastFailure != null ? 2 : 1);
        long nanos = (long) (usual * (0.8 + 0.4 * random.nextDouble()));
        long deadline = since + nanos;
        try {
            // Many hints don't remove the pause between two polls.
            if (woken.tryAcquire(Math.min(nanos, HINT_SLICE.toNanos()), TimeUnit.NANOSECONDS)) {
                return;
            }
            for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
                Duration slice = Duration.ofNanos(Math.min(left, HINT_SLICE.toNanos()));
                long sliceEnd = System.nanoTime() + slice.toNanos();
                ChangeFeed.Hint hint = hint(slice);
                // A feed that says "none" too early must not be asked without a pause.
                long wait = hint == ChangeFeed.Hint.NONE ? sliceEnd - System.nanoTime() : left;
                if (hint == ChangeFeed.Hint.ARRIVED || woken.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException notOurs) {
            // Only close() ends the thread. Any other interrupt only causes an earlier poll.
            LOG.debug("Interrupted while waiting for the next question to the key store");
        } finally {
            woken.drainPermits();
        }
    }

    private ChangeFeed.Hint hint(Duration atMost) {
        ChangeFeed open = feed;
        try {
            return open == null ? ChangeFeed.Hint.UNSUPPORTED : open.awaitHint(atMost);
        } catch (Throwable broken) {
            closeFeed();
            return ChangeFeed.Hint.UNSUPPORTED;
        }
    }

    private void closeFeed() {
        ChangeFeed open = feed;
        feed = null;
        if (open != null) {
            try {
                open.close();
            } catch (Throwable alreadyGone) {
                LOG.debug(
                        "A broken feed could not be closed: {}",
                        alreadyGone.getClass().getName());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        state.lease().end();
        woken.release();
        nextAttempt.complete(false);
        try {
            thread.join(policy.pollTimeout().multipliedBy(2).toMillis());
            if (connecting) {
                // It may never come. In the middle of a statement an interrupt would break some embedded databases.
                thread.interrupt();
                thread.join(policy.pollTimeout().toMillis());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
