package dev.apikeys.mcp.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An MCP server that remembers what reached it, and answers what a test tells it to, in whatever shape. */
final class ScriptedServer extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final String EMPTY_RESULT = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

    /** How it answers. */
    interface Script {
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    private final transient List<String> received = new CopyOnWriteArrayList<>();
    private transient volatile Script script = json(EMPTY_RESULT);

    /** The bodies that came through, or the methods of requests without one. */
    List<String> received() {
        return List.copyOf(received);
    }

    void forget() {
        received.clear();
    }

    void reset() {
        forget();
        script = json(EMPTY_RESULT);
    }

    void answers(Script next) {
        script = next;
    }

    /** Answers with this body, whole. */
    static Script json(String body) {
        return (request, response) -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            response.setContentType("application/json");
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
        };
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        received.add(body.isEmpty() ? request.getMethod() : body);
        script.answer(request, response);
    }
}
