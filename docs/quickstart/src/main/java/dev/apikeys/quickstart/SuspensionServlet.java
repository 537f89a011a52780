package dev.apikeys.quickstart;

import dev.apikeys.KeyService;
import dev.apikeys.Owner;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** {@code POST /demo/users/<name>/suspend} and {@code …/resume}, for an administrator's session. */
final class SuspensionServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Accounts accounts;
    private final transient Sessions sessions;
    private final transient KeyService keys;

    private record Status(String user, String status) {}

    SuspensionServlet(Accounts accounts, Sessions sessions, KeyService keys) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.keys = keys;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Account> caller = sessions.account(request);
        if (caller.isEmpty()) {
            Json.refuse(response, 401, "log in first");
            return;
        }
        if (caller.get().role() != Account.Role.ADMINISTRATOR) {
            Json.refuse(response, 403, "only an administrator may do this");
            return;
        }
        String[] path = String.valueOf(request.getPathInfo()).split("/", -1);
        Optional<Account> user = path.length == 3 ? accounts.find(path[1]) : Optional.empty();
        if (user.isEmpty()) {
            Json.refuse(response, 404, "no such user");
        } else if (user.equals(caller)) {
            Json.refuse(response, 409, "you would lock yourself out");
        } else {
            change(user.get(), path[2], response);
        }
    }

    private void change(Account user, String verb, HttpServletResponse response) throws IOException {
        switch (verb) {
            case "suspend" -> accounts.suspend(user);
            case "resume" -> accounts.resume(user);
            default -> {
                Json.refuse(response, 404, "suspend or resume");
                return;
            }
        }
        // Without this call, the change reaches the user's keys within ten seconds; with it, at once.
        keys.ownerChanged(Owner.user(user.name()));
        boolean active = accounts.active(user.name()).isPresent();
        Json.write(response, 200, new Status(user.name(), active ? "active" : "suspended"));
    }
}
