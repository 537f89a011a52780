package dev.apikeys.cli;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.Grant;
import dev.apikeys.ImportedKey;
import dev.apikeys.KeyKind;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes the key of another system from the fields of a line. */
final class KeyReader {
    private static final String REVOKED_THERE = "revoked in the other system";

    private final ForeignTokens tokens;
    private final Actor actor;
    private final Instant now;

    KeyReader(ForeignTokens tokens, Actor actor, Instant now) {
        this.tokens = tokens;
        this.actor = actor;
        this.now = now;
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException when a field is missing or wrong
     */
    ImportedKey read(Row row) {
        Owner owner = new Owner(
                row.get("user").orElse(null),
                row.get("organization").orElse(null),
                row.get("workspace").orElse(null));
        KeySpec spec = KeySpec.of(kind(owner), owner)
                .named(row.need("name"))
                .granting(grant(row))
                .allowedFrom(list(row, "allowed-from"))
                .createdBy(row.get("created-by").map(Actor::of).orElse(actor));
        for (Map.Entry<String, String> entry : row.metadata().entrySet()) {
            spec = spec.metadata(entry.getKey(), entry.getValue());
        }
        return withHistory(ImportedKey.of(spec, tokens.read(row)), row);
    }

    private ImportedKey withHistory(ImportedKey key, Row row) {
        ImportedKey read = row.time("created-at").map(key::createdAt).orElse(key);
        if (row.has("expires-at")) {
            // What has no end there has none here, instead of the usual lifetime.
            boolean never = row.get("expires-at").map("never"::equals).orElse(true);
            read = never
                    ? read.neverExpires()
                    : read.expiresAt(row.time("expires-at").orElseThrow());
        }
        Optional<Instant> paused = row.time("paused-at");
        if (paused.isPresent()) {
            read = read.pausedAt(paused.get());
        }
        Optional<Instant> revoked =
                row.time("revoked-at").or(() -> row.isTrue("revoked") ? Optional.of(now) : Optional.empty());
        if (revoked.isPresent()) {
            read = read.revoked(new ApiKey.Revocation(revoked.get(), actor.id(), REVOKED_THERE));
        }
        Optional<Instant> used = row.time("last-used-at");
        return used.isPresent()
                ? read.lastUsed(
                        new ApiKey.LastUse(used.get(), row.get("last-used-from").orElse(null)))
                : read;
    }

    private static KeyKind kind(Owner owner) {
        if (owner.workspace() != null) {
            return KeyKind.WORKSPACE;
        }
        return owner.user() == null ? KeyKind.ORGANIZATION : KeyKind.PERSONAL;
    }

    private static Grant grant(Row row) {
        String[] scopes = list(row, "scopes");
        if (scopes.length > 0) {
            return Grant.of(Scopes.of(scopes));
        }
        return Grant.of(
                switch (row.need("mode").toLowerCase(Locale.ROOT)) {
                    case "read" -> Mode.READ;
                    case "write" -> Mode.WRITE;
                    default -> throw new IllegalArgumentException("the field mode is read or write");
                });
    }

    /** What limits a key must not be lost, so that a value without anything in it is no empty list. */
    private static String[] list(Row row, String field) {
        Optional<String> value = row.get(field);
        String[] parts = value.stream()
                .flatMap(text -> Arrays.stream(text.split("[,\\s]+", -1)))
                .filter(part -> !part.isEmpty())
                .toArray(String[]::new);
        if (value.isPresent() && parts.length == 0) {
            throw new IllegalArgumentException("the field " + field + " has separators and nothing between them");
        }
        return parts;
    }
}
