package dev.apikeys.gateway;

import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The feed of a relay. Each question carries a random text that the answer repeats, so an answer was made after its question,
 * and none that something on the way has kept confirms anything.
 *
 * <p>Used by one thread.
 */
final class RelayedFeed implements ChangeFeed {
    private static final String GOAL = "read what changed from the relay";
    private static final int OK = 200;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    /** A relay that gives no hints, or answers without waiting, is not asked for them for a while. */
    private static final Duration WITHOUT_HINTS = Duration.ofSeconds(5);

    private final RelayCall call;
    private final RelayTrouble trouble;
    private final Duration timeout;
    private final Duration longestWait;
    private Duration lag = Duration.ZERO;
    private @Nullable FeedPosition position;
    private @Nullable Waiting waiting;
    private long noHintsUntil = System.nanoTime();

    RelayedFeed(RelayCall call, RelayTrouble trouble, Duration timeout) {
        this(call, trouble, timeout, LONGEST_WAIT);
    }

    /** A feed that waits so long for a hint. */
    RelayedFeed(RelayCall call, RelayTrouble trouble, Duration timeout, Duration longestWait) {
        this.call = call;
        this.trouble = trouble;
        this.timeout = timeout;
        this.longestWait = longestWait;
    }

    /**
     * A question for a hint that is under way, or answered and not yet followed.
     *
     * @param due when to follow it; 0 before the answer
     */
    private record Waiting(
            FeedPosition from, long since, CompletableFuture<HttpResponse<byte[]>> answer, AtomicLong due) {}

    @Override
    public ChangeBatch read(@Nullable FeedPosition last) {
        // Guessing is no threat: only what lies on the way could use it, and that sees it.
        String question = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        try {
            HttpResponse<byte[]> response = await(call.changes(question, last));
            trouble.note(response.statusCode());
            if (response.statusCode() != OK) {
                throw new IOException("the relay answers " + response.statusCode());
            }
            FeedAnswer answer = FeedAnswerReader.read(response.body());
            check(answer, question, last);
            lag = answer.lag();
            position = answer.batch().position();
            return answer.batch();
        } catch (TimeoutException late) {
            throw StoreUnavailableException.timedOut("could not " + GOAL, late);
        } catch (IOException | RuntimeException failure) {
            throw new StoreUnavailableException("could not " + GOAL, failure);
        }
    }

    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer)
            throws IOException, TimeoutException {
        try {
            // The client's own time-out may end with the headers.
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            // Some exceptions of the client quote the address, none the headers.
            throw new IOException("no answer of the relay", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            answer.cancel(true);
        }
    }

    private static void check(FeedAnswer answer, String question, @Nullable FeedPosition last) throws IOException {
        ChangeBatch batch = answer.batch();
        require(answer.question().equals(question), "the answer is for another question");
        require(batch.age().compareTo(answer.lag()) <= 0, "the answer is older than it may be");
        boolean goesOn = batch.continuity() == Continuity.CONTINUOUS || batch.continuity() == Continuity.PARTIAL;
        if (last == null) {
            require(batch.continuity() == Continuity.CONTINUOUS, "a first answer has no past");
            require(batch.changes().isEmpty(), "a first answer has no past");
        } else if (goesOn) {
            long moved = batch.position().epoch() - last.epoch();
            boolean isPartial = batch.continuity() == Continuity.PARTIAL;
            require(batch.position().incarnation().equals(last.incarnation()), "the answer is about another history");
            require(moved > 0 || (moved == 0 && !isPartial), "the answer goes back");
            require(moved > 0 || batch.position().stamp() == last.stamp(), "the answer is about another history");
            require(moved == 0 || !batch.changes().isEmpty(), "the answer leaves changes out");
        }
    }

    private static void require(boolean isSo, String otherwise) throws IOException {
        if (!isSo) {
            throw new IOException(otherwise);
        }
    }

    @Override
    public Duration lag() {
        return lag;
    }

    /**
     * Asks once and then waits for the answer again and again. A hint that was overtaken by a reading is none. One that
     * everybody gets is followed after a random time, so that the relay isn't asked by all at once.
     */
    @Override
    public Hint awaitHint(Duration atMost) {
        Objects.requireNonNull(atMost, "atMost");
        FeedPosition from = position;
        Waiting open = waiting;
        if (open != null && open.answer().isDone() && !open.from().equals(from)) {
            open = null;
        }
        if (open != null && isOverdue(open)) {
            // Half of an answer may be there.
            close();
            open = null;
            noHintsUntil = System.nanoTime() + WITHOUT_HINTS.toNanos();
        }
        if (from == null || (open == null && System.nanoTime() - noHintsUntil < 0)) {
            waiting = null;
            return Hint.UNSUPPORTED;
        }
        if (open == null) {
            open = new Waiting(from, System.nanoTime(), call.hint("hint", from, longestWait), new AtomicLong());
        }
        waiting = open;
        return hint(open, atMost);
    }

    private boolean isOverdue(Waiting open) {
        long most = longestWait.plus(timeout).toNanos();
        return !open.answer().isDone() && System.nanoTime() - open.since() > most;
    }

    private Hint hint(Waiting open, Duration atMost) {
        try {
            long end = System.nanoTime() + atMost.toNanos();
            HttpResponse<byte[]> response = open.answer().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            FeedHint hint = response.statusCode() == OK ? FeedHint.read(response.body()) : FeedHint.NONE;
            if (hint.changed()) {
                return follow(open, hint, end);
            }
            waiting = null;
            if (response.statusCode() == OK && System.nanoTime() - open.since() > TimeUnit.SECONDS.toNanos(1)) {
                return Hint.NONE;
            }
        } catch (TimeoutException notYet) {
            return Hint.NONE;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Hint.NONE;
        } catch (ExecutionException failure) {
            waiting = null;
        }
        noHintsUntil = System.nanoTime() + WITHOUT_HINTS.toNanos();
        return Hint.UNSUPPORTED;
    }

    private Hint follow(Waiting open, FeedHint hint, long end) {
        if (open.due().get() == 0) {
            long spread = hint.spread().toNanos();
            open.due()
                    .set(System.nanoTime()
                            + (spread == 0 ? 0 : ThreadLocalRandom.current().nextLong(spread)));
        }
        long left = open.due().get() - System.nanoTime();
        if (left > 0) {
            LockSupport.parkNanos(Math.min(left, Math.max(0, end - System.nanoTime())));
        }
        if (open.due().get() - System.nanoTime() > 0) {
            return Hint.NONE;
        }
        waiting = null;
        return Hint.ARRIVED;
    }

    /** Ends what is under way. The connections belong to the client. */
    @Override
    public void close() {
        Waiting open = waiting;
        waiting = null;
        if (open != null) {
            open.answer().cancel(true);
        }
    }
}
