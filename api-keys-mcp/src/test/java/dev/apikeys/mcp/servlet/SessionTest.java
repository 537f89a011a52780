package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static dev.apikeys.mcp.servlet.GuardWorld.toolList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a key and its keepers are told: whether agents must connect again, and what it may reach. */
class SessionTest {
    private static final String INITIALIZE = request(1, "initialize", "{\"clientInfo\":{\"name\":\"a\"}}");

    private static boolean reconnectRequired(GuardWorld world, IssuedKey key) {
        return world.keys.find(key.key().id()).orElseThrow().mcpReconnectRequired();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void policyChange_requiresAReconnect_untilANewSession(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.READ_ONLY);
            world.openSession(key, "s");
            assertThat(reconnectRequired(world, key)).isFalse();

            world.change(key, policy -> policy.preset(McpPreset.STANDARD));
            world.post(key, call(2, "look"), "Mcp-Session-Id", "s");
            assertThat(reconnectRequired(world, key)).isTrue();

            world.post(key, INITIALIZE);
            assertThat(reconnectRequired(world, key)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void policyChange_withoutSessions_requiresAReconnectUntilTheNextRequest(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.STANDARD);
            String[] revision = {"MCP-Protocol-Version", "2026-07-28"};
            world.post(key, call(1, "look"), revision);
            world.change(key, policy -> policy.preset(McpPreset.FULL));
            world.post(key, call(2, "look"), "MCP-Protocol-Version", "2025-11-25");
            assertThat(reconnectRequired(world, key)).isTrue();
            world.post(key, call(3, "look"), revision);
            assertThat(reconnectRequired(world, key)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void self_answersTheEffectivePolicyAndTheToolsThatAreKnown(Container container) throws Exception {
        McpPolicy ceiling = McpPolicy.of(McpPreset.STANDARD).instances(IdAllowlist.of(List.of("i1", "i2")));
        try (GuardWorld world = new GuardWorld(container, guard -> guard.ceiling(owner -> ceiling))) {
            IssuedKey key = world.issue(McpPolicy.of(McpPreset.READ_ONLY).projects(IdAllowlist.of(List.of("p1"))));
            world.mcp.answers(ScriptedServer.json(toolList(1, "look?", "delete", "get?")));
            world.post(key, request(1, "tools/list", "{}"));

            HttpResponse<String> self = world.call("GET", "/mcp/self", key, "");

            assertThat(self.statusCode()).isEqualTo(200);
            assertThat(self.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(self.body())
                    .isEqualTo("{\"mcpActive\":true,\"mcpPreset\":\"read_only\",\"mcpReadOnly\":true,"
                            + "\"mcpAllowlistMode\":\"all\",\"mcpToolAllowlist\":[],\"mcpPermissions\":["
                            + "\"mcp:tools:call\",\"mcp:resources:read\",\"mcp:prompts:get\","
                            + "\"mcp:completion:complete\",\"mcp:subscriptions:listen\",\"mcp:tasks:get\"],"
                            + "\"mcpProjectIds\":[\"p1\"],\"mcpInstanceIds\":[\"i1\",\"i2\"],"
                            + "\"mcpReachesNothing\":false,\"tools\":[{\"name\":\"get\",\"readOnly\":true},"
                            + "{\"name\":\"look\",\"readOnly\":true}]}");
            assertThat(world.call("POST", "/mcp/self", key, INITIALIZE).statusCode())
                    .isEqualTo(405);
            assertThat(world.mcp.received()).hasSize(1);

            world.change(key, McpPolicy::pause);
            assertThat(world.call("GET", "/mcp/self", key, "").body())
                    .startsWith("{\"mcpActive\":false,")
                    .endsWith("\"tools\":[]}");
        }
    }
}
