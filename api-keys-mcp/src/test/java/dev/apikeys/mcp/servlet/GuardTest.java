package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static dev.apikeys.mcp.servlet.GuardWorld.toolList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuardTest {
    private static final McpPolicy ONE_TOOL = McpPolicy.of(McpPreset.STANDARD)
            .allowlistMode(McpPolicy.AllowlistMode.LISTED)
            .tools(List.of("systems_get"));

    @ParameterizedTest
    @EnumSource(Container.class)
    void call_thatIsAllowed_reachesTheServerByteForByte(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(ONE_TOOL);
            String body = " {\"id\" : \"\u00e4\\u0041\", \"jsonrpc\":\"2.0\",\"params\":{\"arguments\":{\"a\":[1,{}]},"
                    + "\"name\":\"systems_g\\u0065t\"},\"method\":\"tools/call\"} ";

            HttpResponse<String> answer = world.post(key, body);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
            assertThat(world.mcp.received()).containsExactly(body);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void call_thatIsDenied_getsAnErrorWithItsIdAndReachesNobody(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            HttpResponse<String> answer = world.post(
                    world.issue(ONE_TOOL),
                    "{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\\u20ac\",\"method\":\"tools/call\","
                            + "\"params\":{\"name\":\"systems_delete\"}}");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(answer.body())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"\\uD800\\u20AC\",\"error\":{\"code\":-32000,"
                            + "\"message\":\"the API key may not call this tool\","
                            + "\"data\":{\"reason\":\"tool_not_listed\"}}}");
            assertThat(world.mcp.received()).isEmpty();
            assertThat(world.denials()).singleElement().satisfies(entry -> {
                assertThat(entry.reason()).isEqualTo("tool_not_listed tools/call systems_delete");
                assertThat(entry.request().address()).isEqualTo("127.0.0.1");
                assertThat(entry.request().path()).isEqualTo("/mcp");
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void denials_many_areAuditedAFewTimes(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(ONE_TOOL);
            for (int i = 0; i < 50; i++) {
                world.post(key, call(i, "systems_delete"));
            }
            assertThat(world.denials()).hasSizeBetween(5, 10);
            assertThat(world.keys.stats().mcpDenials()).isEqualTo(50);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void methods_eachUnderItsPermission_areDecided(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(
                    McpPolicy.of(McpPreset.CUSTOM).alsoWriting().permissions(List.of(McpPermission.RESOURCES_READ)));
            List<String> open = List.of(
                    request(1, "initialize", "{}"),
                    request(1, "ping", "{}"),
                    request(1, "resources/list", "{}"),
                    request(1, "resources/read", "{\"uri\":\"demo://a\"}"),
                    request(1, "server/discover", "{}"));
            for (String body : open) {
                assertThat(world.post(key, body).body()).as(body).contains("\"result\"");
            }
            assertThat(world.mcp.received()).isEqualTo(open);
            world.mcp.forget();
            for (String method : List.of(
                    "tools/call",
                    "prompts/get",
                    "nonsense",
                    "Tools/call",
                    "tools/call ",
                    "tools/Call",
                    "",
                    "tools\\u002fcal\\u006C/")) {
                HttpResponse<String> answer = world.post(key, request(1, method, "{\"name\":\"a\"}"));
                assertThat(answer.statusCode()).as(method).isEqualTo(200);
                assertThat(answer.body()).contains("\"id\":1,\"error\"");
            }
            assertThat(world.post(key, request(1, "prompts/list", "{}")).body()).contains("{\"prompts\":[]}");
            assertThat(world.mcp.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void messagesThatAreNoCalls_passForAnActiveKeyOnly(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(ONE_TOOL);
            List<String> bodies = List.of(
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                    "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"roots\":[]}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":1,\"message\":\"\"}}");
            for (String body : bodies) {
                assertThat(world.post(key, body).statusCode()).isEqualTo(200);
            }
            assertThat(world.call("GET", "/mcp", key, "").statusCode()).isEqualTo(200);
            assertThat(world.call("DELETE", "/mcp", key, "").statusCode()).isEqualTo(200);
            assertThat(world.mcp.received()).hasSize(5);

            world.change(key, McpPolicy::pause);
            world.mcp.forget();
            for (String body : bodies) {
                assertThat(world.post(key, body).statusCode()).isEqualTo(403);
            }
            assertThat(world.call("GET", "/mcp", key, "").statusCode()).isEqualTo(403);
            assertThat(world.call("DELETE", "/mcp", key, "").statusCode()).isEqualTo(403);
            assertThat(world.post(key, call(1, "systems_get")).body()).contains("\"reason\":\"inactive\"");
            assertThat(world.mcp.received()).isEmpty();

            world.change(key, McpPolicy::resume);
            assertThat(world.post(key, call(1, "systems_get")).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void otherHttpMethods_areNotAllowed(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            for (String method : List.of("PUT", "PATCH", "HEAD", "OPTIONS")) {
                HttpResponse<String> answer = world.call(method, "/mcp", key, "");
                assertThat(answer.statusCode()).as(method).isEqualTo(405);
                assertThat(answer.headers().firstValue("Allow")).contains("GET, POST, DELETE");
            }
            assertThat(world.mcp.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void requestWithoutAKey_isRefusedEvenWhereNothingElseStandsBefore(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container);
                ServletServer bare = ServletServer.in(container)
                        .filter(GuardFilter.builder(world.keys).build(), "/*")
                        .servlet(world.mcp, "/mcp")
                        .start()) {
            String token = world.issueOnce().token().reveal();
            for (int i = 0; i < 100; i++) {
                String body = call(i, "systems_get");
                HttpResponse<String> answer = Http.call(
                        "POST",
                        bare.uri("/mcp"),
                        body,
                        "Authorization",
                        "Bearer " + token,
                        "Content-Type",
                        "application/json");
                assertThat(answer.statusCode()).isEqualTo(401);
                assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            }
            assertThat(world.mcp.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void writingCall_whileTheKeyCannotBeConfirmed_isToBeTriedAgain(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            world.mcp.answers(ScriptedServer.json(toolList(1, "look?", "delete")));
            world.post(key, request(1, "tools/list", "{}"));
            world.mcp.forget();

            HttpResponse<String> refused = world.post(key, call(5, "delete"), "Test-Stale", "yes");
            HttpResponse<String> batch =
                    world.post(key, "[" + call(5, "look") + "," + call(6, "never_listed") + "]", "Test-Stale", "yes");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.body()).contains("\"id\":5,\"error\"");
            assertThat(batch.statusCode()).isEqualTo(503);
            assertThat(world.mcp.received()).isEmpty();
            assertThat(world.post(key, call(5, "look"), "Test-Stale", "yes").statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void readOnlyKey_callsWhatTheServersLatestListCallsReadOnly(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.READ_ONLY);
            assertThat(world.passes(key, call(1, "look"))).isFalse();

            world.mcp.answers(ScriptedServer.json(toolList(1, "look?", "delete")));
            world.post(key, request(1, "tools/list", "{}"));
            assertThat(world.passes(key, call(1, "look"))).isTrue();
            assertThat(world.passes(key, call(1, "Look"))).isFalse();
            assertThat(world.passes(key, call(1, "delete"))).isFalse();

            world.mcp.answers(ScriptedServer.json(toolList(1, "look")));
            world.post(key, request(1, "tools/list", "{}"));
            assertThat(world.passes(key, call(1, "look"))).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void ceiling_ofTheOwner_holdsForEveryKeyBelow(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(
                container, guard -> guard.ceiling(owner -> "org_1".equals(owner.organization()) ? ONE_TOOL : null))) {
            IssuedKey key = world.issue(McpPreset.FULL);
            assertThat(world.passes(key, call(1, "systems_get"))).isTrue();
            assertThat(world.passes(key, call(1, "systems_delete"))).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void host_thatThrowsACheckedException_hidesThatEntryAlone(Container container) throws Exception {
        CallClassifier host = new CallClassifier() {
            @Override
            public String project(HttpServletRequest request, AgentCall call) {
                return "demo://broken".equals(call.name())
                        ? GuardTest.<String, RuntimeException>undeclared(new IOException("as Kotlin throws it"))
                        : "p1";
            }
        };
        try (GuardWorld world = new GuardWorld(container, guard -> guard.classifier(host))) {
            IssuedKey key = world.issue(McpPolicy.of(McpPreset.FULL).projects(IdAllowlist.of(List.of("p1"))));
            world.mcp.answers(ScriptedServer.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resources\":["
                    + "{\"uri\":\"demo://p1\"},{\"uri\":\"demo://broken\"}]}}"));
            assertThat(world.post(key, request(1, "resources/list", "{}")).body())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resources\":[{\"uri\":\"demo://p1\"}]}}");
        }
    }

    /** Throws what Kotlin, Scala and Groovy let anybody throw. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, E extends Exception> T undeclared(Exception failure) throws E {
        throw (E) failure;
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void host_thatKnowsProjects_limitsCallsAndLists(Container container) throws Exception {
        CallClassifier host = new CallClassifier() {
            @Override
            public String project(HttpServletRequest request, AgentCall call) {
                if ("broken".equals(call.name())) {
                    throw new IllegalStateException("secret");
                }
                if (call.method().equals("resources/list")) {
                    return "p1";
                }
                return call.method().equals("resources/read")
                        ? call.name().substring("demo://".length())
                        : call.arguments().get("project");
            }
        };
        try (GuardWorld world = new GuardWorld(container, guard -> guard.classifier(host))) {
            IssuedKey key = world.issue(McpPolicy.of(McpPreset.FULL).projects(IdAllowlist.of(List.of("p1"))));
            assertThat(world.post(key, request(1, "tools/call", "{\"name\":\"t\",\"arguments\":{\"project\":\"p1\"}}"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(world.post(key, request(1, "tools/call", "{\"name\":\"t\",\"arguments\":{\"project\":\"p2\"}}"))
                            .body())
                    .contains("project_not_allowed");
            assertThat(world.post(key, call(1, "t")).body()).contains("project_not_allowed");

            HttpResponse<String> broken = world.post(key, call(1, "broken"));
            assertThat(broken.statusCode()).isEqualTo(500);
            assertThat(broken.body()).doesNotContain("secret");

            world.mcp.answers(ScriptedServer.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resources\":["
                    + "{\"uri\":\"demo://p1\"},{\"uri\":\"demo://p2\"},{\"uri\":\"x\"}],\"nextCursor\":\"c\"}}"));
            assertThat(world.post(key, request(1, "resources/list", "{}")).body())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resources\":[{\"uri\":\"demo://p1\"}],"
                            + "\"nextCursor\":\"c\"}}");
        }
    }
}
