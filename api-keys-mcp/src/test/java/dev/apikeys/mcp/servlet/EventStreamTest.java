package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static dev.apikeys.mcp.servlet.GuardWorld.toolList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.ScriptedServer.Script;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where an event stream goes no further, or begins again. */
class EventStreamTest {
    private static final String ASK = request(1, "tools/list", "{}");

    /** A writer hides from the server that the guard takes no more. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void event_thatIsTooLong_isNotPassedOn_norWhatFollows(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container, guard -> guard.maxAnswerLength(1024))) {
            IssuedKey key = world.issue(McpPreset.FULL);
            String good = "data: {}\n\n";
            List<String> tooLong = List.of(
                    "data: {\"a\":\"" + "y".repeat(1024) + "\"}\n\n",
                    "data: {\n" + "data: \n".repeat(1024) + "data: }\n\n",
                    ("id: " + "7".repeat(300) + "\n").repeat(4) + "data: {}\n\n",
                    ":" + "c".repeat(1024) + "\n");
            for (String event : tooLong) {
                for (int piece : List.of(1, 700, event.length())) {
                    world.mcp.answers(writing(piece, event + good));
                    HttpResponse<String> answer = world.post(key, ASK);
                    assertThat(answer.statusCode()).as(event).isEqualTo(502);
                    assertThat(answer.body()).as(event).startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":");
                    world.mcp.answers(writing(piece, good, event + good));
                    assertThat(world.post(key, ASK).body()).as(event).isEqualTo(good);
                }
            }
        }
    }

    /** An event stream, whose parts are written in pieces of this length. */
    private static Script writing(int piece, String... parts) {
        return (request, response) -> {
            response.setContentType("text/event-stream");
            for (String part : parts) {
                for (int i = 0; i < part.length(); i += piece) {
                    response.getWriter().write(part.substring(i, Math.min(part.length(), i + piece)));
                }
            }
        };
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void eventStream_thatTheServerBeginsAgain_isReadFromItsBeginning(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            String list = toolList(1, "a");
            world.mcp.answers((request, response) -> {
                response.setContentType("text/event-stream");
                response.getWriter().write("data: {\"half\":");
                response.resetBuffer();
                response.getWriter().write("data: " + list + "\n\n");
            });
            assertThat(world.post(key, ASK).body()).isEqualTo("data: " + list + "\n\n");
        }
    }
}
