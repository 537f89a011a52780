package dev.apikeys.quickstart;

import dev.apikeys.KeyPrincipal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;

/**
 * The filter behind the library's filter. It decides about requests without a key: about the demo's own sessions, by
 * the same table of rules.
 */
final class SessionFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient Sessions sessions;

    SessionFilter(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getServletPath()
                + Optional.ofNullable(request.getPathInfo()).orElse("");
        if (request.getUserPrincipal() instanceof KeyPrincipal || Management.isServedAt(path)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<Account> account = sessions.account(request);
        if (account.isEmpty()) {
            response.setHeader("WWW-Authenticate", "Bearer");
            Json.refuse(response, 401, "log in, or send an API key");
        } else if (Rule.ALL.stream().noneMatch(rule -> rule.admits(request.getMethod(), path, account.get()))) {
            Json.refuse(response, 403, "you may not do this");
        } else {
            chain.doFilter(new SessionRequest(request, account.get()), response);
        }
    }

    /** The request as the demo's servlets see it. */
    private static final class SessionRequest extends HttpServletRequestWrapper {
        private final Account account;

        SessionRequest(HttpServletRequest request, Account account) {
            super(request);
            this.account = account;
        }

        @Override
        public Principal getUserPrincipal() {
            return account;
        }
    }
}
