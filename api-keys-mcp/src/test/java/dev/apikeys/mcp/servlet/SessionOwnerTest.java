package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session serves the key that opened it, and no other. */
class SessionOwnerTest {
    private static final String INITIALIZE = request(1, "initialize", "{}");
    private static GuardWorlds worlds;

    @BeforeAll
    static void start() throws Exception {
        worlds = new GuardWorlds();
    }

    @AfterAll
    static void stop() {
        worlds.close();
    }

    private static void open(GuardWorld world, IssuedKey key, String session) {
        world.mcp.answers((request, response) -> {
            response.setHeader("Mcp-Session-Id", session);
            ScriptedServer.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"capabilities\":{}}}")
                    .answer(request, response);
        });
        assertThat(world.post(key, INITIALIZE).headers().firstValue("Mcp-Session-Id"))
                .contains(session);
        world.mcp.reset();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void sessionOfOneKey_isUnknownToEveryOther(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey alice = world.issue(McpPreset.FULL);
        IssuedKey bob = world.issue(McpPreset.FULL);
        open(world, alice, "s-1-" + container);

        String[] session = {"Mcp-Session-Id", "s-1-" + container};
        String[] unknown = {"Mcp-Session-Id", "s-2-" + container};
        for (String method : List.of("POST", "GET", "DELETE")) {
            String body = method.equals("POST") ? call(7, "look") : "";
            HttpResponse<String> foreign = world.call(method, "/mcp", bob, body, session);
            HttpResponse<String> none = world.call(method, "/mcp", bob, body, unknown);
            assertThat(foreign.statusCode()).isEqualTo(404);
            assertThat(foreign.body()).isEqualTo(none.body()).contains(method.equals("POST") ? "\"id\":7" : "null");
            assertThat(none.statusCode()).isEqualTo(404);
        }
        assertThat(world.mcp.received()).isEmpty();
        assertThat(world.post(alice, call(7, "look"), session).statusCode()).isEqualTo(200);
        assertThat(world.call("GET", "/mcp", alice, "", session).statusCode()).isEqualTo(200);
        assertThat(world.call("DELETE", "/mcp", alice, "", session).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void sessionThatOneKeyOpened_staysItsOwnWhenTheServerGivesItToAnother(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey alice = world.issue(McpPreset.FULL);
        IssuedKey bob = world.issue(McpPreset.FULL);
        open(world, alice, "s-3-" + container);
        open(world, bob, "s-3-" + container);
        assertThat(world.post(bob, call(1, "look"), "Mcp-Session-Id", "s-3-" + container)
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void sessionOfTheOlderTransport_isItsKeysToo(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey alice = world.issue(McpPreset.FULL);
        IssuedKey bob = world.issue(McpPreset.FULL);
        String id = "s-4-" + container;
        for (String name : List.of("sessionId", "session_id")) {
            world.mcp.answers((request, response) -> {
                response.setContentType("text/event-stream");
                response.getWriter()
                        .write("event: endpoint\ndata: /mcp/message?x=1&" + name + "=" + id + name + "\n\n");
            });
            world.call("GET", "/mcp/sse", alice, "");
            world.mcp.reset();
            String path = "/mcp/message?x=1&" + name + "=" + id + name;
            assertThat(world.call("POST", path, bob, call(1, "look")).statusCode())
                    .isEqualTo(404);
            assertThat(world.call("POST", path.replace("=s-", "=%73-"), bob, call(1, "look"))
                            .statusCode())
                    .isEqualTo(404);
            assertThat(world.mcp.received()).isEmpty();
            assertThat(world.call("POST", path, alice, call(1, "look")).statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void sessionHeader_ofARevisionWithoutSessions_doesNotReachTheServer(Container container) {
        GuardWorld world = worlds.in(container);
        world.mcp.answers(
                (request, response) -> response.setHeader("Seen", String.valueOf(request.getHeader("Mcp-Session-Id"))));
        HttpResponse<String> answer = world.post(
                world.issue(McpPreset.FULL),
                call(1, "look"),
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Session-Id",
                "of-somebody");
        assertThat(answer.headers().firstValue("Seen")).contains("null");
    }
}
