package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.ScriptedServer.Script;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server says when it fails reaches the client only where it is JSON-RPC. */
class ServerErrorTest {
    private static final String TRACE =
            "java.lang.IllegalStateException: secret\n\tat com.example.Dao.find(Dao.java:7)";
    /** Jetty 12.1 loses a timeout that fires before the thread that set it goes on. */
    private static final long TIMEOUT = 300;

    private static GuardWorlds worlds;

    @BeforeAll
    static void start() throws Exception {
        worlds = new GuardWorlds();
    }

    @AfterAll
    static void stop() {
        worlds.close();
    }

    private static void write(HttpServletResponse response, int status, String type, String body) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.getWriter().write(body);
    }

    private static Map<String, Script> failures() {
        Map<String, Script> scripts = new LinkedHashMap<>();
        scripts.put("text", (request, response) -> write(response, 500, "text/plain", TRACE));
        scripts.put("page", (request, response) -> write(response, 502, "text/html", "<pre>" + TRACE + "</pre>"));
        scripts.put(
                "JSON",
                (request, response) ->
                        write(response, 400, "application/json", "{\"message\":\"secret\",\"stack\":[]}"));
        scripts.put(
                "JSON with a version, but no error",
                (request, response) -> write(
                        response, 500, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":1,\"stack\":\"secret\"}"));
        scripts.put(
                "half",
                (request, response) -> write(
                        response,
                        500,
                        "application/json",
                        "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"message\":\"secret"));
        scripts.put(
                "stream",
                (request, response) -> write(response, 500, "text/event-stream", "event: error\ndata: secret\n\n"));
        scripts.put("compressed", (request, response) -> {
            response.setHeader("Content-Encoding", "gzip");
            write(response, 500, "application/json", "secret");
        });
        scripts.put("compressed, thrown after some bytes", (request, response) -> {
            response.setHeader("Content-Encoding", "gzip");
            response.getOutputStream().write('{');
            throw new IllegalStateException("secret");
        });
        scripts.put("sent by the container", (request, response) -> response.sendError(503, "secret"));
        scripts.put("sent by the container behind a forward", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.getRequestDispatcher("/mcp/target").forward(request, response);
            } else {
                response.sendError(503, "secret");
            }
        });
        scripts.put("thrown", (request, response) -> {
            throw new ServletException("secret", new IllegalStateException("secret"));
        });
        scripts.put("thrown after some bytes", (request, response) -> {
            response.getOutputStream().write('{');
            throw new IllegalStateException("secret");
        });
        scripts.put("thrown in a later dispatch", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch();
            } else {
                throw new IllegalStateException("secret");
            }
        });
        scripts.put("an error thrown", (request, response) -> {
            throw new AssertionError("secret");
        });
        scripts.putAll(asynchronousFailures());
        return scripts;
    }

    private static Map<String, Script> asynchronousFailures() {
        Map<String, Script> scripts = new LinkedHashMap<>();
        scripts.put("thrown after it went on", (request, response) -> {
            request.startAsync().setTimeout(30_000);
            throw new IllegalStateException("secret");
        });
        scripts.put("thrown in a thread of the container", (request, response) -> {
            request.startAsync().start(() -> {
                throw new IllegalStateException("secret");
            });
        });
        scripts.put("asynchronously", (request, response) -> {
            AsyncContext async = request.startAsync();
            async.start(() -> {
                try {
                    write(response, 500, "text/plain", TRACE);
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                } finally {
                    async.complete();
                }
            });
        });
        return scripts;
    }

    /** Tomcat looks for those that take too long once a second. */
    private static Map<String, Script> lateFailures() {
        Map<String, Script> scripts = new LinkedHashMap<>();
        scripts.put("never answered", (request, response) -> {
            response.getWriter().write(TRACE);
            request.startAsync().setTimeout(TIMEOUT);
        });
        scripts.put("never answered in a second turn", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch();
            } else {
                request.startAsync().setTimeout(TIMEOUT);
            }
        });
        scripts.put("answered by a listener", (request, response) -> {
            AsyncContext async = request.startAsync();
            async.setTimeout(TIMEOUT);
            async.addListener(new Late());
        });
        scripts.put("answered by a listener that stayed for a second turn", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext async = request.startAsync();
                async.addListener(new Late());
                async.dispatch();
            } else {
                request.startAsync().setTimeout(TIMEOUT);
            }
        });
        return scripts;
    }

    /** Tells on its own what went wrong, as frameworks do. */
    private static final class Late implements AsyncListener {
        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            write((HttpServletResponse) event.getAsyncContext().getResponse(), 504, "text/plain", TRACE);
            event.getAsyncContext().complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onComplete(AsyncEvent event) {}
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void failureOfTheServer_thatIsNoJsonRpc_isReplacedWithItsStatusKept(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        failures().forEach((name, script) -> {
            world.mcp.answers(script);
            assertReplaced(name, world.post(key, call(6, "look")));
            assertReplaced(name, world.post(key, request(6, "tools/list", "{}")));
            assertThat(world.call("GET", "/mcp", key, "").body()).as(name).doesNotContain("secret");
            assertThat(world.call("DELETE", "/mcp", key, "").body()).as(name).doesNotContain("secret");
        });
    }

    private static void assertReplaced(String name, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(name).isGreaterThanOrEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .as(name)
                .startsWith("application/json");
        assertThat(answer.body())
                .as(name)
                .startsWith("{\"jsonrpc\":\"2.0\",\"id\":6,\"error\":{\"code\":-32603,")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void serverThatTakesTooLong_isAnErrorOfTheGuards(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        lateFailures().forEach((name, script) -> {
            world.mcp.answers(script);
            assertReplaced(name, world.post(key, call(6, "look")));
        });
    }

    /** Answers for what came too late. */
    private record Answering(String body) implements AsyncListener {
        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            write((HttpServletResponse) event.getAsyncContext().getResponse(), 503, "application/json", body);
            event.getAsyncContext().complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onComplete(AsyncEvent event) {}
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void errorOfTheServer_thatIsJsonRpc_goesOnWithItsStatus(Container container) {
        GuardWorld world = worlds.in(container);
        IssuedKey key = world.issue(McpPreset.FULL);
        String error = "{\"jsonrpc\":\"2.0\",\"id\":6,\"error\":{\"code\":-32601,\"message\":\"no\"}}";
        for (String body : List.of(error, "[" + error + "]", " " + error.replace("\"id\":6,", "") + " ")) {
            for (int status : List.of(400, 404, 500)) {
                world.mcp.answers((request, response) -> write(response, status, "application/json", body));
                HttpResponse<String> answer = world.post(key, call(6, "look"));
                assertThat(answer.statusCode()).isEqualTo(status);
                assertThat(answer.body()).isEqualTo(body);
            }
        }
        world.mcp.answers((request, response) -> {
            AsyncContext async = request.startAsync();
            async.addListener(new Answering(error));
            async.setTimeout(TIMEOUT);
        });
        HttpResponse<String> late = world.post(key, call(6, "look"));
        assertThat(late.statusCode()).isEqualTo(503);
        assertThat(late.body()).isEqualTo(error);
        world.mcp.answers((request, response) -> response.setStatus(405));
        assertThat(world.call("GET", "/mcp", key, "").statusCode()).isEqualTo(405);
    }
}
