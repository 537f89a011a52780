package dev.apikeys;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.apikeys.spi.OwnerDirectory;

/**
 * The effective scopes of grants, one object for all keys with the same grant and the same state of the owner. Most
 * keys of a host are similar, and a set of scopes is larger than the rest of an answer. Grants and states are shared
 * objects, so they are compared by reference.
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
