package dev.apikeys.quickstart;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.Scope;
import dev.apikeys.Scopes;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/whoami}: who calls, with what, and what that may do now. */
final class WhoamiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Principal caller = request.getUserPrincipal();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("user", caller.getName());
        if (caller instanceof KeyPrincipal key) {
            shown.put("organization", key.owner().organization());
            shown.put("credential", "key");
            shown.put("key", key.keyName());
            shown.put("scopes", texts(key.scopes().asScopes()));
        } else {
            Account account = (Account) caller;
            shown.put("organization", account.organization());
            shown.put("credential", "session");
            shown.put("scopes", texts(account.scopes()));
        }
        Json.write(response, 200, shown);
    }

    private static Object texts(Scopes scopes) {
        return scopes.stream().map(Scope::toString).toList();
    }
}
