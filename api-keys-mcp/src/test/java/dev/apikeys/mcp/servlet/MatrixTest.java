package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One decision, whatever revision and transport a client says it speaks. */
class MatrixTest {
    private static final List<String> REVISIONS =
            List.of("", "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28");
    private static final List<String> TOOLS = List.of(
            "look", "Look", "LOOK", "look ", " look", "loo\\u212a", "look\\u0000", "l\\u006fok", "\\ufeffook", "loo");

    @ParameterizedTest
    @EnumSource(Container.class)
    void tool_isDecidedAlike_underEveryRevisionPathShapeAndHeader(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPolicy.of(McpPreset.STANDARD)
                    .allowlistMode(McpPolicy.AllowlistMode.LISTED)
                    .tools(List.of("look")));
            world.openSession(key, "s");
            for (String revision : REVISIONS) {
                for (String path : List.of("/mcp", "/mcp/", "/mcp/message?sessionId=s")) {
                    for (String tool : TOOLS) {
                        String call = call(1, tool);
                        boolean allowed = tool.equals("look") || tool.equals("l\\u006fok");
                        assertThat(passed(world, key, path, revision, call))
                                .as(revision + path + tool)
                                .isEqualTo(allowed ? List.of(call) : List.of());
                        assertThat(passed(world, key, path, revision, "[" + call + "]"))
                                .isEqualTo(allowed ? List.of("[" + call + "]") : List.of());
                        assertThat(passed(world, key, path, revision, "[" + call(2, "look") + "," + call + "]"))
                                .isEqualTo(List.of(
                                        allowed
                                                ? "[" + call(2, "look") + "," + call + "]"
                                                : "[" + call(2, "look") + "]"));
                    }
                }
            }
        }
    }

    private static List<String> passed(GuardWorld world, IssuedKey key, String path, String revision, String body) {
        world.mcp.forget();
        List<String> headers = new ArrayList<>(List.of("Mcp-Session-Id", "s"));
        if (!revision.isEmpty()) {
            headers.addAll(List.of("MCP-Protocol-Version", revision));
        }
        world.call("POST", path, key, body, headers.toArray(String[]::new));
        return world.mcp.received();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void headersThatDifferOrComeTwice_letNothingThrough_underEveryRevision(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            for (String revision : REVISIONS) {
                String line = revision.isEmpty() ? "X: y" : "MCP-Protocol-Version: " + revision;
                for (String headers : List.of(
                        "Mcp-Name: other",
                        "Mcp-Name: look\r\nMcp-Name: look",
                        "Mcp-Name: look\r\nmcp-name: other",
                        "Mcp-Method: tools/list",
                        "Mcp-Method: tools/call\r\nMcp-Method: tools/list",
                        "Mcp-Method: tools/call\r\nMcp-Name: other",
                        "MCP-Protocol-Version: 2025-06-18\r\nMCP-Protocol-Version: 2025-06-18",
                        "Content-Type: application/json",
                        "Content-Encoding: identity\r\nContent-Encoding: deflate")) {
                    for (String body : List.of(
                            call(1, "look"),
                            "[" + call(1, "look") + "]",
                            "[" + call(1, "other") + "," + call(2, "look") + "]")) {
                        RawHttp.Answer answer = RawHttp.send(
                                world.port(),
                                "POST /mcp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                                        + "Authorization: Bearer " + key.token().reveal() + "\r\n" + line + "\r\n"
                                        + headers
                                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                        assertThat(answer.status())
                                .as("%s %s %s", revision, headers, body)
                                .isBetween(400, 415);
                    }
                }
            }
            assertThat(world.mcp.received()).isEmpty();
        }
    }
}
