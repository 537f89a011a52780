package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.McpPermission;
import dev.apikeys.servlet.internal.JsonType;
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
record JsonResponse(
        int status, @Nullable String challenge, @Nullable Header header, String body) {
    record Header(String name, String value) {}

    static JsonResponse of(int status, String body) {
        return new JsonResponse(status, null, null, body);
    }

    static JsonResponse methodNotAllowed(String allowed) {
        String body = JsonRpcError.of(MessageId.NONE, JsonRpcError.REFUSED, "use one of " + allowed)
                .toJson();
        return new JsonResponse(405, null, new Header("Allow", allowed), body);
    }

    /**
     * For a request of which nothing was let through.
     *
     * @param needed the permission that would open it, or null when that isn't what it lacks
     */
    static JsonResponse forbidden(String body, @Nullable McpPermission needed) {
        String scope = needed == null ? "" : ", scope=\"" + needed + "\"";
        return new JsonResponse(403, "Bearer error=\"insufficient_scope\"" + scope, null, body);
    }

    /** For a call that may change something while nobody can confirm that the key is still good. */
    static JsonResponse unconfirmed(MessageId id) {
        String body = JsonRpcError.of(id, JsonRpcError.REFUSED, "the API key can't be confirmed now; try again")
                .toJson();
        return new JsonResponse(503, null, new Header("Retry-After", "1"), body);
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
        response.setContentType(JsonType.JSON);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
