package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.Rejection;
import dev.apikeys.Verification;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a key as its owner sees it, from the first look at an empty list to the audit trail of its end. */
class ManagementLifeTest {
    private static final String ALICE = "alice@org_1";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the key is for. */
    private static final class Contacts extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter()
                    .print("contacts of " + request.getUserPrincipal().getName());
        }
    }

    private static JsonNode data(HttpResponse<String> response) throws Exception {
        return JSON.readTree(response.body()).get("data");
    }

    @ParameterizedTest
    @EnumSource
    void key_fromCreationToRevocation_doesWhatItsOwnerSees(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .filter(host -> ApiKeyFilter.builder(host.keys)
                        .permitAll("*", ManagementWorld.MOUNT + "/**")
                        .require("GET", "/api/contacts", "read:contacts")
                        .require("POST", "/api/contacts", "manage:contacts")
                        .build())
                .servlet(new Contacts(), "/api/contacts")
                .start()) {
            assertThat(world.call("GET", "", "").statusCode()).isEqualTo(401);
            assertThat(data(world.as(ALICE, "GET", "", "")).get("api_keys")).isEmpty();

            JsonNode created = data(world.as(
                    ALICE,
                    "POST",
                    "",
                    "{\"name\":\"CRM\",\"mode\":\"read\",\"password\":\"" + ManagementWorld.PASSWORD + "\"}"));
            String token = created.get("token").textValue();
            String id = created.get("id").textValue();

            world.clock.advance(Duration.ofMinutes(5));
            HttpResponse<String> used = Http.get(world.server.uri("/api/contacts"), "Authorization", "Bearer " + token);
            assertThat(used.body()).isEqualTo("contacts of alice");
            assertThat(Http.call("POST", world.server.uri("/api/contacts"), "x", "X-API-Key", token)
                            .statusCode())
                    .as("a key for reading")
                    .isEqualTo(403);
            world.keys.flush();
            JsonNode listed =
                    data(world.as(ALICE, "GET", "", "")).get("api_keys").get(0);
            assertThat(listed.get("id").textValue()).isEqualTo(id);
            assertThat(listed.get("last_used_at").textValue()).isEqualTo("2026-02-03T09:47:00Z");
            assertThat(listed.get("last_used_ip").textValue()).isEqualTo("127.0.0.1");
            assertThat(listed.has("token")).isFalse();

            world.clock.advance(Duration.ofMinutes(5));
            assertThat(world.as(ALICE, "DELETE", "/" + id.toUpperCase(java.util.Locale.ROOT), "")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(world.as(ALICE, "DELETE", "/" + id, "").statusCode()).isEqualTo(404);
            assertThat(Http.get(world.server.uri("/api/contacts"), "X-API-Key", token)
                            .statusCode())
                    .isEqualTo(401);
            assertThat(world.keys.verify(token)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));

            world.clock.advance(Duration.ofMinutes(5));
            assertThat(Http.get(world.server.uri("/api/contacts"), "X-API-Key", token)
                            .statusCode())
                    .isEqualTo(401);
            world.keys.flush();
            JsonNode audit =
                    data(world.as(ALICE, "GET", "/audit?api_key_id=" + id, "")).get("audit");
            assertThat(audit.findValuesAsText("event"))
                    .startsWith("auth_failed")
                    .endsWith("revoked", "created");
            assertThat(audit.get(0).get("reason").textValue()).isEqualTo("revoked");
            assertThat(audit.get(0).get("path").textValue()).isEqualTo("/api/contacts");
            JsonNode revoked = audit.get(audit.size() - 2);
            assertThat(revoked.get("method").textValue()).isEqualTo("DELETE");
            assertThat(revoked.get("path").textValue()).startsWith(ManagementWorld.MOUNT + "/");
            assertThat(revoked.get("ip").textValue()).isEqualTo("127.0.0.1");
            assertThat(revoked.get("created_at").textValue()).isEqualTo("2026-02-03T09:52:00Z");
        }
    }
}
