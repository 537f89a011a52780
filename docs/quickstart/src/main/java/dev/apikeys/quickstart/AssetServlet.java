package dev.apikeys.quickstart;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** One file of the front page: its style or its script. */
final class AssetServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final byte[] content;

    AssetServlet(String name, String type) {
        this.type = type;
        try (InputStream file = AssetServlet.class.getResourceAsStream(name)) {
            this.content = Objects.requireNonNull(file, name).readAllBytes();
        } catch (IOException unreadable) {
            throw new IllegalStateException("a file of the front page can't be read: " + name, unreadable);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(type + ";charset=utf-8");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(content);
    }
}
