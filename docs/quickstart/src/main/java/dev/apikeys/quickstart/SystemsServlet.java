package dev.apikeys.quickstart;

import dev.apikeys.KeyPrincipal;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code /api/systems}: the demo's own business. It knows nothing of keys and sessions but the organization of whoever
 * calls; whether the caller may was decided before.
 */
final class SystemsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Accounts accounts;
    private final transient Map<String, Map<String, Named>> byOrganization = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong(1);

    SystemsServlet(Accounts accounts) {
        this.accounts = accounts;
    }

    private record Named(String id, String name) {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Json.write(response, 200, Map.of("systems", systems(request).values()));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<String> name = Json.read(request).flatMap(body -> Json.text(body, "name"));
        if (name.isEmpty()) {
            Json.refuse(response, 400, "send JSON with a name");
            return;
        }
        Named system = new Named(String.valueOf(lastId.incrementAndGet()), name.get());
        systems(request).put(system.id(), system);
        Json.write(response, 201, system);
    }

    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = String.valueOf(request.getPathInfo());
        if (systems(request).remove(path.substring(1)) == null) {
            Json.refuse(response, 404, "no such system");
            return;
        }
        response.setStatus(204);
    }

    private Map<String, Named> systems(HttpServletRequest request) {
        return byOrganization.computeIfAbsent(
                organization(request.getUserPrincipal()),
                organization -> new ConcurrentSkipListMap<>(
                        Map.of("1", new Named("1", "The first system of " + organization))));
    }

    private String organization(Principal caller) {
        return caller instanceof KeyPrincipal key
                ? accounts.organizationOf(key.owner())
                : ((Account) caller).organization();
    }
}
