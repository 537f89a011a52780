package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Headers that a server may go by say the same as the body, and say it once (threats T40 and T51). */
class ProtocolHeadersTest {
    private static GuardWorlds worlds;

    @BeforeAll
    static void start() throws Exception {
        worlds = new GuardWorlds();
    }

    @AfterAll
    static void stop() {
        worlds.close();
    }

    private static RawHttp.Answer raw(GuardWorld world, IssuedKey key, String body, String... lines) {
        return RawHttp.send(
                world.port(),
                "POST /mcp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Authorization: Bearer " + key.token().reveal() + "\r\nContent-Length: " + body.length()
                        + "\r\n"
                        + String.join("\r\n", lines) + "\r\n\r\n" + body);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void header_thatIsSentTwice_isRefused(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        for (String name : List.of("Mcp-Name", "Mcp-Method", "MCP-Protocol-Version", "Mcp-Session-Id", "Mcp-Param-A")) {
            String value = name.equals("Mcp-Method") ? "tools/call" : name.contains("Version") ? "2025-11-25" : "look";
            for (String second : List.of(value, "delete")) {
                RawHttp.Answer answer = raw(
                        world,
                        key,
                        call(1, "look"),
                        name + ": " + value,
                        name.toLowerCase(Locale.ROOT) + ": " + second);
                assertThat(answer.status()).as(name).isEqualTo(400);
                assertThat(answer.body()).as(name).contains("\"code\":-32020");
            }
        }
        assertThat(raw(world, key, call(1, "look"), "Content-Encoding: identity", "Content-Encoding: gzip")
                        .status())
                .isEqualTo(415);
        assertThat(world.mcp.received()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void headers_besideABatch_areHeldAgainstEachOfItsMessages(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        String[] look = {"Mcp-Method", "tools/call", "Mcp-Name", "look"};
        for (String body : List.of(
                "[" + call(1, "delete") + "]",
                "[" + call(1, "look") + "," + call(2, "delete") + "]",
                "[" + call(1, "delete") + "," + call(2, "look") + "]",
                "[" + call(1, "look") + ",{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}]",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}")) {
            HttpResponse<String> answer = world.post(key, body, look);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.body()).as(body).contains("\"code\":-32020");
        }
        assertThat(world.mcp.received()).isEmpty();
        assertThat(world.post(key, "[" + call(1, "look") + "]", look).statusCode())
                .isEqualTo(200);
        assertThat(world.post(key, "[" + call(1, "look") + "," + call(2, "look") + "]", look)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void name_ofAUri_isHeldAgainstTheUri(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        String read = request(1, "resources/read", "{\"uri\":\"a://b\"}");
        assertThat(world.post(key, read, "Mcp-Name", "a://c").statusCode()).isEqualTo(400);
        assertThat(world.post(key, read, "Mcp-Name", "a://b").statusCode()).isEqualTo(200);
        String task = request(1, "tasks/get", "{\"taskId\":\"t1\"}");
        assertThat(world.post(key, task, "Mcp-Name", "t2").statusCode()).isEqualTo(400);
        assertThat(world.post(key, task, "Mcp-Name", "t1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void revision_thatDoesNotExist_isRefusedWithThoseThatDo(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        for (String revision : List.of("2027-01-01", "DRAFT", "2025-11-25 2025-06-18", "2025-11-26", "1", "v999.0.0")) {
            HttpResponse<String> post = world.post(key, call(1, "look"), "MCP-Protocol-Version", revision);
            assertThat(post.statusCode()).as(revision).isEqualTo(400);
            assertThat(post.body())
                    .contains("\"id\":1,\"error\":{\"code\":-32022,")
                    .contains(
                            "\"supported\":[\"2024-11-05\",\"2025-03-26\",\"2025-06-18\",\"2025-11-25\",\"2026-07-28\"]")
                    .contains("\"requested\":\"" + revision + "\"");
            for (String method : List.of("GET", "DELETE")) {
                assertThat(world.call(method, "/mcp", key, "", "MCP-Protocol-Version", revision)
                                .statusCode())
                        .isEqualTo(400);
            }
        }
        assertThat(world.mcp.received()).isEmpty();
        for (String revision : List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")) {
            assertThat(world.post(key, call(1, "look"), "MCP-Protocol-Version", revision)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void revisions_thatTheServerSaysItSupports_areThoseThatAnErrorNames(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            world.mcp.answers(ScriptedServer.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"supportedVersions\":["
                    + "\"2026-07-28\",\"2030-01-01\",7,\"2025-11-25\"],\"capabilities\":{}}}"));
            world.post(key, request(1, "server/discover", "{}"));
            assertThat(world.post(key, call(1, "look"), "MCP-Protocol-Version", "1")
                            .body())
                    .contains("\"supported\":[\"2026-07-28\",\"2025-11-25\"],\"requested\":\"1\"");
        }
    }
}
