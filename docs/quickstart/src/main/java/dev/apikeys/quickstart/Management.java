package dev.apikeys.quickstart;

import dev.apikeys.KeyService;
import dev.apikeys.management.ManagementServlet;
import dev.apikeys.servlet.ApiKeyFilterBuilder;
import dev.apikeys.spi.StepUp;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;

/** Where people manage keys: the library's endpoints, all of their families. Each of them asks for a session itself. */
final class Management {
    static final String PERSONAL = "/me/api-keys";
    static final String WORKSPACE = "/api/v1/user/api-keys";
    static final String TENANT = "/api/api-keys";
    static final String ADMINISTRATION = "/api/admin/api-keys";

    static final List<String> MOUNTS = List.of(PERSONAL, WORKSPACE, TENANT, ADMINISTRATION);

    private Management() {}

    /** Lets every call pass the filter for keys, because the endpoints check it. */
    static void permitIn(ApiKeyFilterBuilder filter) {
        MOUNTS.forEach(mount -> filter.permitAll("*", mount + "/**"));
    }

    static boolean isServedAt(String path) {
        return MOUNTS.stream().anyMatch(mount -> path.equals(mount) || path.startsWith(mount + "/"));
    }

    static void addTo(
            ServletContextHandler context, KeyService keys, Accounts accounts, Sessions sessions, StepUp passwords) {
        Map.of(
                        PERSONAL, ManagementServlet.builder(keys, sessions).personalKeys(passwords),
                        WORKSPACE, ManagementServlet.builder(keys, sessions).workspaceKeys(accounts),
                        TENANT,
                                ManagementServlet.builder(keys, sessions.ofTenants())
                                        .tenantKeys(accounts),
                        ADMINISTRATION,
                                ManagementServlet.builder(keys, sessions).administration())
                .forEach((mount, servlet) -> context.addServlet(servlet.page().build(), mount + "/*"));
    }
}
