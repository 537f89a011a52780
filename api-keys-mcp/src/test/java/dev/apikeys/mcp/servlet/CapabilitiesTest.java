package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server advertises is cut to what the key can use, and lists of which it can use nothing are empty. */
class CapabilitiesTest {
    private static final String ALL =
            "{\"completions\":{},\"experimental\":{\"x\":{\"n\":1.50}},\"logging\":{},\"prompts\":{\"listChanged\":true},"
                    + "\"resources\":{\"subscribe\":true,\"listChanged\":true},\"tools\":{\"listChanged\":true},"
                    + "\"tasks\":{\"list\":{},\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}},"
                    + "\"extensions\":{\"io.modelcontextprotocol/tasks\":{},\"io.modelcontextprotocol/skills\":{},"
                    + "\"a.example/b\":{}}}";
    private static GuardWorlds worlds;

    @BeforeAll
    static void start() throws Exception {
        worlds = new GuardWorlds();
    }

    @AfterAll
    static void stop() {
        worlds.close();
    }

    private static Map<McpPolicy, String> expected() {
        McpPolicy custom = McpPolicy.of(McpPreset.CUSTOM);
        String tasks = "\"tasks\":{\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}";
        String extensions =
                "\"extensions\":{\"io.modelcontextprotocol/tasks\":{},\"io.modelcontextprotocol/skills\":{},"
                        + "\"a.example/b\":{}}}";
        Map<McpPolicy, String> expected = new LinkedHashMap<>();
        expected.put(McpPolicy.of(McpPreset.FULL), ALL);
        expected.put(
                McpPolicy.of(McpPreset.STANDARD),
                "{\"completions\":{},\"experimental\":{\"x\":{\"n\":1.50}},\"prompts\":{\"listChanged\":true},"
                        + "\"resources\":{\"subscribe\":true,\"listChanged\":true},\"tools\":{\"listChanged\":true},"
                        + tasks + "," + extensions);
        expected.put(
                McpPolicy.of(McpPreset.READ_ONLY),
                "{\"completions\":{},\"experimental\":{\"x\":{\"n\":1.50}},\"prompts\":{\"listChanged\":true},"
                        + "\"resources\":{\"subscribe\":true,\"listChanged\":true},\"tools\":{\"listChanged\":true},"
                        + "\"tasks\":{\"requests\":{\"tools\":{\"call\":{}}}}," + extensions);
        expected.put(
                custom.permissions(List.of(McpPermission.RESOURCES_READ)),
                "{\"experimental\":{\"x\":{\"n\":1.50}},\"resources\":{},"
                        + "\"extensions\":{\"io.modelcontextprotocol/skills\":{},\"a.example/b\":{}}}");
        expected.put(
                custom.permissions(List.of()),
                "{\"experimental\":{\"x\":{\"n\":1.50}},\"extensions\":{\"a.example/b\":{}}}");
        return expected;
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void capabilities_areThoseThatTheKeyCanUse(Container container) {
        GuardWorld world = worlds.in(container);
        expected().forEach((policy, capabilities) -> {
            IssuedKey key = world.issue(policy);
            for (String method : List.of("initialize", "server/discover")) {
                String result = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"serverInfo\":{\"name\":\"\u00e4\"},"
                        + "\"capabilities\":%s,\"protocolVersion\":\"2025-11-25\"}}";
                world.mcp.answers(ScriptedServer.json(result.formatted(ALL)));
                HttpResponse<String> json = world.post(key, request(1, method, "{}"));
                assertThat(json.body()).as("%s %s", policy, method).isEqualTo(result.formatted(capabilities));

                world.mcp.answers((request, response) -> {
                    response.setContentType("text/event-stream");
                    response.getWriter().write("data: " + result.formatted(ALL) + "\n\n");
                });
                assertThat(world.post(key, request(1, method, "{}")).body())
                        .isEqualTo("data: " + result.formatted(capabilities) + "\n\n");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void list_thatNothingPasses_isEmptyAndNotAskedFor(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPolicy.of(McpPreset.CUSTOM).permissions(List.of()));
        Map<String, String> fields = Map.of(
                "tools/list", "tools",
                "resources/list", "resources",
                "resources/templates/list", "resourceTemplates",
                "prompts/list", "prompts",
                "tasks/list", "tasks",
                "skills/list", "skills");
        fields.forEach((method, field) -> {
            HttpResponse<String> answer = world.post(key, request(6, method, "{\"cursor\":\"c\"}"));
            assertThat(answer.statusCode()).as(method).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":6,\"result\":{\"" + field + "\":[]}}");
            HttpResponse<String> modern =
                    world.post(key, request(6, method, "{}"), "MCP-Protocol-Version", "2026-07-28");
            assertThat(modern.body())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":6,\"result\":{\"" + field + "\":[],"
                            + "\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"}}");
        });
        assertThat(world.mcp.received()).isEmpty();
        assertThat(world.denials()).isEmpty();
        assertThat(world.post(world.issue(McpPreset.NONE), request(1, "tools/list", "{}"))
                        .body())
                .contains("preset_none");
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void listInABatch_thatNothingPasses_isEmptyBesideTheServersAnswers(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPolicy.of(McpPreset.CUSTOM).permissions(List.of()));
        String ping = request(1, "ping", "{}");
        world.mcp.answers(ScriptedServer.json("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]"));
        assertThat(world.post(key, "[" + ping + "," + request(2, "prompts/list", "{}") + "]")
                        .body())
                .isEqualTo("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}},"
                        + "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"prompts\":[]}}]");
        assertThat(world.mcp.received()).containsExactly("[" + ping + "]");
    }
}
