package dev.apikeys.quickstart;

import dev.apikeys.spi.StepUp;
import dev.apikeys.spi.StepUp.Password;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
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

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String type = Objects.requireNonNullElse(request.getContentType(), "");
        boolean isForm = type.startsWith("application/x-www-form-urlencoded");
        Map<?, ?> body = isForm ? Map.of() : Json.read(request).orElse(Map.of());
        Optional<String> name =
                isForm ? Optional.ofNullable(request.getParameter("username")) : Json.text(body, "username");
        Optional<String> password =
                isForm ? Optional.ofNullable(request.getParameter("password")) : Json.text(body, "password");
        if (name.isEmpty() || password.isEmpty()) {
            Json.refuse(response, 400, "send JSON with username and password");
            return;
        }
        StepUp.Result result = passwords.prove(name.get(), Password.of(password.get()));
        if (result == StepUp.Result.UNAVAILABLE) {
            response.setHeader("Retry-After", "1");
            Json.refuse(response, 503, "too many people are logging in");
            return;
        }
        Optional<Account> account = accounts.active(name.get()).filter(known -> result == StepUp.Result.PROVEN);
        if (account.isEmpty()) {
            Json.refuse(response, 401, "wrong username or password, or a suspended user");
            return;
        }
        Cookie session = sessions.open(account.get());
        response.addCookie(session);
        if (isForm) {
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader("Location", ".");
            return;
        }
        Json.write(response, 200, Map.of("session", session.getValue()));
    }
}
