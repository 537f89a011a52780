package dev.apikeys.mcp.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;

/** Stands for an MCP server that runs elsewhere: sends requests on, and answers piece by piece as they come. */
final class ForwardingServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Set<String> NOT_FORWARDED = Set.of(
            "authorization", "connection", "content-length", "host", "transfer-encoding", "upgrade", "http2-settings");

    private final transient HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final transient URI server;

    ForwardingServlet(URI server) {
        this.server = server;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        HttpRequest.Builder forwarded = HttpRequest.newBuilder(server)
                .method(
                        request.getMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                request.getInputStream().readAllBytes()));
        for (String name : Collections.list(request.getHeaderNames())) {
            if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                Collections.list(request.getHeaders(name)).forEach(value -> forwarded.header(name, value));
            }
        }
        try {
            HttpResponse<InputStream> answer =
                    client.send(forwarded.build(), HttpResponse.BodyHandlers.ofInputStream());
            response.setStatus(answer.statusCode());
            answer.headers().map().forEach((name, values) -> {
                if (!NOT_FORWARDED.contains(name)) {
                    values.forEach(value -> response.addHeader(name, value));
                }
            });
            try (InputStream body = answer.body()) {
                byte[] piece = new byte[8192];
                for (int length = body.read(piece); length >= 0; length = body.read(piece)) {
                    response.getOutputStream().write(piece, 0, length);
                    response.flushBuffer();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ServletException(interrupted);
        }
    }
}
