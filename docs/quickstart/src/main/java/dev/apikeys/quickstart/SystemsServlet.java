package dev.apikeys.quickstart;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** {@code /api/systems}: the systems over HTTP. */
final class SystemsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Systems systems;

    SystemsServlet(Systems systems) {
        this.systems = systems;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Json.write(response, 200, Map.of("systems", systems.all(organization(request))));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<String> name = Json.read(request).flatMap(body -> Json.text(body, "name"));
        if (name.isEmpty()) {
            Json.refuse(response, 400, "send JSON with a name");
            return;
        }
        Json.write(response, 201, systems.add(organization(request), name.get()));
    }

    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = String.valueOf(request.getPathInfo());
        if (!systems.remove(organization(request), path.substring(1))) {
            Json.refuse(response, 404, "no such system");
            return;
        }
        response.setStatus(204);
    }

    private String organization(HttpServletRequest request) {
        return systems.organization(request.getUserPrincipal());
    }
}
