package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One decision, whatever revision and transport a client says it speaks. */
class MatrixTest {
    private static final List<String> REVISIONS = List.of(
            "",
            "2024-11-05",
            "2025-03-26",
            "2025-06-18",
            "2025-11-25",
            "2026-07-28",
            "2027-01-01",
            "DRAFT",
            "nonsense");
    private static final List<String> TOOLS = List.of(
            "look", "Look", "LOOK", "look ", " look", "loo\\u212a", "look\\u0000", "l\\u006fok", "\\ufeffook", "loo");

    @ParameterizedTest
    @EnumSource(Container.class)
    void tool_isDecidedAlike_underEveryRevisionPathAndShape(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPolicy.of(McpPreset.STANDARD)
                    .allowlistMode(McpPolicy.AllowlistMode.LISTED)
                    .tools(List.of("look")));
            for (String revision : REVISIONS) {
                for (String path : List.of("/mcp", "/mcp/", "/mcp/message?sessionId=1")) {
                    for (String tool : TOOLS) {
                        boolean allowed = tool.equals("look") || tool.equals("l\\u006fok");
                        for (String body : List.of(call(1, tool), "[" + call(1, tool) + "]")) {
                            world.mcp.forget();
                            List<String> headers = new ArrayList<>(List.of("Mcp-Session-Id", "s"));
                            if (!revision.isEmpty()) {
                                headers.addAll(List.of("MCP-Protocol-Version", revision));
                            }
                            int status = world.call("POST", path, key, body, headers.toArray(String[]::new))
                                    .statusCode();
                            assertThat(status).as(revision + path + tool).isEqualTo(allowed ? 200 : 403);
                            assertThat(world.mcp.received()).hasSize(allowed ? 1 : 0);
                        }
                    }
                }
            }
        }
    }
}
