package dev.apikeys.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.Owner;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.TokenCheck.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers of RFC 7662 section 2.2. What the standard has no member for is in {@code api_key}.
 *
 * <p>Thread-safe.
 */
final class IntrospectionAnswer {
    /** The one answer about every token that is not active, whatever the cause. */
    private static final byte[] INACTIVE = "{\"active\":false}".getBytes(StandardCharsets.US_ASCII);

    private static final int USUAL_LENGTH = 512;
    private static final JsonFactory FACTORY = new JsonFactory();

    private final IssueTimes issueTimes;

    IntrospectionAnswer(IssueTimes issueTimes) {
        this.issueTimes = issueTimes;
    }

    static byte[] inactive() {
        return INACTIVE.clone();
    }

    byte[] active(KeyPrincipal principal) {
        return written(json -> writeActive(json, principal));
    }

    /** One answer for each result. A token about which nothing could be decided has no {@code active}. */
    byte[] batch(List<Result> results) {
        return written(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("results");
            for (Result result : results) {
                if (result instanceof Result.Accepted accepted) {
                    writeActive(json, accepted.principal());
                } else {
                    writeRefused(json, ((Result.Refused) result).problem());
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void writeRefused(JsonGenerator json, Problem problem) throws IOException {
        json.writeStartObject();
        if (problem.status() == Problem.INVALID_TOKEN.status()) {
            json.writeBooleanField("active", false);
        } else {
            json.writeNumberField("status", problem.status());
            String retryAfter = problem.headers().get("Retry-After");
            if (retryAfter != null) {
                json.writeNumberField("retry_after", Long.parseLong(retryAfter));
            }
        }
        json.writeEndObject();
    }

    private void writeActive(JsonGenerator json, KeyPrincipal principal) throws IOException {
        Owner owner = principal.owner();
        json.writeStartObject();
        json.writeBooleanField("active", true);
        json.writeStringField("scope", principal.scopes().toString());
        json.writeStringField("client_id", principal.keyId().toString());
        writeUnlessNull(json, "username", owner.user());
        json.writeStringField("token_type", "Bearer");
        Instant end = principal.expiresAt();
        if (end != null) {
            json.writeNumberField("exp", end.getEpochSecond());
        }
        Instant issued = issueTimes.of(principal).orElse(null);
        if (issued != null) {
            json.writeNumberField("iat", issued.getEpochSecond());
        }
        json.writeStringField("sub", owner.displayId());
        json.writeObjectFieldStart("api_key");
        json.writeStringField("name", principal.keyName());
        json.writeStringField("kind", principal.kind().name().toLowerCase(Locale.ROOT));
        writeUnlessNull(json, "organization", owner.organization());
        writeUnlessNull(json, "workspace", owner.workspace());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeUnlessNull(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] written(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_LENGTH);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            body.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
