package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.management.CsrfTokens;
import dev.apikeys.management.ManagementServlet;
import dev.apikeys.management.SessionResolver;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.springframework.security.web.csrf.CsrfToken;

/**
 * Makes the servlets of the management endpoints, each with what all of them share.
 *
 * <p>Immutable and thread-safe.
 */
final class MountFactory {
    private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");

    private final KeyService keys;
    private final SessionResolver sessions;
    private final MountParts parts;
    private final ManagementProperties management;

    MountFactory(KeyService keys, SessionResolver sessions, MountParts parts, ManagementProperties management) {
        this.keys = keys;
        this.sessions = sessions;
        this.parts = parts;
        this.management = management;
        refuseSharedPaths();
    }

    /** Of two servlets on one path, the container would map the first only. */
    private void refuseSharedPaths() {
        Map<String, ManagementProperties.Mount> families = new LinkedHashMap<>();
        families.put("personal", management.personal());
        families.put("workspace", management.workspace());
        families.put("tenant", management.tenant());
        families.put("admin", management.admin());
        Map<String, String> taken = new HashMap<>();
        families.forEach((family, mount) -> {
            // "false" is how a path is taken back.
            boolean isMounted = mount.path() != null && !mount.path().equalsIgnoreCase("false");
            String other = isMounted ? taken.putIfAbsent(mount.path(), family) : null;
            if (other != null) {
                throw new InvalidSettingException(
                        "apikeys.management." + family + ".path",
                        mount.path() + " is the path of the family " + other + " too; each needs one of its own");
            }
        });
    }

    ManagementEntryPoint mount(
            String family, ManagementProperties.Mount mount, UnaryOperator<ManagementServlet.Builder> what) {
        String path = checked("apikeys.management." + family + ".path", String.valueOf(mount.path()));
        ManagementServlet.Builder builder = parts.addTo(what.apply(ManagementServlet.builder(keys, sessions)));
        if (management.page()) {
            builder.page();
        }
        if (!management.allowedOrigins().isEmpty()) {
            Setting.set(
                    "apikeys.management.allowed-origins",
                    builder,
                    to -> to.allowedOrigins(management.allowedOrigins().toArray(String[]::new)));
        }
        return new ManagementEntryPoint(path, builder.build(), sessions);
    }

    /** The token of Spring Security, wherever it keeps it; none where its protection is off. */
    static Optional<CsrfTokens.CsrfToken> csrfToken(HttpServletRequest request) {
        return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token
                ? Optional.of(new CsrfTokens.CsrfToken(token.getHeaderName(), token.getToken()))
                : Optional.empty();
    }

    static String checked(String property, String path) {
        if (!PATH.matcher(path).matches()) {
            throw new InvalidSettingException(
                    property,
                    "a path begins with a slash, ends without one, and has no segment . or .., such as /me/api-keys: "
                            + path);
        }
        return path;
    }
}
