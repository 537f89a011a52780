package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static dev.apikeys.mcp.servlet.GuardWorld.toolList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each element of a batch is decided by itself. */
class BatchTest {
    private static final McpPolicy NAMED = McpPolicy.of(McpPreset.STANDARD)
            .allowlistMode(McpPolicy.AllowlistMode.LISTED)
            .tools(List.of("look"));
    private static final String NOTIFICATION = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}";

    private static String error(int id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":-32000,"
                + "\"message\":\"the API key may not call this tool\",\"data\":{\"reason\":\"tool_not_listed\"}}}";
    }

    private static String result(int id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}";
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void batch_withOneDeniedOfTwenty_runsTheOthersAndAnswersAll(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(NAMED);
            for (int denied = 0; denied < 20; denied++) {
                List<String> sent = new ArrayList<>();
                List<String> allowed = new ArrayList<>();
                List<String> answers = new ArrayList<>();
                for (int id = 0; id < 20; id++) {
                    sent.add(call(id, id == denied ? "delete" : "look"));
                    if (id != denied) {
                        allowed.add(call(id, "look"));
                        answers.add(result(id));
                    }
                }
                world.mcp.forget();
                world.mcp.answers(ScriptedServer.json(JsonRpcError.batch(answers)));

                HttpResponse<String> answer = world.post(key, "[ " + String.join(" ,\n", sent) + " ]");

                assertThat(world.mcp.received()).containsExactly(JsonRpcError.batch(allowed));
                answers.add(error(denied));
                assertThat(answer.body()).isEqualTo(JsonRpcError.batch(answers));
                assertThat(answer.statusCode()).isEqualTo(200);
            }
        }
    }

    /** A rate limit counts requests, not the calls in them. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void batch_ofMoreThan100_isRefusedAsAWhole(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(NAMED);
            List<String> calls = new ArrayList<>();
            for (int id = 0; id < 100; id++) {
                calls.add(call(id, "look"));
            }
            assertThat(world.passes(key, JsonRpcError.batch(calls))).isTrue();
            calls.add(NOTIFICATION);
            world.mcp.forget();

            HttpResponse<String> answer = world.post(key, JsonRpcError.batch(calls));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,"
                            + "\"message\":\"a batch has at most 100 messages\"}}");
            assertThat(world.mcp.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void batch_ofWhichTheServerAnswersAStream_hasItsErrorsAsEvents(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            world.mcp.answers((request, response) -> {
                response.setContentType("text/event-stream");
                response.getWriter().write("data: " + result(1) + "\n\n");
            });
            HttpResponse<String> answer =
                    world.post(world.issue(NAMED), "[" + call(1, "look") + "," + call(2, "delete") + "]");
            assertThat(answer.body())
                    .isEqualTo("event: message\ndata: " + error(2) + "\n\ndata: " + result(1) + "\n\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void batch_ofWhichTheServerBeginsNoStream_hasItsErrorsAsEvents(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(NAMED);
            for (int status : new int[] {200, 202}) {
                world.mcp.answers((request, response) -> {
                    response.setStatus(status);
                    response.setContentType("text/event-stream");
                });
                HttpResponse<String> answer = world.post(key, "[" + NOTIFICATION + "," + call(2, "delete") + "]");
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                        .startsWith("text/event-stream");
                assertThat(answer.body()).isEqualTo("event: message\ndata: " + error(2) + "\n\n");

                HttpResponse<String> allAllowed = world.post(key, "[" + NOTIFICATION + "]");
                assertThat(allAllowed.statusCode()).isEqualTo(status);
                assertThat(allAllowed.body()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void batch_ofWhichNothingIsAllowed_isAnsweredWithoutTheServer(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            HttpResponse<String> answer =
                    world.post(world.issue(NAMED), "[" + call(1, "delete") + "," + call(2, "Look") + "]");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("[" + error(1) + "," + error(2) + "]");
            assertThat(world.mcp.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void errors_joinWhateverTheServerAnswers(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(NAMED);
            String body = "[" + NOTIFICATION + "," + call(2, "delete") + "]";

            world.mcp.answers((request, response) -> response.setStatus(202));
            HttpResponse<String> accepted = world.post(key, body);
            assertThat(accepted.statusCode()).isEqualTo(200);
            assertThat(accepted.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(accepted.body()).isEqualTo("[" + error(2) + "]");

            world.mcp.answers(ScriptedServer.json(" [ ] "));
            assertThat(world.post(key, body).body()).isEqualTo("[" + error(2) + "]");

            world.mcp.answers(ScriptedServer.json(result(9)));
            assertThat(world.post(key, body).body()).isEqualTo("[" + result(9) + "," + error(2) + "]");
            assertThat(world.mcp.received()).containsOnly("[" + NOTIFICATION + "]");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void list_inABatch_isFiltered(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            world.mcp.answers(ScriptedServer.json("[" + result(1) + "," + toolList(2, "look", "delete") + "]"));
            HttpResponse<String> answer =
                    world.post(world.issue(NAMED), "[" + call(1, "look") + "," + request(2, "tools/list", "{}") + "]");
            assertThat(answer.body()).isEqualTo("[" + result(1) + "," + toolList(2, "look") + "]");
        }
    }
}
