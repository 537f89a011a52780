package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The host is asked about what the method has, and about nothing else that was sent (threat T51). */
class SubjectTest {
    private static final List<AgentCall> ASKED = new CopyOnWriteArrayList<>();
    private static GuardWorlds worlds;

    @BeforeAll
    static void start() throws Exception {
        worlds = new GuardWorlds(guard -> guard.classifier(new CallClassifier() {
            @Override
            public @Nullable String project(HttpServletRequest request, AgentCall call) {
                ASKED.add(call);
                return call.arguments().get("projectId");
            }
        }));
    }

    @AfterAll
    static void stop() {
        worlds.close();
    }

    private static IssuedKey limited(GuardWorld world) {
        return world.issue(McpPolicy.of(McpPreset.FULL).projects(IdAllowlist.of(List.of("p1"))));
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void arguments_whereTheMethodHasNone_openNoProject(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = limited(world);
        String arguments = "\"arguments\":{\"projectId\":\"p1\"}";
        for (String body : List.of(
                request(1, "resources/read", "{\"uri\":\"proj://p2/secret\"," + arguments + "}"),
                request(1, "resources/subscribe", "{\"uri\":\"proj://p2/secret\"," + arguments + "}"),
                request(1, "resources/list", "{" + arguments + "}"),
                request(1, "resources/directory/read", "{\"uri\":\"proj://p2/\"," + arguments + "}"),
                request(1, "skills/get", "{\"uri\":\"proj://p2/s\"," + arguments + "}"),
                request(1, "tasks/get", "{\"taskId\":\"t\"," + arguments + "}"),
                request(1, "subscriptions/listen", "{" + arguments + "}"),
                request(
                        1,
                        "completion/complete",
                        "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"a\"}," + arguments + "}"))) {
            ASKED.clear();
            assertThat(world.post(key, body).body()).as(body).contains("-32602").contains("arguments");
            assertThat(ASKED).isEmpty();
        }
        assertThat(world.mcp.received()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void parameter_thatTheMethodDoesNotHave_isRefusedAndNamed(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        Map<String, String> bodies = Map.of(
                request(1, "resources/read", "{\"uri\":\"a\",\"name\":\"b\"}"), "name",
                request(1, "tools/call", "{\"name\":\"a\",\"uri\":\"b\"}"), "uri",
                request(1, "prompts/get", "{\"name\":\"a\",\"ref\":{}}"), "ref",
                request(1, "skills/get", "{\"uri\":\"a\",\"name\":\"b\"}"), "name",
                request(1, "tools/list", "{\"name\":\"a\"}"), "name",
                request(1, "tasks/cancel", "{\"taskId\":\"t\",\"name\":\"a\"}"), "name",
                request(1, "completion/complete", "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"a\"},\"uri\":\"b\"}"),
                        "uri");
        bodies.forEach((body, parameter) -> {
            HttpResponse<String> answer = world.post(key, body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.body())
                    .as(body)
                    .contains("\"id\":1,\"error\":{\"code\":-32602,")
                    .contains(" has no " + parameter);
        });
        assertThat(world.mcp.received()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void reference_saysByItsTypeWhatCounts(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        for (String reference : List.of(
                "{\"type\":\"ref/prompt\",\"uri\":\"proj://p2/a\"}",
                "{\"type\":\"ref/prompt\",\"name\":\"a\",\"uri\":\"proj://p1/a\"}",
                "{\"uri\":\"proj://p1/a\",\"name\":\"a\",\"type\":\"ref/resource\"}",
                "{\"type\":\"ref/resource\",\"name\":\"a\"}",
                "{\"type\":\"ref/prompt\"}",
                "{\"type\":\"ref/tool\",\"name\":\"a\"}",
                "{\"type\":[\"ref/prompt\"],\"name\":\"a\"}",
                "{\"type\":\"ref/prompt\",\"name\":[\"a\"]}",
                "{\"type\":\"ref/prompt\",\"name\":\"a\",\"Name\":\"b\"}",
                "{\"name\":\"a\"}",
                "{}")) {
            assertThat(world.post(key, request(1, "completion/complete", "{\"ref\":" + reference + "}"))
                            .statusCode())
                    .as(reference)
                    .isEqualTo(400);
        }
        assertThat(world.mcp.received()).isEmpty();
        ASKED.clear();
        world.post(key, request(1, "completion/complete", "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"a\"}}"));
        world.post(
                key,
                request(1, "completion/complete", "{\"ref\":{\"uri\":\"u\",\"name\":null,\"type\":\"ref/resource\"}}"));
        world.post(key, request(1, "resources/read", "{\"uri\":\"u\"}"));
        world.post(key, request(1, "skills/get", "{\"uri\":\"s\"}"));
        world.post(key, request(1, "prompts/get", "{\"name\":\"a\",\"arguments\":{\"x\":\"1\"}}"));
        assertThat(ASKED)
                .containsExactly(
                        new AgentCall("completion/complete", AgentCall.Subject.PROMPT, "a", Map.of()),
                        new AgentCall("completion/complete", AgentCall.Subject.RESOURCE, "u", Map.of()),
                        new AgentCall("resources/read", AgentCall.Subject.RESOURCE, "u", Map.of()),
                        new AgentCall("skills/get", AgentCall.Subject.RESOURCE, "s", Map.of()),
                        new AgentCall("prompts/get", AgentCall.Subject.PROMPT, "a", Map.of("x", "1")));
    }
}
