package dev.apikeys;

import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.NewKey.NameRule;
import dev.apikeys.spi.SecretHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Import and export of {@link InMemoryApiKeyStore}. Its callers hold the store's lock. */
record InMemoryTransfer(Map<UUID, ApiKey> keys, Map<String, Credential> credentials, List<AuditEntry> trail) {
    /** A token of a key. */
    record Credential(UUID keyId, SecretHash hash, @Nullable Instant validUntil) {
        Credential endingAt(Instant end) {
            return new Credential(keyId, hash, validUntil == null || end.isBefore(validUntil) ? end : validUntil);
        }
    }

    List<Outcome> importKeys(List<KeyImport> added) {
        return added.stream().map(this::importKey).toList();
    }

    /** Imports into copies. */
    List<Outcome> tryImport(List<KeyImport> added) {
        return new InMemoryTransfer(new HashMap<>(keys), new HashMap<>(credentials), new ArrayList<>(trail))
                .importKeys(added);
    }

    private Outcome importKey(KeyImport added) {
        Outcome outcome = outcome(added);
        if (outcome == Outcome.IMPORTED) {
            ApiKey key = added.key().key();
            keys.put(key.id(), key);
            for (ExportedKey.Token token : added.key().tokens()) {
                credentials.put(token.publicId(), new Credential(key.id(), token.hash(), token.validUntil()));
            }
            trail.add(added.audit());
        }
        return outcome;
    }

    private Outcome outcome(KeyImport added) {
        ApiKey key = added.key().key();
        Credential current = credentials.get(key.publicId());
        ApiKey stored = current == null ? null : keys.get(current.keyId());
        if (current != null && stored != null) {
            return added.beside(stored.kind(), stored.owner(), current.hash());
        }
        boolean isTaken = keys.containsKey(key.id())
                || added.key().tokens().stream().anyMatch(token -> credentials.containsKey(token.publicId()));
        if (isTaken) {
            return Outcome.CONFLICT;
        }
        return added.isLimited() ? limited(added) : Outcome.IMPORTED;
    }

    private Outcome limited(KeyImport added) {
        ApiKey key = added.key().key();
        Instant now = added.audit().at();
        List<ApiKey> active = keys.values().stream()
                .filter(other -> other.kind() == key.kind() && other.owner().equals(key.owner()) && other.countsAt(now))
                .toList();
        if (active.size() >= added.maxActive()) {
            return Outcome.LIMIT_EXCEEDED;
        }
        boolean nameTaken = added.names() == NameRule.UNIQUE
                && active.stream().anyMatch(other -> other.name().equals(key.name()));
        return nameTaken ? Outcome.NAME_TAKEN : Outcome.IMPORTED;
    }

    ExportedKey export(ApiKey key, Instant endedBefore) {
        List<ExportedKey.Token> tokens = new ArrayList<>();
        credentials.forEach((publicId, credential) -> {
            Instant end = credential.validUntil();
            if (credential.keyId().equals(key.id()) && (end == null || !end.isBefore(endedBefore))) {
                tokens.add(new ExportedKey.Token(publicId, credential.hash(), end));
            }
        });
        return new ExportedKey(key, tokens);
    }

    Map<String, Long> countHashes() {
        Map<String, Long> counts = new HashMap<>();
        credentials.values().forEach(credential -> {
            ApiKey key = keys.get(credential.keyId());
            if (key != null && key.revocation() == null) {
                counts.merge(credential.hash().kind(), 1L, Long::sum);
            }
        });
        return counts;
    }
}
