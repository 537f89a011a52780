package dev.apikeys.gateway;

import dev.apikeys.KeyService;
import dev.apikeys.gateway.Upstream.Reading;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.spi.FeedSource;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay: it follows the changes of a store, and other nodes follow it by {@link RelayClient}. So a store with many nodes is
 * asked by the relay alone. A relay may follow another one.
 *
 * <pre>{@code
 * ChangeFeedServlet relay = ChangeFeedServlet.builder(keys, store::openChangeFeed, Callers.withScope("follow:changes"))
 *         .build();
 * context.addServlet("feed", relay).addMapping("/feed/*"); // and setAsyncSupported(true)
 * }</pre>
 *
 * <ul>
 *   <li>{@code GET changes} says at once what a reader missed, and how old the answer is;
 *   <li>{@code GET wait} is answered when a reader misses something, or after a while. Waiting takes no thread. Nothing
 *       depends on it: it only makes a reader ask earlier.
 * </ul>
 *
 * <p>The revocation bound holds: the relay takes the time before it asks the store, and tells each reader how long ago that
 * was; the reader subtracts this from the time that it took before it asked the relay. Only spans of time are sent. An
 * answer that is older than it may be while nothing fails is 503.
 *
 * <p>A reader at a position that the relay doesn't know, since it comes from elsewhere or was away for long, has the store
 * asked for it. So gaps, and a store that was restored, are told as the store tells them.
 *
 * <p>The container must support asynchronous requests for this servlet and the filters before it. It starts a thread in
 * {@link #init()}, and ends it in {@link #destroy()}.
 *
 * <p>Thread-safe.
 */
public final class ChangeFeedServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeedServlet.class);
    private static final Problem NOT_FOUND = Problem.of(404, "not_found", "there is no such endpoint");
    private static final Problem WRONG_METHOD =
            Problem.of(405, "method_not_allowed", "the method is not allowed").with("Allow", "GET");
    private static final Problem WRONG_VERSION =
            Problem.of(400, "unsupported_version", "this relay speaks version " + FeedJson.VERSION);
    private static final Problem NOT_A_QUESTION = Problem.of(400, "invalid_request", "this is not a question");

    private final transient FeedSource source;
    private final transient Callers.Check callers;
    private final transient KeyService keys;
    private final transient RelayPace pace;
    private final transient NodeClock clock;
    private final transient FeedBoard board;
    private transient @Nullable FeedFollower follower;

    private ChangeFeedServlet(Builder settings) {
        this.source = settings.source;
        this.callers = settings.callers.check(settings.keys);
        this.keys = settings.keys;
        this.pace = settings.pace;
        this.clock = settings.clock;
        this.board = new FeedBoard(new FeedHistory(settings.positions), pace, clock);
    }

    /**
     * Starts a servlet.
     *
     * @param keys verifies the keys of readers; its lease is that of all nodes; the host closes it
     * @param source what the relay follows: {@code store::openChangeFeed}, or another relay
     * @param callers who may follow the relay
     */
    public static Builder builder(KeyService keys, FeedSource source, Callers callers) {
        return new Builder(keys, source, callers);
    }

    /**
     * Asks the store once, and starts to follow it. It doesn't fail if the store can't be reached.
     *
     * @throws ServletException when this relay follows one whose answers are too old for the lease of the nodes
     */
    @Override
    public void init() throws ServletException {
        FeedFollower started = new FeedFollower(new Upstream(source, pace.timeout(), clock), board, pace);
        started.start();
        follower = started;
        Optional<Reading> reading = board.fresh();
        if (reading.isPresent()) {
            try {
                keys.lease().requireTimeFor(board.lag(reading.get()));
            } catch (IllegalStateException tooOld) {
                started.close();
                throw new ServletException(tooOld.getMessage(), tooOld);
            }
        }
    }

    /** Lets every reader go that waits, and ends the thread. */
    @Override
    public void destroy() {
        FeedFollower started = follower;
        if (started != null) {
            started.close();
        }
    }

    /** How many readers wait for a hint now. */
    public int waitingCallers() {
        return board.waitingCallers();
    }

    /** Answers a request of any method. A failure never confirms anything. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Replies.orDeny(LOG, request, response, () -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC
                    && request.getAttribute(Later.ATTRIBUTE) instanceof Later later) {
                later.answer(request, response);
            } else if (callers.admits(request, response)) {
                answer(request, response);
            }
        });
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = String.valueOf(request.getPathInfo());
        if (!path.equals(FeedJson.CHANGES_PATH) && !path.equals(FeedJson.WAIT_PATH)) {
            Replies.send(NOT_FOUND, request, response);
        } else if (!request.getMethod().equals("GET")) {
            Replies.send(WRONG_METHOD, request, response);
        } else if (!FeedQuestion.isThisVersion(request)) {
            Replies.send(WRONG_VERSION, request, response);
        } else {
            FeedQuestion question = FeedQuestion.of(request).orElse(null);
            if (question == null) {
                Replies.send(NOT_A_QUESTION, request, response);
            } else if (path.equals(FeedJson.CHANGES_PATH)) {
                tellChanges(question, request, response);
            } else {
                hint(question, request, response);
            }
        }
    }

    private void tellChanges(FeedQuestion question, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        FeedPosition position = question.position();
        Optional<Reading> known = board.fresh().flatMap(fresh -> board.after(position));
        if (known.isPresent()) {
            Replies.send(written(question, known.get()), request, response);
            return;
        }
        FeedFollower started = follower;
        Optional<CompletableFuture<Reading>> lookedUp =
                started == null || position == null || board.fresh().isEmpty()
                        ? Optional.empty()
                        : started.lookUp(position);
        if (lookedUp.isEmpty()) {
            Replies.send(Problem.UNAVAILABLE, request, response);
            return;
        }
        // Of its own, since others may wait for the same one.
        CompletableFuture<Supplier<byte[]>> mine =
                lookedUp.get().thenApply(reading -> () -> written(question, reading));
        Later.start(request, mine, pace.timeout().multipliedBy(2), null);
    }

    private byte[] written(FeedQuestion question, Reading reading) {
        ChangeBatch batch = reading.batch();
        ChangeBatch now = new ChangeBatch(
                batch.position(), batch.continuity(), batch.changes(), batch.storeTime(), reading.age(clock));
        return FeedJson.write(new FeedAnswer(question.text(), board.lag(reading), now));
    }

    private void hint(FeedQuestion question, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        FeedPosition position = question.position();
        CompletableFuture<FeedHint> change =
                position == null ? null : board.nextChange(position).orElse(null);
        if (change == null || change.isCompletedExceptionally()) {
            Replies.send(Problem.UNAVAILABLE, request, response);
            return;
        }
        Duration patience =
                question.patience().compareTo(pace.longestWait()) < 0 ? question.patience() : pace.longestWait();
        if (change.isDone() || patience.isZero()) {
            Replies.send(change.getNow(FeedHint.NONE).toJson(), request, response);
            change.complete(FeedHint.NONE);
            return;
        }
        CompletableFuture<Supplier<byte[]>> mine = change.thenApply(hint -> hint::toJson);
        // When the time is over, the caller leaves the board too.
        var unused = mine.whenComplete((answer, failure) -> change.complete(FeedHint.NONE));
        Later.start(request, mine, patience, FeedHint.NONE::toJson);
    }

    /**
     * The settings of a relay.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {
        private final KeyService keys;
        private final FeedSource source;
        private final Callers callers;
        private RelayPace pace = RelayPace.DEFAULT;
        private NodeClock clock = NodeClock.SYSTEM;
        private int positions = FeedHistory.MAX_POSITIONS;

        private Builder(KeyService keys, FeedSource source, Callers callers) {
            this.keys = Objects.requireNonNull(keys, "keys");
            this.source = Objects.requireNonNull(source, "source");
            this.callers = Objects.requireNonNull(callers, "callers");
        }

        /**
         * How often to ask (spread by ± 20 %), and how long one question may take; by default 100 ms and 200 ms. What the
         * relay says can be 1.2 times the first plus the second old, and the nodes' Y must have room for that.
         *
         * @throws IllegalArgumentException unless both are 10 ms to a minute
         */
        public Builder polling(Duration every, Duration timeout) {
            Objects.requireNonNull(every, "every");
            Objects.requireNonNull(timeout, "timeout");
            pace = pace.polling(every, timeout);
            return this;
        }

        /**
         * How many readers may wait for a hint at once, and for how long; by default 10,000, for 20 seconds. One more is told
         * 503, and goes on without hints.
         *
         * @throws IllegalArgumentException when there are fewer than none or more than a million, or the time isn't a second
         *     to a minute
         */
        public Builder waiting(int readers, Duration atMost) {
            Objects.requireNonNull(atMost, "atMost");
            pace = pace.waiting(readers, atMost);
            return this;
        }

        /** Both clocks; default the system's. */
        Builder clock(NodeClock clock) {
            this.clock = clock;
            return this;
        }

        /** How many positions of readers are known; for tests. */
        Builder positions(int most) {
            this.positions = most;
            return this;
        }

        /**
         * The servlet.
         *
         * @throws IllegalStateException when what it says would be too old for the lease of the nodes
         */
        public ChangeFeedServlet build() {
            keys.lease().requireTimeFor(pace.lag());
            return new ChangeFeedServlet(this);
        }
    }
}
