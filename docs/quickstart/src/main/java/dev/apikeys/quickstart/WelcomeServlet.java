package dev.apikeys.quickstart;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code GET /}: the front page for browsers, and for others what to try next. */
final class WelcomeServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Sessions sessions;

    WelcomeServlet(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Vary", "Accept, Cookie");
        String accepted = request.getHeader("Accept");
        if (accepted != null && accepted.contains("text/html")) {
            FrontPage.send(response, sessions.account(request), request.getParameter("show"));
            return;
        }
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().println(Instructions.text(request.getLocalPort()));
    }
}
