package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An error has the id of the request that it answers wherever one can be read; null counts as absent. */
class ErrorIdTest {
    private static GuardWorlds worlds;

    @BeforeAll
    static void start() throws Exception {
        worlds = new GuardWorlds(guard -> guard.classifier(new CallClassifier() {
            @Override
            public @Nullable String project(HttpServletRequest request, AgentCall call) {
                if ("broken".equals(call.name())) {
                    throw new IllegalStateException("secret");
                }
                return null;
            }
        }));
    }

    @AfterAll
    static void stop() {
        worlds.close();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void nullParameters_countAsAbsent(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        List<String> bodies = List.of(
                request(1, "ping", "null"),
                request(1, "tools/list", "null"),
                request(1, "tools/call", "{\"name\":\"look\",\"arguments\":null}"),
                request(1, "prompts/get", "{\"arguments\":null,\"name\":\"p\"}"),
                request(1, "resources/read", "{\"uri\":\"u\",\"arguments\":null,\"name\":null,\"ref\":null}"),
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":null}");
        for (String body : bodies) {
            assertThat(world.post(key, body).statusCode()).as(body).isEqualTo(200);
        }
        assertThat(world.mcp.received()).isEqualTo(bodies);
        assertThat(world.post(key, request(1, "tools/call", "null")).body()).contains("\"name_missing\"");
        assertThat(world.post(key, request(1, "tools/call", "{\"name\":null}")).body())
                .contains("\"name_missing\"");
    }

    private static Map<String, String> bodies() {
        String good = call(1, "look");
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put(request(5, "tools/call", "[]"), "5");
        bodies.put(request(5, "tools/call", "{\"name\":[]}"), "5");
        bodies.put("{\"params\":[],\"method\":\"tools/call\",\"id\":\"\u00e4\",\"jsonrpc\":\"2.0\"}", "\"\\u00E4\"");
        bodies.put(good.replace("2.0", "1.0"), "1");
        bodies.put(good.replace("\"name\":\"look\"", "\"name\":\"look\",\"name\":\"delete\""), "1");
        bodies.put(good.replace("\"tools/call\"", "7"), "1");
        bodies.put(good.substring(0, good.length() - 1), "1");
        bodies.put("{\"jsonrpc\":\"2.0\",\"id\":1}", "1");
        bodies.put(good.replace("\"id\":1", "\"id\":1,\"id\":2"), "null");
        bodies.put(good.replace("\"id\":1", "\"id\":1.5"), "null");
        bodies.put(good.replace("\"id\":1", "\"id\":[1]"), "null");
        bodies.put("[" + request(5, "tools/call", "[]") + "]", "null");
        bodies.put("nonsense", "null");
        bodies.put("{\"params\":{\"id\":3},\"jsonrpc\":\"2.0\"}", "null");
        return bodies;
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void errorAboutABody_hasTheIdThatStandsInIt(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        bodies().forEach((body, id) -> {
            HttpResponse<String> answer = world.post(key, body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.body()).as(body).startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":");
        });
        assertThat(world.post(key, call(9, "look"), "Mcp-Name", "delete").body())
                .contains("\"id\":9,\"error\"");
        assertThat(world.mcp.received()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void decisionThatFails_isAnErrorWithTheIdAndWithoutTheCause(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        HttpResponse<String> one = world.post(key, call(11, "broken"));
        assertThat(one.statusCode()).isEqualTo(500);
        assertThat(one.body())
                .startsWith("{\"jsonrpc\":\"2.0\",\"id\":11,\"error\":{\"code\":-32603,")
                .doesNotContain("secret");
        assertThat(one.headers().firstValue("X-Correlation-Id")).isPresent();
        assertThat(world.post(key, "[" + call(1, "look") + "," + call(2, "broken") + "]")
                        .statusCode())
                .isEqualTo(500);
        assertThat(world.mcp.received()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void answerThatCannotBeChecked_isAnErrorWithTheId(Container container) {
        GuardWorld world = worlds.in(container);
        world.mcp.answers(ScriptedServer.json("{"));
        HttpResponse<String> answer = world.post(world.issue(McpPreset.FULL), request(12, "tools/list", "{}"));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).startsWith("{\"jsonrpc\":\"2.0\",\"id\":12,\"error\":{\"code\":-32603,");
    }
}
