package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.McpPermission;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the guard gives itself.
 *
 * @param challenge of {@code WWW-Authenticate}, or null
 * @param header another header's name and value, or null
 * @param body JSON in ASCII
 */
record GuardResponse(
        int status, @Nullable String challenge, @Nullable Header header, String body) {
    static final GuardResponse METHOD_NOT_ALLOWED = methodNotAllowed("GET, POST, DELETE");

    record Header(String name, String value) {}

    static GuardResponse of(int status, String body) {
        return new GuardResponse(status, null, null, body);
    }

    static GuardResponse methodNotAllowed(String allowed) {
        String body = JsonRpcErrors.json(MessageId.NONE, JsonRpcErrors.REFUSED, "use one of " + allowed);
        return new GuardResponse(405, null, new Header("Allow", allowed), body);
    }

    /**
     * For a request of which nothing was let through.
     *
     * @param needed the permission that would open it, or null when that isn't what it lacks
     */
    static GuardResponse forbidden(String body, @Nullable McpPermission needed) {
        String scope = needed == null ? "" : ", scope=\"" + needed + "\"";
        return new GuardResponse(403, "Bearer error=\"insufficient_scope\"" + scope, null, body);
    }

    /** For a call that may change something while nobody can confirm that the key is still good. */
    static GuardResponse unconfirmed(MessageId id) {
        String body = JsonRpcErrors.json(id, JsonRpcErrors.REFUSED, "the API key can't be confirmed now; try again");
        return new GuardResponse(503, null, new Header("Retry-After", "1"), body);
    }

    void send(HttpServletResponse response) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (challenge != null) {
            response.setHeader("WWW-Authenticate", challenge);
        }
        if (header != null) {
            response.setHeader(header.name, header.value);
        }
        response.setContentType("application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
