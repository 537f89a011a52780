package dev.apikeys.spring;

import dev.apikeys.management.Caller;
import dev.apikeys.management.ManagementServlet;
import dev.apikeys.management.SessionResolver;
import dev.apikeys.servlet.internal.LimitedBody;
import dev.apikeys.servlet.internal.UnreadBody;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * One family of management endpoints at its path. Where somebody who isn't logged in asks for them, the endpoints answer
 * themselves, by JSON, and not by a redirect to a login page.
 *
 * <p>Thread-safe.
 */
final class ManagementEntryPoint implements AuthenticationEntryPoint {
    private final String path;
    private final ManagementServlet servlet;
    private final SessionResolver sessions;
    private final UnreadBody unread = new UnreadBody(LimitedBody.MAX_LENGTH);

    ManagementEntryPoint(String path, ManagementServlet servlet, SessionResolver sessions) {
        this.path = path;
        this.servlet = servlet;
        this.sessions = sessions;
    }

    /** Below the context, without a slash at its end. */
    String path() {
        return path;
    }

    ManagementServlet servlet() {
        return servlet;
    }

    /** By what the container found, so that this filter chain and the container agree. */
    boolean serves(HttpServletRequest request) {
        return path.equals(request.getServletPath()) && !isPage(request);
    }

    /** Its page for people, by what the container found. */
    boolean servesPage(HttpServletRequest request) {
        return path.equals(request.getServletPath()) && isPage(request);
    }

    /** A browser that asks for the page is sent to the login page, and comes back. Without a login page it gets the page. */
    private static boolean isPage(HttpServletRequest request) {
        String below = String.valueOf(request.getPathInfo());
        return below.equals("/page") || below.equals("/page/");
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException, ServletException {
        if (sessions.resolve(request) instanceof Caller.Session) {
            // Somebody whom a rule of the application refuses: the endpoints would let them in.
            unread.answer(request, response, answer -> answer.sendError(HttpServletResponse.SC_UNAUTHORIZED));
            return;
        }
        servlet.service(request, response);
    }
}
