package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the application behind the filter gets to know about who came. */
class PrincipalTest {
    private static final List<String> ROLES = List.of(
            "read:systems",
            "read:*",
            "manage:systems",
            "*:*",
            "*",
            "**",
            "READ:systems",
            "read:systems ",
            "ROLE_ADMIN",
            "");

    private final FilterKeys keys = new FilterKeys();
    private final Application application = new Application();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    /** Notes what it is told. */
    private static final class Application extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Map<String, Object> seen = new LinkedHashMap<>();

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            seen.clear();
            seen.put("principal", request.getUserPrincipal());
            seen.put("attribute", request.getAttribute(ApiKeyFilter.PRINCIPAL_ATTRIBUTE));
            seen.put("user", request.getRemoteUser());
            seen.put("type", request.getAuthType());
            List<String> roles = new ArrayList<>(ROLES);
            roles.removeIf(role -> !request.isUserInRole(role));
            seen.put("roles", roles);
            seen.put("no role", request.isUserInRole(null));
        }
    }

    private ServletServer start(Container container) throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
                .permitAll("GET", "/open")
                .requireKey("GET", "/**")
                .build();
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(application, "/*")
                .start();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void request_withKey_carriesItsPrincipalAndScopes(Container container) throws Exception {
        KeyPrincipal reader = keys.service.verify(keys.readerToken()).orElseThrow();
        try (ServletServer server = start(container)) {
            Http.get(server.uri("/x"), "X-API-Key", keys.readerToken());
            assertThat(application.seen)
                    .containsEntry("principal", reader)
                    .containsEntry("attribute", reader)
                    .containsEntry("user", "alice")
                    .containsEntry("type", "API_KEY")
                    .containsEntry("roles", List.of("read:systems", "read:*", "**"))
                    .containsEntry("no role", false);
        }
        assertThat(reader.keyId()).isEqualTo(keys.reader.key().id());
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void request_ofAnOpenPath_carriesNobody(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            Http.get(server.uri("/open"), "X-API-Key", keys.readerToken());
            assertThat(application.seen)
                    .containsEntry("principal", null)
                    .containsEntry("attribute", null)
                    .containsEntry("user", null)
                    .containsEntry("type", null)
                    .containsEntry("roles", List.of());
        }
        assertThat(keys.verifications()).hasValue(0);
    }
}
