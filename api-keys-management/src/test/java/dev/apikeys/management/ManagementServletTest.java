package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.spi.StepUp;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the servlet is built and found. */
class ManagementServletTest {
    private static final StepUp ANYBODY = (user, typed) -> StepUp.Result.PROVEN;

    private final KeyService keys =
            KeyService.builder(new InMemoryApiKeyStore()).build();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private ManagementServlet.Builder builder() {
        return ManagementServlet.builder(keys, request -> Caller.session("alice"));
    }

    @Test
    void builder_withoutFamilyOrWithTwo_saysSo() {
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("personalKeys");
        ManagementServlet.Builder chosen = builder().personalKeys(ANYBODY);
        assertThatThrownBy(() -> chosen.personalKeys(ANYBODY)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void builder_withoutAnswerToWhoIsCalling_isRefused() {
        assertThatThrownBy(() -> ManagementServlet.builder(keys, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> ManagementServlet.builder(null, request -> Caller.anonymous()))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder().personalKeys(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder().clientAddress(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void session_ofTheHost_keepsWhatItWasGiven() {
        Caller.Session alice = Caller.session("alice");
        assertThat(alice.organization()).isEmpty();
        assertThat(alice.isAdministrator()).isFalse();

        Caller.Session administrator = alice.asAdministrator().inOrganization("org_1");

        assertThat(administrator.user()).isEqualTo("alice");
        assertThat(administrator.organization()).contains("org_1");
        assertThat(administrator.isAdministrator()).isTrue();
        assertThat(administrator).hasToString("Session[alice in org_1, administrator]");
        for (String noId : List.of("", " ", "a\nb", "x".repeat(256))) {
            assertThatThrownBy(() -> Caller.session(noId)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> alice.inOrganization(noId)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Wherever it is mapped, with and without a context path, and nowhere else. */
    @ParameterizedTest
    @EnumSource
    void servlet_mappedAnywhere_findsItsRoutes(Container container) throws Exception {
        ManagementServlet servlet = builder().personalKeys(ANYBODY).build();
        Map<String, String> mounts = Map.of("/me/api-keys/*", "/me/api-keys", "/*", "", "/a/b/*", "/a/b");
        for (Map.Entry<String, String> mount : mounts.entrySet()) {
            for (String context : List.of("", "/app")) {
                try (ServletServer server = ServletServer.in(container)
                        .contextPath(context)
                        .servlet(servlet, mount.getKey())
                        .start()) {
                    String base = context + mount.getValue();
                    assertThat(Http.get(server.uri(base + "/")).body()).contains("\"api_keys\":[]");
                    if (!mount.getValue().isEmpty()) {
                        assertThat(Http.get(server.uri(base)).body()).contains("\"api_keys\":[]");
                    }
                    assertThat(Http.get(server.uri(base + "/audit")).body()).contains("\"pagination\"");
                    for (String unknown : List.of("/audit/", "/Audit/x", "/x/audit", "/audit/x/y")) {
                        assertThat(Http.get(server.uri(base + unknown)).statusCode())
                                .as(base + unknown)
                                .isEqualTo(404);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void audit_behindAProxyThatTheHostNames_hasTheClientsAddress(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .settings(servlet -> servlet.clientAddress(ClientAddress.behindProxies("127.0.0.1")))
                .start()) {
            String key = world.issue("alice", "org_1", "a").key().id().toString();
            world.as("alice@org_1", "DELETE", "/" + key, "", "X-Forwarded-For", "203.0.113.9");

            assertThat(world.storedAudit().get(0).request().address()).isEqualTo("203.0.113.9");
        }
    }
}
