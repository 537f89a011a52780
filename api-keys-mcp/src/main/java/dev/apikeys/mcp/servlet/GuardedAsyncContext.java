package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.FailureLog;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The asynchronous part of a request whose answer is filtered: what was held back goes out before it ends. Where the server
 * fails or takes too long, its own listeners come first. If none of them ends the request, the guard answers, because the
 * container's page may show a stack trace.
 *
 * <p>As safe for threads as the container's own.
 */
final class GuardedAsyncContext implements AsyncContext {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedAsyncContext.class);

    private final AsyncContext real;
    private final GuardedResponse response;
    private final List<Heard> listeners;
    private volatile boolean ended;
    private volatile boolean goesOn = true;

    GuardedAsyncContext(AsyncContext real, GuardedResponse response) {
        this.real = real;
        this.response = response;
        this.listeners = new CopyOnWriteArrayList<>(response.startedAsync(this));
        real.addListener(new Events());
    }

    /**
     * A listener of the server's.
     *
     * @param request what it wants to be told, or null
     * @param answer what it wants to be told, or null
     */
    record Heard(
            AsyncListener listener,
            @Nullable ServletRequest request,
            @Nullable ServletResponse answer) {}

    /** Tells a listener what happened. */
    @FunctionalInterface
    private interface Call {
        void on(AsyncListener listener, AsyncEvent event) throws IOException;
    }

    List<Heard> listeners() {
        return List.copyOf(listeners);
    }

    /** Tells whether the server goes on when the present dispatch ends. */
    boolean goesOn() {
        return goesOn;
    }

    /** A later dispatch began. */
    void dispatched() {
        goesOn = false;
    }

    /** The server threw something; false where it is too late to say so. */
    boolean failed(Throwable failure) throws IOException {
        tell(AsyncListener::onError, failure);
        if (ended) {
            return true;
        }
        boolean answered = response.answerFailure();
        if (answered) {
            complete();
        }
        return answered;
    }

    private void tell(Call call, @Nullable Throwable failure) {
        for (Heard heard : listeners) {
            try {
                call.on(heard.listener, new AsyncEvent(this, heard.request, heard.answer, failure));
            } catch (IOException | RuntimeException thrown) {
                LOG.warn("a listener of the MCP server failed: {}", FailureLog.line(thrown));
            }
        }
    }

    /** What the container tells. */
    private final class Events implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            tell(AsyncListener::onComplete, event.getThrowable());
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            tell(AsyncListener::onTimeout, event.getThrowable());
            if (!ended && response.answerFailure()) {
                LOG.warn("the MCP server did not answer in time");
                complete();
            }
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            Throwable failure = event.getThrowable();
            failed(failure == null ? new IllegalStateException("unknown") : failure);
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            List<Heard> present = listeners();
            // Those that want to hear of the next time say so now.
            listeners.clear();
            for (Heard heard : present) {
                try {
                    heard.listener.onStartAsync(new AsyncEvent(GuardedAsyncContext.this, heard.request, heard.answer));
                } catch (IOException | RuntimeException thrown) {
                    LOG.warn("a listener of the MCP server failed: {}", FailureLog.line(thrown));
                }
            }
        }
    }

    @Override
    public void complete() {
        ended = true;
        try {
            response.complete();
        } catch (IOException gone) {
            LOG.debug(
                    "the end of an answer could not be sent: {}",
                    gone.getClass().getName());
        } finally {
            real.complete();
        }
    }

    @Override
    public ServletRequest getRequest() {
        return real.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return real.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return real.hasOriginalRequestAndResponse();
    }

    @Override
    public void dispatch() {
        ended = true;
        real.dispatch();
    }

    @Override
    public void dispatch(String path) {
        ended = true;
        real.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext context, String path) {
        ended = true;
        real.dispatch(context, path);
    }

    @Override
    public void start(Runnable run) {
        real.start(() -> {
            try {
                run.run();
            } catch (Throwable failure) {
                failedInThread(failure);
            }
        });
    }

    private void failedInThread(Throwable failure) {
        LOG.error("the MCP server failed: {}", FailureLog.line(failure));
        try {
            failed(failure);
        } catch (IOException gone) {
            LOG.debug("a failure could not be told: {}", gone.getClass().getName());
        }
    }

    @Override
    public void addListener(AsyncListener listener) {
        listeners.add(new Heard(listener, null, null));
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse answer) {
        listeners.add(new Heard(listener, request, answer));
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return real.createListener(type);
    }

    @Override
    public void setTimeout(long timeout) {
        real.setTimeout(timeout);
    }

    @Override
    public long getTimeout() {
        return real.getTimeout();
    }
}
