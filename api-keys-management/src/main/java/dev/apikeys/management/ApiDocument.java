package dev.apikeys.management;

import dev.apikeys.servlet.internal.JsonType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The OpenAPI document of all families. Every mount shows it to everybody, because it contains only public
 * documentation.
 *
 * <p>Thread-safe.
 */
enum ApiDocument {
    /** RFC 9512. */
    YAML("openapi.yaml", "application/yaml"),
    JSON("openapi.json", JsonType.JSON);

    private final String file;
    private final String type;

    ApiDocument(String file, String type) {
        this.file = file;
        this.type = type;
    }

    /** The requested form, for any method; empty if the request asks for none. */
    static Optional<ApiDocument> at(HttpServletRequest request) {
        String path = request.getPathInfo();
        return Arrays.stream(values())
                .filter(form -> ("/" + form.file).equals(path))
                .findFirst();
    }

    void send(HttpServletResponse response) throws IOException {
        try (InputStream document = Objects.requireNonNull(ApiDocument.class.getResourceAsStream(file), file)) {
            byte[] text = document.readAllBytes();
            response.setContentType(type);
            response.setContentLength(text.length);
            response.getOutputStream().write(text);
        }
    }
}
