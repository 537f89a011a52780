package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.McpPermission;
import dev.apikeys.servlet.internal.JsonType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A response that the guard gives itself.
 *
 * @param headers beside those of every response
 * @param body JSON in ASCII
 */
record JsonResponse(int status, Map<String, String> headers, String body) {
    static JsonResponse of(int status, String body) {
        return new JsonResponse(status, Map.of(), body);
    }

    static JsonResponse methodNotAllowed(String allowed) {
        JsonRpcError error = JsonRpcError.of(MessageId.NONE, JsonRpcError.REFUSED, "use one of " + allowed);
        return new JsonResponse(405, Map.of("Allow", allowed), error.toJson());
    }

    /** For what is denied and has no answer in JSON-RPC. No challenge: clients begin an authorization at one. */
    static JsonResponse forbidden(JsonRpcError error) {
        return of(403, error.toJson());
    }

    /**
     * For calls that more scope would open (RFC 6750 section 3.1).
     *
     * @param resourceMetadata where to find who grants it (RFC 9728 section 5.1)
     */
    static JsonResponse insufficientScope(String body, Set<McpPermission> missing, URI resourceMetadata) {
        String scope = missing.stream().map(McpPermission::toString).collect(Collectors.joining(" "));
        String challenge = "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\", resource_metadata=\""
                + resourceMetadata.toASCIIString() + "\"";
        return new JsonResponse(403, Map.of("WWW-Authenticate", challenge), body);
    }

    /** For a call that may change something while nobody can confirm that the key is still good. */
    static JsonResponse unconfirmed(MessageId id) {
        JsonRpcError error = JsonRpcError.of(id, JsonRpcError.REFUSED, "the API key can't be confirmed now; try again");
        return new JsonResponse(503, Map.of("Retry-After", "1"), error.toJson());
    }

    /**
     * For a request that could not be decided because of a failure.
     *
     * @param correlationId the id of the failure in the host's log
     */
    static JsonResponse failed(MessageId id, String correlationId) {
        JsonRpcError error = JsonRpcError.of(id, JsonRpcError.INTERNAL, "internal error");
        return new JsonResponse(500, Map.of("X-Correlation-Id", correlationId), error.toJson());
    }

    void send(HttpServletResponse response) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        headers.forEach(response::setHeader);
        response.setContentType(JsonType.JSON);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
