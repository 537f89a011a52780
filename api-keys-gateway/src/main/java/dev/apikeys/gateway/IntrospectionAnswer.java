package dev.apikeys.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apikeys.Freshness;
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
import java.util.Optional;
import java.util.function.Function;
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
    private static final int MAX_KNOWN = 10_000;
    private static final JsonFactory FACTORY = new JsonFactory();

    private final IssueTimes issueTimes;

    /**
     * What was written about principals. A principal never changes, and the service gives the same object until its key or
     * its owner changes. Weak keys are compared by identity. The cache keeps itself in order on the thread that asks: to wake
     * a thread of the common pool for it every few requests costs more than the work itself.
     */
    private final Cache<KeyPrincipal, byte[]> known = Caffeine.newBuilder()
            .weakKeys()
            .maximumSize(MAX_KNOWN)
            .executor(Runnable::run)
            .build();

    IntrospectionAnswer(IssueTimes issueTimes) {
        this.issueTimes = issueTimes;
    }

    /** Not to be changed, like every answer. */
    static byte[] inactive() {
        return INACTIVE;
    }

    byte[] active(KeyPrincipal principal) {
        return active(principal, issueTimes::of);
    }

    private byte[] active(KeyPrincipal principal, Function<KeyPrincipal, Optional<Instant>> times) {
        byte[] answer = known.getIfPresent(principal);
        if (answer == null) {
            Instant issued = times.apply(principal).orElse(null);
            answer = written(json -> writeActive(json, principal, issued));
            if (issued != null && principal.freshness() == Freshness.CONFIRMED) {
                known.put(principal, answer);
            }
        }
        return answer;
    }

    /**
     * One answer for each result. A token about which nothing could be decided has no {@code active}.
     *
     * @param deadline after it the store is not asked for issue times
     */
    byte[] batch(List<Result> results, BatchDeadline deadline) {
        return written(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("results");
            for (Result result : results) {
                if (result instanceof Result.Accepted accepted) {
                    byte[] active =
                            active(accepted.principal(), deadline.isOver() ? issueTimes::ifKnown : issueTimes::of);
                    json.writeRawValue(new String(active, StandardCharsets.UTF_8));
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

    private static void writeActive(JsonGenerator json, KeyPrincipal principal, @Nullable Instant issued)
            throws IOException {
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
