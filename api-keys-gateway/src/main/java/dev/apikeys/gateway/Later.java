package dev.apikeys.gateway;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that is answered later. Until then it takes no thread. A thread of the container writes the answer, so that a
 * client that doesn't read holds up nobody else.
 *
 * <p>Thread-safe.
 */
final class Later implements AsyncListener {
    /** Where the request carries it, for the dispatch that answers. */
    static final String ATTRIBUTE = Later.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(Later.class);

    private final CompletableFuture<Supplier<byte[]>> answer;
    private final @Nullable Supplier<byte[]> otherwise;
    private volatile boolean over;

    private Later(CompletableFuture<Supplier<byte[]>> answer, @Nullable Supplier<byte[]> otherwise) {
        this.answer = answer;
        this.otherwise = otherwise;
    }

    /**
     * Lets the request wait.
     *
     * @param answer of its own; it is completed when the time is over or the client is gone. The thread that answers makes
     *     the text, so that one that completes many answers isn't held up
     * @param otherwise what to answer when the time is over; null for 503
     */
    static void start(
            HttpServletRequest request,
            CompletableFuture<Supplier<byte[]>> answer,
            Duration atMost,
            @Nullable Supplier<byte[]> otherwise) {
        if (!request.isAsyncSupported()) {
            LOG.error("Set asyncSupported for the relay's servlet and for the filters before it");
        }
        Later later = new Later(answer, otherwise);
        request.setAttribute(ATTRIBUTE, later);
        AsyncContext context;
        try {
            context = request.startAsync();
        } catch (IllegalStateException unsupported) {
            // Nobody else would end it.
            answer.completeExceptionally(unsupported);
            throw unsupported;
        }
        context.setTimeout(Math.max(1, atMost.toMillis()));
        context.addListener(later);
        var unused = answer.whenComplete((json, failure) -> later.finish(context, json));
    }

    private void finish(AsyncContext context, @Nullable Supplier<byte[]> json) {
        if (over) {
            return;
        }
        try {
            if (json != null) {
                context.dispatch();
                return;
            }
        } catch (RuntimeException refused) {
            LOG.debug("The container dispatches no more");
        }
        // Also when the relay ends: then nothing may be dispatched any more.
        end(context);
    }

    private static void end(AsyncContext context) {
        try {
            if (context.getResponse() instanceof HttpServletResponse response) {
                response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            }
            context.complete();
        } catch (RuntimeException gone) {
            LOG.debug("A reader was gone before it was answered");
        }
    }

    /** Answers, on the thread of the dispatch. */
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Replies.send(answer.join().get(), request, response);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        if (otherwise == null) {
            answer.completeExceptionally(new CancellationException("the time is over"));
        } else {
            answer.complete(otherwise);
        }
    }

    @Override
    public void onError(AsyncEvent event) {
        forget();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        forget();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // It is never started again.
    }

    private void forget() {
        over = true;
        answer.completeExceptionally(new CancellationException("the reader is gone"));
    }
}
