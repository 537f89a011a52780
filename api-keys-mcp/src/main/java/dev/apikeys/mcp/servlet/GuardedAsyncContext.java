package dev.apikeys.mcp.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The asynchronous part of a request whose answer is filtered: what was held back goes out before it ends. */
final class GuardedAsyncContext implements AsyncContext {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedAsyncContext.class);

    private final AsyncContext real;
    private final GuardedResponse response;

    GuardedAsyncContext(AsyncContext real, GuardedResponse response) {
        this.real = real;
        this.response = response;
    }

    @Override
    public void complete() {
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
        real.dispatch();
    }

    @Override
    public void dispatch(String path) {
        real.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext context, String path) {
        real.dispatch(context, path);
    }

    @Override
    public void start(Runnable run) {
        real.start(run);
    }

    @Override
    public void addListener(AsyncListener listener) {
        real.addListener(listener);
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse answer) {
        real.addListener(listener, request, answer);
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
