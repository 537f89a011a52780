package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A denial reaches the client's user: a JSON-RPC error, and a challenge only where it leads somewhere. */
class DenialTest {
    private static final McpPolicy ONE_TOOL = McpPolicy.of(McpPreset.STANDARD)
            .allowlistMode(McpPolicy.AllowlistMode.LISTED)
            .tools(List.of("look"))
            .permissions(List.of(McpPermission.TOOLS_CALL));
    private static final String NOTIFICATION = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}";
    private static GuardWorlds plain;
    private static GuardWorlds withAuthorization;

    @BeforeAll
    static void start() throws Exception {
        plain = new GuardWorlds();
        withAuthorization = new GuardWorlds(guard ->
                guard.resourceMetadata(URI.create("https://a.example/.well-known/oauth-protected-resource/mcp")));
    }

    @AfterAll
    static void stop() {
        plain.close();
        withAuthorization.close();
    }

    private static void isAnErrorWithoutChallenge(HttpResponse<String> answer, String expected) {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.body()).contains(expected);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void deniedCall_isAnErrorWith200AndNoChallenge(Container container) {
        GuardWorld world = plain.in(container);
        IssuedKey key = world.issue(ONE_TOOL);
        isAnErrorWithoutChallenge(world.post(key, call(3, "delete")), "\"id\":3,\"error\":{\"code\":-32000,");
        isAnErrorWithoutChallenge(
                world.post(key, request(4, "prompts/get", "{\"name\":\"p\"}")),
                "\"message\":\"the API key lacks the permission mcp:prompts:get\",\"data\":"
                        + "{\"reason\":\"permission_missing\",\"permission\":\"mcp:prompts:get\"}}}");
        isAnErrorWithoutChallenge(
                world.post(key, "[" + call(1, "delete") + "," + call(2, "drop") + "]"), "\"tool_not_listed\"");
        isAnErrorWithoutChallenge(
                world.post(world.issue(McpPreset.NONE), request(1, "initialize", "{}")), "preset_none");
        assertThat(world.mcp.received()).isEmpty();
        assertThat(world.denials())
                .anySatisfy(entry ->
                        assertThat(entry.reason()).isEqualTo("permission_missing mcp:prompts:get prompts/get p"));
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void whatHasNoAnswerInJsonRpc_isForbiddenWithoutChallenge(Container container) {
        GuardWorld world = plain.in(container);
        IssuedKey key = world.issue(McpPolicy.of(McpPreset.FULL).pause());
        for (HttpResponse<String> answer : List.of(
                world.post(key, NOTIFICATION),
                world.post(key, "[" + NOTIFICATION + "]"),
                world.post(key, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}"),
                world.call("GET", "/mcp", key, ""),
                world.call("DELETE", "/mcp", key, ""))) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(answer.body())
                    .startsWith("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":")
                    .contains("\"inactive\"");
        }
        isAnErrorWithoutChallenge(
                world.post(key, "[" + NOTIFICATION + "," + call(5, "look") + "]"), "[{\"jsonrpc\":\"2.0\",\"id\":5,");
        assertThat(world.mcp.received()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void hostWithAnAuthorizationServer_challengesWhereMoreScopeHelps(Container container) {
        GuardWorld world = withAuthorization.in(container);
        IssuedKey key = world.issue(ONE_TOOL);
        String metadata = ", resource_metadata=\"https://a.example/.well-known/oauth-protected-resource/mcp\"";
        String prompt = request(4, "prompts/get", "{\"name\":\"p\"}");
        String read = request(5, "resources/read", "{\"uri\":\"p\"}");

        HttpResponse<String> one = world.post(key, prompt);
        HttpResponse<String> two = world.post(key, "[" + prompt + "," + read + "]");

        assertThat(one.statusCode()).isEqualTo(403);
        assertThat(one.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer error=\"insufficient_scope\", scope=\"mcp:prompts:get\"" + metadata);
        assertThat(one.body()).contains("\"id\":4,\"error\"").contains("\"permission\":\"mcp:prompts:get\"");
        assertThat(two.statusCode()).isEqualTo(403);
        assertThat(two.headers().firstValue("WWW-Authenticate"))
                .contains(
                        "Bearer error=\"insufficient_scope\", scope=\"mcp:resources:read mcp:prompts:get\"" + metadata);

        isAnErrorWithoutChallenge(world.post(key, call(3, "delete")), "tool_not_listed");
        isAnErrorWithoutChallenge(world.post(key, request(3, "nonsense", "{}")), "-32601");
        isAnErrorWithoutChallenge(world.post(key, "[" + prompt + "," + call(3, "delete") + "]"), "tool_not_listed");
        isAnErrorWithoutChallenge(
                world.post(world.issue(McpPolicy.of(McpPreset.FULL).pause()), prompt), "\"inactive\"");
        assertThat(world.mcp.received()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void unknownMethod_is404OfTheRevisionWithoutSessions_andAnErrorBefore(Container container) {
        for (GuardWorlds worlds : List.of(plain, withAuthorization)) {
            GuardWorld world = worlds.in(container);
            IssuedKey key = world.issue(McpPolicy.of(McpPreset.CUSTOM).permissions(List.of()));
            String body = request(8, "tools/delete", "{}");
            for (String revision : List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")) {
                HttpResponse<String> answer = world.post(key, body, "MCP-Protocol-Version", revision);
                isAnErrorWithoutChallenge(answer, "\"id\":8,\"error\":{\"code\":-32601,");
            }
            isAnErrorWithoutChallenge(world.post(key, body), "\"id\":8,\"error\":{\"code\":-32601,");

            HttpResponse<String> answer = world.post(key, body, "MCP-Protocol-Version", "2026-07-28");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(answer.body()).contains("\"id\":8,\"error\":{\"code\":-32601,");
            assertThat(world.mcp.received()).isEmpty();
        }
    }
}
