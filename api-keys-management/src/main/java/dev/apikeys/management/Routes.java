package dev.apikeys.management;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. A path without a placeholder wins over one with a placeholder, for all methods:
 * {@code DELETE /audit} is a wrong method, and not a key with the id "audit".
 *
 * <p>Immutable and thread-safe.
 */
final class Routes {
    private static final String PLACEHOLDER = "{key}";

    private final List<Route<?>> routes;

    Routes(List<Route<?>> routes) {
        this.routes = routes.stream()
                .sorted(Comparator.comparing(route -> route.path().contains(PLACEHOLDER)))
                .toList();
    }

    /**
     * A route and the value of its placeholder.
     *
     * @param key empty if the route has no placeholder
     */
    record Match(Route<?> route, Optional<String> key) {}

    /**
     * Finds a route.
     *
     * @param path the decoded path below the servlet's mount
     */
    Result<Match> find(String method, @Nullable String path) {
        List<String> wanted = segments(path == null || path.equals("/") ? "" : path);
        Optional<String> template = routes.stream()
                .map(Route::path)
                .filter(candidate -> matches(segments(candidate), wanted))
                .findFirst();
        if (template.isEmpty()) {
            return Result.failed(ManagementProblem.Plain.UNKNOWN_ROUTE);
        }
        List<Route<?>> here = routes.stream()
                .filter(route -> route.path().equals(template.get()))
                .toList();
        String effective = method.equals("HEAD") ? "GET" : method;
        for (Route<?> route : here) {
            if (route.method().equals(effective)) {
                int at = segments(route.path()).indexOf(PLACEHOLDER);
                return Result.done(new Match(route, at < 0 ? Optional.empty() : Optional.of(wanted.get(at))));
            }
        }
        return Result.failed(new ManagementProblem.MethodNotAllowed(allow(here)));
    }

    private static String allow(List<Route<?>> here) {
        List<String> methods = new ArrayList<>();
        for (Route<?> route : here) {
            methods.add(route.method());
            if (route.method().equals("GET")) {
                methods.add("HEAD");
            }
        }
        return String.join(", ", methods);
    }

    private static boolean matches(List<String> template, List<String> wanted) {
        if (template.size() != wanted.size()) {
            return false;
        }
        for (int i = 0; i < template.size(); i++) {
            String segment = template.get(i);
            if (!segment.equals(PLACEHOLDER) && !segment.equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
