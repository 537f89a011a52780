package dev.apikeys.management;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Makes a real server answer some calls as a test wants, or not before the test says so. Everything else passes. */
final class AnswerSwitch implements Filter {
    private static final Rule NONE = new Rule("", "", 0);
    private static final long PATIENCE_SECONDS = 60;

    private volatile Rule rule = NONE;
    private volatile CountDownLatch held = new CountDownLatch(0);

    private record Rule(String method, String path, int status) {
        boolean matches(HttpServletRequest request) {
            return !method.isEmpty()
                    && request.getMethod().equals(method)
                    && request.getRequestURI().matches(path);
        }
    }

    /** Answers calls to paths that match the regular expression with the status, and {@code Retry-After: 30}. */
    void answer(String method, String path, int status) {
        rule = new Rule(method, path, status);
    }

    /** Keeps the answers of such calls back until {@link #release()}. */
    void hold(String method, String path) {
        held = new CountDownLatch(1);
        rule = new Rule(method, path, 0);
    }

    /** Everything passes, also what was kept back. */
    void release() {
        rule = NONE;
        held.countDown();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Rule asked = rule;
        if (asked.matches((HttpServletRequest) request)) {
            if (asked.status() > 0) {
                ((HttpServletResponse) response).setStatus(asked.status());
                ((HttpServletResponse) response).setHeader("Retry-After", "30");
                return;
            }
            await();
        }
        chain.doFilter(request, response);
    }

    private void await() throws ServletException {
        try {
            if (!held.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new ServletException("nobody released the answer");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ServletException(interrupted);
        }
    }
}
