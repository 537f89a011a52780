package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static dev.apikeys.mcp.servlet.GuardWorld.toolList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.ScriptedServer.Script;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists show what the key could use, however the server writes them. */
class ResultFilterTest {
    private static final McpPolicy NAMED = McpPolicy.of(McpPreset.STANDARD)
            .allowlistMode(McpPolicy.AllowlistMode.LISTED)
            .tools(List.of("a", "c*"));
    private static final String LIST = toolList(1, "a", "b?", "c1", "A", "a\\u0062", "c2?", "\u0430");
    private static final String SHOWN = toolList(1, "a", "c1", "c2?").replace(" , ", ",");
    private static final String ASK = request(1, "tools/list", "{}");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One way to write an answer. */
    private interface Writing {
        void write(HttpServletRequest request, HttpServletResponse response, byte[] bytes)
                throws IOException, ServletException;
    }

    private static Map<String, Writing> writings() {
        Map<String, Writing> ways = new LinkedHashMap<>();
        ways.put("whole", (request, response, bytes) -> {
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
        });
        ways.put("byte by byte, flushed", (request, response, bytes) -> {
            for (byte b : bytes) {
                response.getOutputStream().write(b);
                response.flushBuffer();
            }
        });
        ways.put("closed", (request, response, bytes) -> {
            response.setHeader("Content-Length", Integer.toString(bytes.length));
            response.getOutputStream().write(bytes);
            response.getOutputStream().close();
        });
        ways.put("by a writer", (request, response, bytes) -> {
            response.setCharacterEncoding("UTF-8");
            response.getWriter().write(new String(bytes, StandardCharsets.UTF_8));
        });
        ways.put("by a writer of the default charset, closed", (request, response, bytes) -> {
            response.getWriter().write(new String(bytes, StandardCharsets.UTF_8));
            response.getWriter().close();
        });
        ways.put("asynchronously", (request, response, bytes) -> {
            AsyncContext async = request.startAsync();
            async.start(() -> {
                try {
                    response.getWriter().write(new String(bytes, StandardCharsets.UTF_8));
                    response.getWriter().flush();
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                } finally {
                    async.complete();
                }
            });
        });
        ways.put("in a later dispatch", (request, response, bytes) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch();
            } else {
                response.getOutputStream().write(bytes);
            }
        });
        ways.put("without blocking", ResultFilterTest::writeWithoutBlocking);
        ways.put("behind a forward", (request, response, bytes) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                target(request).forward(request, response);
            } else {
                response.getOutputStream().write(bytes);
            }
        });
        ways.put("asynchronously behind a forward", (request, response, bytes) -> {
            switch (request.getDispatcherType()) {
                case REQUEST -> target(request).forward(request, response);
                case FORWARD -> request.startAsync(request, response).dispatch();
                default -> response.getOutputStream().write(bytes);
            }
        });
        ways.put("in an include", (request, response, bytes) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                target(request).include(request, response);
            } else {
                response.getOutputStream().write(bytes);
            }
        });
        return ways;
    }

    private static RequestDispatcher target(HttpServletRequest request) {
        return request.getRequestDispatcher("/mcp/target");
    }

    private static void writeWithoutBlocking(HttpServletRequest request, HttpServletResponse response, byte[] bytes)
            throws IOException {
        AsyncContext async = request.startAsync();
        ServletOutputStream out = response.getOutputStream();
        out.setWriteListener(new WriteListener() {
            private int written;

            @Override
            public void onWritePossible() throws IOException {
                while (out.isReady()) {
                    if (written == bytes.length) {
                        async.complete();
                        return;
                    }
                    int length = Math.min(7, bytes.length - written);
                    out.write(bytes, written, length);
                    written += length;
                }
            }

            @Override
            public void onError(Throwable failure) {
                async.complete();
            }
        });
    }

    private static Script script(String type, String body, Writing writing) {
        return (request, response) -> {
            response.setContentType(type);
            response.setHeader("Cache-Control", "public, max-age=60");
            writing.write(request, response, utf8(body));
        };
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void jsonList_writtenInAnyWay_showsWhatTheKeyMayCall(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(NAMED);
            writings().forEach((name, writing) -> {
                world.mcp.answers(script("application/json", LIST, writing));
                HttpResponse<String> answer = world.post(key, ASK, "Accept-Encoding", "gzip");
                assertThat(answer.statusCode()).as(name).isEqualTo(200);
                assertThat(answer.body()).as(name).isEqualTo(SHOWN);
                assertThat(answer.headers().allValues("Cache-Control")).as(name).containsExactly("no-store");
            });
        }
    }

    private static Map<String, String> streams() {
        Map<String, String> streams = new LinkedHashMap<>();
        for (String end : List.of("\n", "\r\n", "\r")) {
            String name = "line ends " + end.replace("\r", "CR").replace("\n", "LF");
            streams.put(
                    name,
                    String.join(
                            end,
                            "\ufeff: hello",
                            "id: 7",
                            "event: message",
                            "data: " + LIST,
                            "",
                            "data:" + LIST.replace("\"tools\"", "\"t\\u006fols\""),
                            "id",
                            "",
                            "",
                            "data: " + LIST.substring(0, 17),
                            "data: " + LIST.substring(17),
                            "retry: 10",
                            "",
                            ": ping",
                            "event: other",
                            "data: no JSON",
                            "",
                            "data: no JSON, but a client would take it for a message: b",
                            "",
                            "data:",
                            "",
                            "data: [" + LIST + "]",
                            "",
                            "data: " + LIST));
        }
        return streams;
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void eventStream_writtenInAnyWay_showsWhatTheKeyMayCall(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(NAMED);
            String expected = ": hello\nid: 7\nevent: message\ndata: " + SHOWN + "\n\nid\ndata: "
                    + SHOWN.replace("\"tools\"", "\"t\\u006fols\"") + "\n\n\nretry: 10\ndata: "
                    + SHOWN.substring(0, 17) + "\ndata: " + SHOWN.substring(17)
                    + "\n\n: ping\nevent: other\ndata: no JSON\n\ndata: \n\ndata: [" + SHOWN + "]\n\n";
            streams()
                    .forEach((shape, stream) -> writings().forEach((name, writing) -> {
                        world.mcp.answers(script("text/event-stream", stream, writing));
                        for (HttpResponse<String> answer : List.of(
                                world.post(key, ASK), world.call("GET", "/mcp", key, "", "Last-Event-ID", "6"))) {
                            assertThat(answer.statusCode()).isEqualTo(200);
                            assertThat(answer.body()).as(shape + ", " + name).isEqualTo(expected);
                            assertThat(answer.headers().allValues("Cache-Control"))
                                    .containsExactly("no-store");
                        }
                    }));
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void eventStream_thatStaysOpen_goesOnEventByEvent(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(NAMED);
            CountDownLatch seen = new CountDownLatch(1);
            world.mcp.answers((request, response) -> {
                response.setContentType("text/event-stream");
                response.getWriter().write("data: " + LIST + "\n\n");
                response.getWriter().flush();
                try {
                    assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                response.getWriter().write("data: {}\n\n");
            });
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(world.server().uri("/mcp"))
                                    .header(
                                            "Authorization",
                                            "Bearer " + key.token().reveal())
                                    .build(),
                            HttpResponse.BodyHandlers.ofLines());
            List<String> lines = answer.body()
                    .peek(line -> {
                        if (line.startsWith("data: {\"jsonrpc\"")) {
                            seen.countDown();
                        }
                    })
                    .toList();
            assertThat(lines).containsExactly("data: " + SHOWN, "", "data: {}", "");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void everyList_ofAKeyThatMayUseNothingOfIt_isEmpty(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPolicy.of(McpPreset.CUSTOM).permissions(List.of()));
            world.mcp.answers(script(
                    "text/event-stream",
                    "data: {\"id\":1,\"result\":{\"x\":[1],\"prompts\":[{\"name\":\"p\"}],\"resources\":[{\"uri\":\"u\"}],"
                            + "\"resourceTemplates\":[{\"uriTemplate\":\"t\"}],\"tools\":[{\"name\":\"a\"}, 1, null],"
                            + "\"cacheScope\":\"public\",\"ttlMs\":1},\"jsonrpc\":\"2.0\"}\n\n",
                    (request, response, bytes) -> response.getOutputStream().write(bytes)));
            assertThat(world.call("GET", "/mcp", key, "").body())
                    .isEqualTo("data: {\"id\":1,\"result\":{\"x\":[1],\"prompts\":[],\"resources\":[],"
                            + "\"resourceTemplates\":[],\"tools\":[],\"cacheScope\":\"private\",\"ttlMs\":1},"
                            + "\"jsonrpc\":\"2.0\"}\n\n");
        }
    }

    /** A client ignores such a field where it stands, and may not where a filter would put it. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void field_thatNoClientKnows_isNotPassedOn(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(NAMED);
            String unknown = "\uFEFFdata: " + LIST + "\n";
            Map<String, String> streams = new LinkedHashMap<>();
            streams.put("\uFEFF" + unknown + "\n", "\n");
            streams.put("data\n" + unknown + "\n", "data: \n\n");
            streams.put(
                    "event: message\nid: 7\nretry: 9\ndataset: b\nid\n:c\ndata: " + LIST + "\n\n",
                    ":c\nevent: message\nid: 7\nretry: 9\nid\ndata: " + SHOWN + "\n\n");
            streams.forEach((sent, passedOn) -> {
                world.mcp.answers(script(
                        "text/event-stream",
                        sent,
                        (request, response, bytes) -> response.getOutputStream().write(bytes)));
                assertThat(world.post(key, ASK).body()).isEqualTo(passedOn);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void answer_thatCannotBeChecked_isNotPassedOn(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container, guard -> guard.maxAnswerLength(2048))) {
            IssuedKey key = world.issue(NAMED);
            Writing whole =
                    (request, response, bytes) -> response.getOutputStream().write(bytes);
            Map<String, Script> scripts = new LinkedHashMap<>();
            scripts.put("half", script("application/json", LIST.substring(0, 200), whole));
            scripts.put("two", script("application/json", LIST + LIST, whole));
            scripts.put("too long", script("application/json", LIST + " ".repeat(2048), whole));
            scripts.put("page", script("text/html", "<p>b</p>", whole));
            scripts.put("compressed", (request, response) -> {
                response.setHeader("Content-Encoding", "gzip");
                script("application/json", LIST, whole).answer(request, response);
            });
            scripts.put("compressed stream", (request, response) -> {
                response.setHeader("Content-Encoding", "gzip");
                script("text/event-stream", "data: " + LIST + "\n\n", whole).answer(request, response);
            });
            scripts.forEach((name, script) -> {
                world.mcp.answers(script);
                HttpResponse<String> answer = world.post(key, ASK);
                assertThat(answer.statusCode()).as(name).isEqualTo(502);
                assertThat(answer.body())
                        .as(name)
                        .startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32603,");
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void errorsOfTheServer_keepTheirStatus(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(NAMED);
            world.mcp.answers((request, response) -> response.setStatus(404));
            assertThat(world.post(key, ASK).statusCode()).isEqualTo(404);
            world.mcp.answers((request, response) -> {
                response.setStatus(400);
                ScriptedServer.json("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"no\"}}")
                        .answer(request, response);
            });
            HttpResponse<String> answer = world.post(key, ASK);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("\"message\":\"no\"");
            world.mcp.answers((request, response) -> response.setStatus(202));
            assertThat(world.post(key, ASK).statusCode()).isEqualTo(202);
        }
    }
}
