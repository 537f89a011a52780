package dev.apikeys.cli;

import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.InvalidKeyStateException;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.RevocationReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Revokes again what an audit trail says was revoked. It can be run any number of times. Not thread-safe. */
final class RepeatedRevocations {
    private final KeyService keys;
    private final Actor actor;
    private final @Nullable String reason;
    private final List<Line> lines = new ArrayList<>();
    private final Map<Was, Long> counts = new EnumMap<>(Was.class);
    private @Nullable Instant effectiveEverywhereBy;

    /** What became of a key. */
    enum Was {
        /** It is revoked now. */
        REVOKED("revoked"),
        /** It would be revoked; nothing was done. */
        TO_REVOKE("to be revoked"),
        /** It was revoked before. */
        REVOKED_ALREADY("revoked already"),
        /** The database has no such key: the state that it has is older than the key. */
        NOT_THERE("not there");

        private final String words;

        Was(String words) {
            this.words = words;
        }
    }

    /**
     * Before the first key.
     *
     * @param reason for the audit trail; null for the reason that the file names
     */
    RepeatedRevocations(KeyService keys, Actor actor, @Nullable String reason) {
        this.keys = keys;
        this.actor = actor;
        this.reason = reason;
    }

    /** Only looks. */
    void look(AuditFile trail) {
        trail.revoked().keySet().forEach(id -> {
            Optional<ApiKey> key = keys.find(id);
            note(id, key, before(key));
        });
    }

    /** Revokes. */
    void carryOut(AuditFile trail) {
        trail.revoked().forEach((id, told) -> {
            Optional<ApiKey> key = keys.find(id);
            Was before = before(key);
            note(id, key, before == Was.TO_REVOKE ? revoke(id, told) : before);
        });
    }

    private static Was before(Optional<ApiKey> key) {
        if (key.isEmpty()) {
            return Was.NOT_THERE;
        }
        return key.get().revocation() == null ? Was.TO_REVOKE : Was.REVOKED_ALREADY;
    }

    private Was revoke(UUID id, String told) {
        try {
            RevocationReceipt receipt = keys.revoke(KeyRef.of(id), actor, reason == null ? told : reason);
            effectiveEverywhereBy = receipt.effectiveEverywhereBy();
            return Was.REVOKED;
        } catch (InvalidKeyStateException meanwhile) {
            return Was.REVOKED_ALREADY;
        }
    }

    private void note(UUID id, Optional<ApiKey> key, Was was) {
        counts.merge(was, 1L, Long::sum);
        lines.add(new Line()
                .both("KEY ID", "id", id.toString())
                .both("NAME", "name", key.map(ApiKey::name).orElse(""))
                .cell("OWNER", key.map(found -> KeyLine.owner(found.owner())).orElse(""))
                .field("was", was)
                .cell("IS", was.words));
    }

    List<Line> lines() {
        return lines;
    }

    long count(Was was) {
        return counts.getOrDefault(was, 0L);
    }

    /** When the latest revocation holds on every node; empty if none was made. */
    Optional<Instant> effectiveEverywhereBy() {
        return Optional.ofNullable(effectiveEverywhereBy);
    }
}
