package dev.apikeys.quickstart;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Reads and writes the demo's own JSON. */
final class Json {
    private static final int MAX_LENGTH = 4_096;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * The object that the client sent; empty if it is not an object, too long, or has another content type than JSON.
     */
    static Optional<Map<?, ?>> read(HttpServletRequest request) throws IOException {
        String type = String.valueOf(request.getContentType());
        byte[] body = request.getInputStream().readNBytes(MAX_LENGTH + 1);
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json") || body.length > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            return MAPPER.readValue(body, Object.class) instanceof Map<?, ?> object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /** A field that must be a text with something in it. */
    static Optional<String> text(Map<?, ?> object, String field) {
        return object.get(field) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    static void write(HttpServletResponse response, int status, Object body) throws IOException {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json");
        response.getOutputStream().write(MAPPER.writeValueAsBytes(body));
    }

    static void refuse(HttpServletResponse response, int status, String why) throws IOException {
        write(response, status, Map.of("error", why));
    }
}
