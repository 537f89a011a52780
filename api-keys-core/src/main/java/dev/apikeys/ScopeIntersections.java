package dev.apikeys;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;

/**
 * What grants come to, one object for all keys with an equal grant and owners who may do the same: most keys of a host
 * are alike, and a set of scopes takes more room than the rest of an answer.
 *
 * <p>Thread-safe.
 */
final class ScopeIntersections {
    private static final int KEPT = 1_000;

    private final LoadingCache<Asked, EffectiveScopes> known;

    ScopeIntersections(ScopePolicy policy) {
        this.known =
                Caffeine.newBuilder().maximumSize(KEPT).build(asked -> policy.effective(asked.grant, asked.ownerMay));
    }

    private record Asked(Grant grant, Scopes ownerMay) {}

    EffectiveScopes of(Grant grant, Scopes ownerMay) {
        return known.get(new Asked(grant, ownerMay));
    }
}
