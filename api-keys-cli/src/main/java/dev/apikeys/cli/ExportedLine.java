package dev.apikeys.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.apikeys.ApiKey;
import dev.apikeys.ExportedKey;
import dev.apikeys.Grant;
import dev.apikeys.IpRange;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyOptions;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import dev.apikeys.spi.SecretHash;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One key with its hashes as a line of JSON: all that a store keeps of it. */
final class ExportedLine {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private ExportedLine() {}

    /** The fields of a line. Times are in ISO 8601. */
    private record Fields(
            String id,
            KeyKind kind,
            @Nullable String user,
            @Nullable String organization,
            @Nullable String workspace,
            String name,
            @Nullable Mode mode,
            @Nullable List<String> scopes,
            List<String> allowedFrom,
            KeyOptions.SelfRevocation selfRevocation,
            Map<String, String> metadata,
            ExportedPolicy mcp,
            String createdAt,
            String createdBy,
            @Nullable String expiresAt,
            @Nullable String pausedAt,
            @Nullable Ended revoked,
            @Nullable Used lastUse,
            long mcpPolicyVersion,
            long mcpSeenVersion,
            long version,
            String publicId,
            List<Hashed> tokens) {}

    private record Ended(String at, String by, String reason) {}

    private record Used(String at, @Nullable String from) {}

    private record Hashed(
            String publicId, String hash, @Nullable String validUntil) {}

    static String write(ExportedKey exported) {
        try {
            return JSON.writeValueAsString(fields(exported));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Fields fields(ExportedKey exported) {
        ApiKey key = exported.key();
        ApiKey.Revocation revocation = key.revocation();
        ApiKey.LastUse use = key.lastUse();
        return new Fields(
                key.id().toString(),
                key.kind(),
                key.owner().user(),
                key.owner().organization(),
                key.owner().workspace(),
                key.name(),
                key.grant() instanceof Grant.ByMode byMode ? byMode.mode() : null,
                key.grant() instanceof Grant.ByScopes byScopes
                        ? byScopes.scopes().stream().map(Object::toString).toList()
                        : null,
                key.allowedFrom().stream().map(IpRange::toString).toList(),
                key.options().selfRevocation(),
                key.options().metadata(),
                ExportedPolicy.of(key.options().mcp()),
                key.createdAt().toString(),
                key.createdBy(),
                text(key.expiresAt()),
                text(key.pausedAt()),
                revocation == null ? null : new Ended(revocation.at().toString(), revocation.by(), revocation.reason()),
                use == null ? null : new Used(use.at().toString(), use.address()),
                key.mcpSessions().policyVersion(),
                key.mcpSessions().seenVersion(),
                key.version(),
                key.publicId(),
                exported.tokens().stream()
                        .map(token -> new Hashed(token.publicId(), token.hash().encoded(), text(token.validUntil())))
                        .toList());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException when it is anything else; the message doesn't quote it
     */
    static ExportedKey read(String line) {
        try {
            return exported(JSON.readValue(line, Fields.class));
        } catch (JsonProcessingException | NullPointerException | DateTimeException broken) {
            throw new IllegalArgumentException("the line is not one that 'export' wrote");
        }
    }

    private static ExportedKey exported(Fields fields) {
        ApiKey key = new ApiKey(
                UUID.fromString(fields.id),
                fields.publicId,
                fields.kind,
                new Owner(fields.user, fields.organization, fields.workspace),
                fields.name,
                grant(fields),
                fields.allowedFrom.stream().map(IpRange::parse).toList(),
                new KeyOptions(fields.selfRevocation, fields.metadata, fields.mcp.policy()),
                Instant.parse(fields.createdAt),
                fields.createdBy,
                time(fields.expiresAt),
                time(fields.pausedAt),
                fields.revoked == null
                        ? null
                        : new ApiKey.Revocation(
                                Instant.parse(fields.revoked.at), fields.revoked.by, fields.revoked.reason),
                fields.lastUse == null
                        ? null
                        : new ApiKey.LastUse(Instant.parse(fields.lastUse.at), fields.lastUse.from),
                ApiKey.McpSessions.of(fields.mcpPolicyVersion, fields.mcpSeenVersion),
                fields.version);
        return new ExportedKey(
                key,
                fields.tokens.stream()
                        .map(token -> new ExportedKey.Token(
                                token.publicId, new SecretHash(token.hash), time(token.validUntil)))
                        .toList());
    }

    private static Grant grant(Fields fields) {
        if (fields.mode != null) {
            return Grant.of(fields.mode);
        }
        if (fields.scopes == null) {
            throw new IllegalArgumentException("the line has neither a mode nor scopes");
        }
        return Grant.of(Scopes.of(fields.scopes.toArray(String[]::new)));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}
