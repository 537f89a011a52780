package dev.apikeys.quickstart;

import dev.apikeys.Scope;
import dev.apikeys.servlet.ApiKeyFilterBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a part of the demo's API requires of its callers. Keys and sessions use the same table, so that both have the
 * same rules. Paths that are not in the table are denied for both.
 *
 * @param path a whole path; {@code *} as its last segment stands for any one segment
 * @param scope what the caller must be allowed to do; null: any known caller
 */
record Rule(String method, String path, @Nullable String scope) {
    static final List<Rule> ALL = List.of(
            new Rule("GET", "/api/whoami", null),
            new Rule("GET", "/api/systems", "read:systems"),
            new Rule("POST", "/api/systems", "manage:systems"),
            new Rule("DELETE", "/api/systems/*", "destroy:systems"));

    /** Tells the library's filter, which decides about keys. */
    void addTo(ApiKeyFilterBuilder filter) {
        if (scope == null) {
            filter.requireKey(method, path);
        } else {
            filter.require(method, path, scope);
        }
    }

    /** Decides about a session, which may do what its account may do. */
    boolean admits(String requestMethod, String requestPath, Account account) {
        return matches(requestMethod, requestPath)
                && (scope == null || account.scopes().covers(Scope.parse(scope)));
    }

    private boolean matches(String requestMethod, String requestPath) {
        if (!method.equals(requestMethod)) {
            return false;
        }
        String parent = path.substring(0, path.lastIndexOf('/') + 1);
        return path.endsWith("/*")
                ? requestPath.startsWith(parent)
                        && requestPath.length() > parent.length()
                        && requestPath.indexOf('/', parent.length()) < 0
                : requestPath.equals(path);
    }
}
