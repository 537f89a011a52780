package dev.apikeys.gateway;

import dev.apikeys.gateway.LookUps.LookUp;
import dev.apikeys.gateway.Upstream.Reading;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.ChangeFeed.Hint;
import dev.apikeys.spi.FeedPosition;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a feed for a relay: asks again and again, writes down what it is told, and looks up the positions of readers that
 * come from elsewhere. It has one thread, and it alone asks.
 *
 * <p>Thread-safe.
 */
final class FeedFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFollower.class);

    /** Between two questions, whatever hints and readers want. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(10);

    private static final Duration HINT_SLICE = Duration.ofMillis(25);
    private static final int LOOK_UPS_AT_ONCE = 16;

    private final Upstream upstream;
    private final FeedBoard board;
    private final RelayPace pace;
    private final LookUps lookUps = new LookUps();
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "api-keys-relay");
    private volatile @Nullable String lastFailure;

    FeedFollower(Upstream upstream, FeedBoard board, RelayPace pace) {
        this.upstream = upstream;
        this.board = board;
        this.pace = pace;
    }

    /** Asks once on the calling thread, so that the first reader is answered, and then in the background. */
    void start() {
        attempt();
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Asks the feed above what follows a position.
     *
     * @return empty if too many positions are looked up already
     */
    Optional<CompletableFuture<Reading>> lookUp(FeedPosition position) {
        return lookUps.want(position);
    }

    private void run() {
        long asked = System.nanoTime();
        while (!isClosed()) {
            try {
                // From the question on, so that a slow answer makes no later one too old. A store in trouble gets a
                // rest.
                pause(lastFailure == null ? asked : System.nanoTime());
                asked = System.nanoTime();
                if (!isClosed()) {
                    attempt();
                }
            } catch (Throwable anything) {
                // Without this thread the relay would never answer again.
                lastFailure = anything.getClass().getName();
            }
        }
        upstream.close();
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void attempt() {
        boolean failedBefore = lastFailure != null;
        Throwable failure = tryToFollow();
        // The first failure may come from a connection that broke unnoticed.
        if (failure != null && !failedBefore && !isClosed()) {
            failure = tryToFollow();
        }
        // Only the class of the exception: a driver's message may quote values.
        lastFailure = failure == null ? null : failure.getClass().getName();
        if (failure != null) {
            lookUps.fail();
        }
        if (failure != null && !failedBefore) {
            LOG.warn("The relay can't ask for changes: {}", lastFailure);
        } else if (failure == null && failedBefore) {
            LOG.info("The relay is answered again");
        }
    }

    private @Nullable Throwable tryToFollow() {
        try {
            // With a slow store they would make what the relay knows too old.
            long noMoreLookUps = System.nanoTime() + pace.poll().toNanos() / 2;
            follow();
            int lookedUp = 0;
            do {
                // One by one, so that those behind one that fails are still waiting.
                lookUps.take(1).forEach(this::answer);
                lookedUp++;
            } while (lookedUp < LOOK_UPS_AT_ONCE && noMoreLookUps - System.nanoTime() > 0);
            return null;
        } catch (Throwable failure) {
            upstream.close();
            return failure;
        }
    }

    private void follow() {
        Reading reading;
        do {
            reading = upstream.read(board.head());
            board.add(reading);
        } while (reading.batch().continuity() == Continuity.PARTIAL && !isClosed());
    }

    /** The head was read before, so a reader that is told the rest is at the head or behind it. */
    private void answer(LookUp lookUp) {
        try {
            Reading reading = upstream.read(lookUp.position()).bounded();
            if (reading.batch().continuity() != Continuity.PARTIAL) {
                board.remember(reading.batch().position());
            }
            lookUp.answer().complete(reading);
        } catch (Throwable failure) {
            lookUp.answer().completeExceptionally(failure);
            throw failure;
        }
    }

    private void pause(long since) throws InterruptedException {
        long usual = pace.poll().toNanos() * (lastFailure != null ? 2 : 1);
        long deadline = since + (long) (usual * (0.8 + 0.4 * random.nextDouble()));
        if (closed.await(LEAST_PAUSE.toNanos(), TimeUnit.NANOSECONDS)) {
            return;
        }
        for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
            if (isClosed() || !lookUps.isEmpty()) {
                return;
            }
            Duration slice = Duration.ofNanos(Math.min(left, HINT_SLICE.toNanos()));
            long sliceEnd = System.nanoTime() + slice.toNanos();
            Hint hint = upstream.awaitHint(slice);
            // A feed that says too early that there is none must not be asked without a pause.
            if (hint == Hint.ARRIVED || closed.await(sliceEnd - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    /** Lets everybody go who waits, and ends the thread. */
    @Override
    public void close() {
        closed.countDown();
        board.close();
        lookUps.close();
        try {
            thread.join(pace.timeout().multipliedBy(2).toMillis());
            if (upstream.isOpening()) {
                // In the middle of a statement an interrupt would break some embedded databases.
                thread.interrupt();
                thread.join(pace.timeout().toMillis());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
