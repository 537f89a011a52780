package dev.apikeys.quickstart;

import dev.apikeys.Scope;
import dev.apikeys.management.Caller;
import dev.apikeys.management.SessionResolver;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is logged in, by a random session id that the client sends back as a cookie or as {@code Authorization: Bearer}.
 * The management endpoints ask it who is calling.
 *
 * <p>Thread-safe.
 */
final class Sessions implements SessionResolver {
    private static final String COOKIE = "session";
    private static final String BEARER = "Bearer ";
    private static final Scope MANAGING_USERS = Scope.parse("manage:users");
    private static final Duration LIFETIME = Duration.ofHours(8);

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Accounts accounts;
    private final Clock clock;

    Sessions(Accounts accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    private record Session(String user, Instant end) {}

    /** A new session's cookie; its value is the session id. */
    Cookie open(Account account) {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> !now.isBefore(session.end()));
        byte[] id = new byte[32];
        random.nextBytes(id);
        Cookie cookie = new Cookie(COOKIE, HexFormat.of().formatHex(id));
        sessions.put(cookie.getValue(), new Session(account.name(), now.plus(LIFETIME)));
        cookie.setPath("/");
        cookie.setMaxAge((int) LIFETIME.toSeconds());
        cookie.setHttpOnly(true);
        cookie.setAttribute("SameSite", "Strict");
        // A real application uses TLS and also calls setSecure(true).
        return cookie;
    }

    /** Ends the request's session, if there is one. */
    void close(HttpServletRequest request) {
        sessions.remove(sessionId(request));
    }

    /** The present account of the request's session; empty if the user is suspended. */
    Optional<Account> account(HttpServletRequest request) {
        Session session = sessions.get(sessionId(request));
        return session == null || !clock.instant().isBefore(session.end())
                ? Optional.empty()
                : accounts.active(session.user());
    }

    @Override
    public Caller resolve(HttpServletRequest request) {
        return account(request).map(Sessions::caller).orElse(Caller.anonymous());
    }

    /**
     * The same, but with an organization only for users who may manage users, because only they may manage its keys.
     */
    SessionResolver ofTenants() {
        return request -> account(request)
                .map(account ->
                        account.scopes().covers(MANAGING_USERS) ? caller(account) : Caller.session(account.name()))
                .orElse(Caller.anonymous());
    }

    private static Caller caller(Account account) {
        Caller.Session session = Caller.session(account.name()).inOrganization(account.organization());
        return account.role() == Account.Role.ADMINISTRATOR ? session.asAdministrator() : session;
    }

    private static String sessionId(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null) {
            return authorization.startsWith(BEARER) ? authorization.substring(BEARER.length()) : "";
        }
        Cookie @Nullable [] cookies = request.getCookies();
        return cookies == null || !isOurOwnPage(request)
                ? ""
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(COOKIE))
                        .map(Cookie::getValue)
                        .findFirst()
                        .orElse("");
    }

    /**
     * A browser sends cookies with every request. They are accepted only if the browser says that one of our pages, or
     * no page, made the request.
     */
    static boolean isOurOwnPage(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site == null || site.equals("same-origin") || site.equals("none");
    }
}
