package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.Cors;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents in a browser: their preflights reach the guard without a key. */
class GuardCorsTest {
    private static final String APP = "https://inspector.example.com";

    private static RawHttp.Answer preflight(int port, String origin) {
        return RawHttp.request(
                port,
                "OPTIONS",
                "/mcp",
                "Origin: " + origin,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization,mcp-protocol-version,mcp-session-id");
    }

    /** The rule for OPTIONS lets preflights through the filter, and the guard answers them. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void preflight_ofAnAllowedOrigin_isGrantedByTheGuard(Container container) throws Exception {
        ScriptedServer mcp = new ScriptedServer();
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build();
                ServletServer server = ServletServer.in(container)
                        .filter(
                                ApiKeyFilter.builder(keys)
                                        .permitAll("OPTIONS", "/**")
                                        .requireKey("*", "/mcp/**")
                                        .build(),
                                "/*")
                        .filter(GuardFilter.builder(keys).cors(Cors.allow(APP)).build(), "/mcp", "/mcp/*")
                        .servlet(mcp, "/mcp", "/mcp/*")
                        .start()) {
            RawHttp.Answer granted = preflight(server.port(), APP);
            assertThat(granted.status()).isEqualTo(204);
            assertThat(granted.header("Access-Control-Allow-Origin")).containsExactly(APP);
            assertThat(granted.header("Access-Control-Allow-Methods")).containsExactly("POST");
            assertThat(granted.header("Access-Control-Allow-Headers"))
                    .containsExactly("authorization,mcp-protocol-version,mcp-session-id");

            RawHttp.Answer refused = preflight(server.port(), "https://evil.example");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.header("Access-Control-Allow-Origin")).isEmpty();
            assertThat(RawHttp.request(server.port(), "OPTIONS", "/mcp").status())
                    .isEqualTo(401);
        }
        assertThat(mcp.received()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void answers_toAnAllowedOrigin_areMarkedWhoeverGivesThem(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container, guard -> guard.cors(Cors.allow(APP)))) {
            IssuedKey reader = world.issue(McpPreset.READ_ONLY);
            for (String body : new String[] {
                GuardWorld.request(1, "ping", "{}"), GuardWorld.call(2, "delete_everything"), "not JSON"
            }) {
                HttpResponse<String> answer = world.post(reader, body, "Origin", APP);
                assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
                        .as(body)
                        .containsExactly(APP);
                assertThat(answer.headers().firstValue("Access-Control-Expose-Headers"))
                        .hasValueSatisfying(exposed -> assertThat(exposed).contains("Mcp-Session-Id"));
            }
            assertThat(world.post(reader, GuardWorld.request(3, "ping", "{}"), "Origin", "https://evil.example")
                            .headers()
                            .allValues("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    /** A server that fails, or begins its answer anew, takes away nothing but its own headers. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void answers_ofAServerThatFails_areMarkedToo(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container, guard -> guard.cors(Cors.allow(APP)))) {
            IssuedKey key = world.issue(McpPreset.FULL);
            for (ScriptedServer.Script script : failures()) {
                world.mcp.answers(script);
                for (String body : List.of(GuardWorld.call(1, "look"), GuardWorld.request(1, "tools/list", "{}"))) {
                    HttpResponse<String> answer = world.post(key, body, "Origin", APP);
                    assertThat(answer.statusCode()).isEqualTo(500);
                    assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
                            .containsExactly(APP);
                    assertThat(answer.headers().allValues("Vary")).contains("Origin", "Authorization, X-API-Key");
                    assertThat(answer.headers().allValues("X-Of-Server")).isEmpty();
                }
            }
        }
    }

    private static List<ScriptedServer.Script> failures() {
        return List.of(
                (request, response) -> {
                    throw new IllegalStateException("on purpose");
                },
                (request, response) -> {
                    response.setHeader("X-Of-Server", "1");
                    response.reset();
                    response.sendError(500);
                },
                (request, response) -> request.startAsync().setTimeout(300));
    }

    /** RFC 8259 section 11: parameters mean nothing. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void json_withParameters_isJson(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            for (String type : new String[] {
                "application/json; charset=utf8", "application/json;profile=x", "Application/JSON; charset=\"UTF-8\""
            }) {
                assertThat(world.passes(world.issueOnce(), GuardWorld.request(1, "ping", "{}"), "Content-Type", type))
                        .as(type)
                        .isTrue();
            }
        }
    }
}
