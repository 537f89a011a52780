package dev.apikeys.quickstart;

import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** {@code POST /login} with {@code username} and {@code password}, as JSON or from the form: opens a session. */
final class LoginServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Accounts accounts;
    private final transient Sessions sessions;
    private final transient StepUp passwords;

    LoginServlet(Accounts accounts, Sessions sessions, StepUp passwords) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.passwords = passwords;
    }

    /** What somebody has typed. */
    private record Credentials(String user, String password) {}

    /** How people log in: programs with JSON, browsers with the form of the front page. */
    private enum Way {
        FORM {
            @Override
            Optional<Credentials> read(HttpServletRequest request) {
                return both(
                        Optional.ofNullable(request.getParameter("username")),
                        Optional.ofNullable(request.getParameter("password")));
            }

            @Override
            void open(HttpServletResponse response, Cookie session) {
                response.setHeader("Cache-Control", "no-store");
                response.setStatus(HttpServletResponse.SC_SEE_OTHER);
                response.setHeader("Location", ".");
            }

            @Override
            void refuse(HttpServletResponse response, int status, String why) throws IOException {
                FrontPage.sendLogin(response, status, "Not logged in: " + why + ".");
            }
        },
        JSON {
            @Override
            Optional<Credentials> read(HttpServletRequest request) throws IOException {
                Map<?, ?> body = Json.read(request).orElse(Map.of());
                return both(Json.text(body, "username"), Json.text(body, "password"));
            }

            @Override
            void open(HttpServletResponse response, Cookie session) throws IOException {
                Json.write(response, 200, Map.of("session", session.getValue()));
            }

            @Override
            void refuse(HttpServletResponse response, int status, String why) throws IOException {
                Json.refuse(response, status, why);
            }
        };

        static Way of(HttpServletRequest request) {
            String type = String.valueOf(request.getContentType());
            return type.split(";", 2)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded") ? FORM : JSON;
        }

        abstract Optional<Credentials> read(HttpServletRequest request) throws IOException;

        abstract void open(HttpServletResponse response, Cookie session) throws IOException;

        abstract void refuse(HttpServletResponse response, int status, String why) throws IOException;

        private static Optional<Credentials> both(Optional<String> user, Optional<String> password) {
            return user.flatMap(name -> password.map(typed -> new Credentials(name, typed)));
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Way way = Way.of(request);
        if (!Sessions.isOurOwnPage(request)) {
            // A page of somebody else must not log its visitors in, as a user of its choice.
            way.refuse(response, 403, "use our own page");
            return;
        }
        Optional<Credentials> typed = way.read(request);
        if (typed.isEmpty()) {
            way.refuse(response, 400, "send JSON with username and password");
            return;
        }
        String user = typed.get().user();
        StepUp.Result result = passwords.prove(user, Password.of(typed.get().password()));
        if (result == StepUp.Result.UNAVAILABLE || result == StepUp.Result.BUSY) {
            response.setHeader("Retry-After", "1");
            way.refuse(response, 503, "too many people are logging in");
            return;
        }
        Optional<Account> account = accounts.active(user).filter(known -> result == StepUp.Result.PROVEN);
        if (account.isEmpty()) {
            way.refuse(response, 401, "wrong username or password, or a suspended user");
            return;
        }
        Cookie session = sessions.open(account.get());
        response.addCookie(session);
        way.open(response, session);
    }
}
