package dev.apikeys.cli;

import dev.apikeys.ApiKey;
import dev.apikeys.Grant;
import dev.apikeys.Owner;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a key is shown. */
final class KeyLine {
    private KeyLine() {}

    static Line of(ApiKey key, Instant now) {
        Line line = new Line()
                .both("KEY ID", "id", key.id().toString())
                .field("publicId", key.publicId())
                .both("NAME", "name", key.name())
                .field("kind", key.kind())
                .field("user", key.owner().user())
                .field("organization", key.owner().organization())
                .field("workspace", key.owner().workspace())
                .cell("OWNER", owner(key.owner()))
                .both("GRANT", "grant", grant(key.grant()))
                .both("STATUS", "status", key.status(now))
                .field(
                        "allowedFrom",
                        key.allowedFrom().stream().map(Object::toString).toList())
                .field("metadata", key.options().metadata())
                .field("createdAt", key.createdAt())
                .field("createdBy", key.createdBy());
        return life(line, key);
    }

    private static Line life(Line line, ApiKey key) {
        Optional<ApiKey.LastUse> use = Optional.ofNullable(key.lastUse());
        Optional<ApiKey.Revocation> revocation = Optional.ofNullable(key.revocation());
        line.field("expiresAt", key.expiresAt())
                .cell("EXPIRES", key.expiresAt() == null ? "never" : shown(key.expiresAt()))
                .field("lastUsedAt", use.map(ApiKey.LastUse::at).orElse(null))
                .cell("LAST USED", use.map(last -> shown(last.at())).orElse("never"))
                .field("lastUsedFrom", use.map(ApiKey.LastUse::address).orElse(null))
                .field("pausedAt", key.pausedAt())
                .field("revokedAt", revocation.map(ApiKey.Revocation::at).orElse(null))
                .field("revokedBy", revocation.map(ApiKey.Revocation::by).orElse(null))
                .field(
                        "revokedReason",
                        revocation.map(ApiKey.Revocation::reason).orElse(null));
        Map<String, String> metadata = key.options().metadata();
        return metadata.isEmpty()
                ? line
                : line.cell(
                        "METADATA",
                        TextTable.cut(metadata.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .collect(Collectors.joining(", "))));
    }

    /** The mode in lower case, or the scopes. */
    static String grant(Grant grant) {
        if (grant instanceof Grant.ByMode byMode) {
            return switch (byMode.mode()) {
                case READ -> "read";
                case WRITE -> "write";
            };
        }
        return ((Grant.ByScopes) grant).scopes().stream().map(Object::toString).collect(Collectors.joining(","));
    }

    static String owner(Owner owner) {
        return Stream.of(owner.user(), owner.organization(), owner.workspace())
                .filter(part -> part != null)
                .collect(Collectors.joining(" @ "));
    }

    static String shown(@Nullable Instant time) {
        return time == null
                ? ""
                : time.truncatedTo(ChronoUnit.MINUTES)
                        .toString()
                        .replace(":00Z", "Z")
                        .replace("T", " ");
    }
}
