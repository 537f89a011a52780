package dev.apikeys;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.apikeys.spi.OwnerDirectory;

/**
 * What grants come to, one object for all keys with the same grant and owners who may do the same: most keys of a host
 * are alike, and a set of scopes takes more room than the rest of an answer. Grants and states are shared already, so the
 * very objects are compared, and not what they hold.
 *
 * <p>Thread-safe.
 */
final class ScopeIntersections {
    private static final int KEPT = 1_000;

    private final LoadingCache<Asked, EffectiveScopes> known;

    ScopeIntersections(ScopePolicy policy) {
        this.known = Caffeine.newBuilder()
                .maximumSize(KEPT)
                .build(asked -> policy.effective(asked.grant, asked.owner.scopes()));
    }

    private record Asked(Grant grant, OwnerDirectory.State owner) {
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(Object other) {
            return other instanceof Asked that && grant == that.grant && owner == that.owner;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(grant) + System.identityHashCode(owner);
        }
    }

    EffectiveScopes of(Grant grant, OwnerDirectory.State owner) {
        return known.get(new Asked(grant, owner));
    }
}
