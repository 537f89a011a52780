package dev.apikeys.testservers;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** What the filter protects: counts how often it was reached, and says as whom. */
public final class Probe extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final AtomicInteger runs = new AtomicInteger();

    public int runs() {
        return runs.get();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        runs.incrementAndGet();
        response.setContentType("text/plain");
        response.getWriter().print("reached as " + request.getRemoteUser());
    }
}
