package dev.apikeys;

import dev.apikeys.ApiKey.McpSessions;
import dev.apikeys.ImportedKey.History;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Completes specs to records of new and imported keys.
 *
 * <p>Thread-safe.
 */
record KeyRecords(KeyPolicy policy) {
    /**
     * The first record of a key.
     *
     * @param history what overrides the values of a new key
     * @throws IllegalArgumentException when the spec lacks a name or a grant, or its lifetime breaks the policy
     */
    ApiKey first(KeySpec spec, String publicId, History history, Instant now) {
        Instant created = history.createdAt();
        return new ApiKey(
                UUID.randomUUID(),
                publicId,
                spec.kind(),
                spec.owner(),
                spec.name().orElseThrow(() -> missing("name", "named(…)")),
                spec.grant().orElseThrow(() -> missing("grant", "mode(…) or scopes(…)")),
                spec.allowedFrom(),
                spec.options(),
                created == null ? now : created,
                spec.creator().id(),
                end(spec, history, now),
                history.pausedAt(),
                history.revocation(),
                history.lastUse(),
                McpSessions.NONE,
                1);
    }

    private @Nullable Instant end(KeySpec spec, History history, Instant now) {
        History.Ending ending = history.ending();
        return ending == null ? policy.expiry(spec, now) : ending.at();
    }

    private static IllegalArgumentException missing(String what, String method) {
        return new IllegalArgumentException("the spec of a key needs a " + what + ": call " + method);
    }
}
