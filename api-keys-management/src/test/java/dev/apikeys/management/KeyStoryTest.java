package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.IssuedKey;
import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One key's life, the same in every family and every container: minted, listed, used, changed, stopped, revoked. */
class KeyStoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicReference<OwnerDirectory.State> owner =
            new AtomicReference<>(OwnerDirectory.State.active(Scopes.ALL));

    /** How the story's steps are written in a family. */
    private record Script(String mint, String token, String id, String list, int revoked) {
        static Script of(ManagedFamily family) {
            return switch (family) {
                case PERSONAL ->
                    new Script(
                            "{\"name\":\"CRM\",\"mode\":\"read\",\"password\":\"" + ManagementWorld.PASSWORD + "\"}",
                            "/data/token",
                            "/data/id",
                            "/data/api_keys",
                            200);
                case WORKSPACE ->
                    new Script("{\"name\":\"CRM\",\"allowed_scopes\":[\"read:systems\"]}", "/key", "/id", "", 204);
                case TENANT ->
                    new Script(
                            "{\"name\":\"CRM\",\"permissions\":[\"read:systems\"],\"mcpPreset\":\"read_only\"}",
                            "/key",
                            "/apiKey/id",
                            "/apiKeys",
                            200);
                case ADMINISTRATION -> new Script("", "", "", "/apiKeys", 200);
            };
        }
    }

    /** The part of the host that the key is for. */
    private static final class Systems extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(200);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void key_fromMintingToRevocation_opensWhatItShould(Container container, ManagedFamily family) throws Exception {
        Script script = Script.of(family);
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .directory(any -> owner.get())
                .filter(host -> ApiKeyFilter.builder(host.keys)
                        .permitAll("*", family.mount + "/**")
                        .require("GET", "/systems", "read:systems")
                        .require("POST", "/systems", "manage:systems")
                        .build())
                .servlet(new Systems(), "/systems")
                .start()) {
            assertThat(world.as("", "GET", "", "").statusCode()).isEqualTo(401);
            assertThat(json(world.as(family.insider, "GET", "", "")).at(script.list()))
                    .isEmpty();

            String id;
            String token;
            if (family.creates()) {
                HttpResponse<String> answer = world.as(family.insider, "POST", "", script.mint());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
                id = json(answer).at(script.id()).textValue();
                token = json(answer).at(script.token()).textValue();
            } else {
                IssuedKey issued = world.issue("alice", "org_1", "CRM");
                id = issued.key().id().toString();
                token = issued.token().reveal();
            }
            HttpResponse<String> list = world.as(family.insider, "GET", "", "");
            assertThat(json(list).at(script.list())).hasSize(1);
            assertThat(json(list).at(script.list()).get(0).get("id").textValue())
                    .isEqualTo(id);
            assertThat(list.body()).doesNotContain(token, token.substring(token.indexOf('.')));

            assertUse(world, token, 200, 403);
            ownerMay(world, family, OwnerDirectory.State.active(Scopes.of("manage:systems")));
            assertUse(world, token, 403, 403);
            ownerMay(world, family, OwnerDirectory.State.inactive());
            assertUse(world, token, 401, 401);
            ownerMay(world, family, OwnerDirectory.State.active(Scopes.ALL));
            assertUse(world, token, 200, 403);

            if (family == ManagedFamily.TENANT) {
                changes(world, family, id, token);
            }

            String outsider = family.outsiders().get(0);
            assertThat(world.as(outsider, "DELETE", "/" + id, "").statusCode()).isIn(403, 404);
            assertUse(world, token, 200, 403);
            assertThat(world.as(family.insider, "DELETE", "/" + id, "").statusCode())
                    .isEqualTo(script.revoked());
            assertThat(world.as(family.insider, "DELETE", "/" + id, "").statusCode())
                    .isEqualTo(404);
            assertUse(world, token, 401, 401);
            world.clock.advance(Duration.ofDays(1));
            assertUse(world, token, 401, 401);
        }
    }

    private void ownerMay(ManagementWorld world, ManagedFamily family, OwnerDirectory.State state) {
        owner.set(state);
        world.keys.ownerChanged(family == ManagedFamily.TENANT ? Owner.organization("org_1") : Owner.user("alice"));
    }

    /** What only tenants are offered: another name, other permissions, a pause for agents that stops nothing else. */
    private static void changes(ManagementWorld world, ManagedFamily family, String id, String token) throws Exception {
        JsonNode renamed = json(
                world.as(family.insider, "PUT", "/" + id, "{\"name\":\"ERP\",\"permissions\":[\"manage:systems\"]}"));
        assertThat(renamed.at("/apiKey/name").textValue()).isEqualTo("ERP");
        assertThat(renamed.at("/apiKey/mcpPreset").textValue()).isEqualTo("read_only");
        assertUse(world, token, 403, 200);
        world.as(family.insider, "PATCH", "/" + id, "{\"permissions\":[\"read:systems\"]}");
        assertUse(world, token, 200, 403);

        assertThat(active(world.as(family.insider, "PATCH", "/" + id + "/toggle", "")))
                .isFalse();
        assertThat(active(world.as(family.insider, "PATCH", "/" + id + "/toggle", "{\"active\":false}")))
                .isFalse();
        assertUse(world, token, 200, 403);
        assertThat(active(world.as(family.insider, "PATCH", "/" + id + "/toggle", "")))
                .isTrue();
        assertThat(active(world.as(family.insider, "GET", "/" + id, ""))).isTrue();
    }

    private static boolean active(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).at("/apiKey/mcpActive").booleanValue();
    }

    private static void assertUse(ManagementWorld world, String token, int reading, int writing) {
        assertThat(Http.get(world.server.uri("/systems"), "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(reading);
        assertThat(Http.call("POST", world.server.uri("/systems"), "x", "X-API-Key", token)
                        .statusCode())
                .isEqualTo(writing);
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }
}
