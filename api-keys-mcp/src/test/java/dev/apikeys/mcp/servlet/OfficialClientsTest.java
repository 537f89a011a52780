package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official TypeScript clients, behind the guard and beside the same server without it. Skipped, saying so, where npm or the packages can't be had.
 */
class OfficialClientsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SECONDS = 60;

    private static NpmClients clients;
    private static DemoServer behind;
    private static DemoServer bare;
    private static GuardWorld guarded;
    private static ServletServer unguarded;

    @BeforeAll
    static void start() throws Exception {
        clients = NpmClients.require("clients");
        behind = new DemoServer();
        bare = new DemoServer();
        guarded = new GuardWorld(Container.JETTY, guard -> {}, behind.servlet());
        unguarded = ServletServer.in(Container.JETTY)
                .servlet(bare.servlet(), "/mcp", "/mcp/*")
                .start();
    }

    @AfterAll
    static void stop() {
        if (guarded != null) {
            guarded.close();
            unguarded.close();
            behind.close();
            bare.close();
        }
    }

    private static Map<String, JsonNode> session(String generation, String url, String... token) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", "sdk.mjs", generation, url));
        command.addAll(List.of(token));
        NpmClients.Output output = clients.run(SECONDS, command.toArray(String[]::new));
        assertThat(output.status()).as("%s", output.lines()).isZero();
        Map<String, JsonNode> steps = new LinkedHashMap<>();
        for (String line : output.lines()) {
            if (!line.startsWith("{")) {
                // What a client tells its developer.
                continue;
            }
            JsonNode step = JSON.readTree(line);
            steps.put(step.get("step").textValue(), step);
        }
        return steps;
    }

    private static Map<String, JsonNode> behindTheGuard(String generation, IssuedKey key) throws Exception {
        return session(
                generation, guarded.server().uri("/mcp").toString(), key.token().reveal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "v2-auto"})
    void client_withAKeyForEverything_seesTheSameServer(String generation) throws Exception {
        assertThat(behindTheGuard(generation, guarded.issue(McpPreset.FULL)))
                .isEqualTo(session(generation, unguarded.uri("/mcp").toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "v2-auto"})
    void client_withALimitedKey_isToldWhy(String generation) throws Exception {
        Map<String, JsonNode> steps = behindTheGuard(
                generation,
                guarded.issue(McpPolicy.of(McpPreset.READ_ONLY)
                        .allowlistMode(McpPolicy.AllowlistMode.LISTED)
                        .tools(List.of("test_simple_text"))
                        .permissions(List.of(McpPermission.TOOLS_CALL, McpPermission.RESOURCES_READ))));
        assertThat(steps.get("connect").get("ok").textValue()).isEqualTo("resources tools");
        assertThat(steps.get("tools/list").get("ok").textValue()).isEqualTo("test_simple_text");
        assertThat(steps.get("tools/call test_simple_text").has("ok")).isTrue();
        JsonNode denied = steps.get("tools/call test_error_handling");
        assertThat(denied.get("error").textValue()).contains("the API key may not call this tool");
        assertThat(denied.get("code").intValue()).isEqualTo(JsonRpcError.REFUSED);
        assertThat(denied.at("/data/reason").textValue()).isEqualTo("tool_not_listed");
        assertThat(steps.get("resources/read").get("ok").textValue()).isEqualTo("static text");
        if (steps.get("prompts/list").has("ok")) {
            assertThat(steps.get("prompts/list").get("ok").textValue()).isEmpty();
        }
        assertThat(steps.get("prompts/get").has("error")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "v2-auto"})
    void client_withAPausedKey_isToldWhy(String generation) throws Exception {
        IssuedKey key = guarded.issue(McpPolicy.of(McpPreset.FULL).pause());
        assertThat(behindTheGuard(generation, key).get("connect").get("error").textValue())
                .contains("MCP access of this API key is paused");
    }
}
