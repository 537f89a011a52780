package dev.apikeys.management;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apikeys.servlet.internal.JsonType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An answer before it is written.
 *
 * @param body null for an answer without a body
 */
record Response(int status, @Nullable JsonNode body) {
    /** Success without a body. */
    static final Response NO_CONTENT = new Response(204, null);

    void send(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        if (body != null) {
            byte[] json = Json.bytes(body);
            response.setContentType(JsonType.JSON);
            response.setContentLength(json.length);
            response.getOutputStream().write(json);
        }
    }
}
