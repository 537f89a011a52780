package dev.apikeys.management;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apikeys.servlet.internal.JsonType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer before it is written.
 *
 * @param body null for an answer without a body
 * @param headers of this answer alone
 */
record Response(int status, @Nullable JsonNode body, Map<String, String> headers) {
    /** Success without a body. */
    static final Response NO_CONTENT = new Response(204, null);

    Response(int status, @Nullable JsonNode body) {
        this(status, body, Map.of());
    }

    void send(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        headers.forEach(response::setHeader);
        if (body != null) {
            byte[] json = Json.bytes(body);
            response.setContentType(JsonType.JSON);
            response.setContentLength(json.length);
            response.getOutputStream().write(json);
        }
    }
}
