package dev.apikeys.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apikeys.ApiKey;
import dev.apikeys.ApiKeyException;
import dev.apikeys.Freshness;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * When keys were issued, which a verification does not tell. It never changes, so what was read once is kept, for the keys
 * that are asked about most.
 *
 * <p>Thread-safe.
 */
final class IssueTimes {
    private static final int MAX_KEYS = 100_000;

    private final KeyService keys;
    private final Cache<UUID, Instant> known =
            Caffeine.newBuilder().maximumSize(MAX_KEYS).build();

    IssueTimes(KeyService keys) {
        this.keys = keys;
    }

    /** The time; empty if the store can't tell now. */
    Optional<Instant> of(KeyPrincipal principal) {
        Optional<Instant> time = ifKnown(principal);
        return time.isEmpty() && principal.freshness() == Freshness.CONFIRMED ? read(principal.keyId()) : time;
    }

    /** The time if it is in memory; nobody is asked. */
    Optional<Instant> ifKnown(KeyPrincipal principal) {
        return Optional.ofNullable(known.getIfPresent(principal.keyId()));
    }

    private Optional<Instant> read(UUID keyId) {
        try {
            Optional<Instant> time = keys.find(keyId).map(ApiKey::createdAt);
            time.ifPresent(found -> known.put(keyId, found));
            return time;
        } catch (ApiKeyException unavailable) {
            // The answer is right without it (RFC 7662 section 2.2: optional).
            return Optional.empty();
        }
    }
}
