package dev.apikeys;

import java.util.Objects;

/**
 * Which scopes the modes stand for, and which scopes no key may have.
 *
 * <p>Immutable and thread-safe.
 *
 * @param read what {@link Mode#READ} stands for
 * @param write what {@link Mode#WRITE} stands for
 * @param never scopes that no key has, for every grant and owner
 */
public record ScopePolicy(Scopes read, Scopes write, Scopes never) {
    /** Checks that nothing is missing. */
    public ScopePolicy {
        Objects.requireNonNull(read, "read");
        Objects.requireNonNull(write, "write");
        Objects.requireNonNull(never, "never");
    }

    /**
     * {@code read} is {@code read:*}; {@code write} is {@code read:*} and {@code manage:*}; never {@code destroy:*},
     * {@code impersonate:*} or {@code config:alerts}.
     */
    public static final ScopePolicy DEFAULT = new ScopePolicy(
            Scopes.of("read:*"),
            Scopes.of("read:*", "manage:*"),
            Scopes.of("destroy:*", "impersonate:*", "config:alerts"));

    /** The scopes of the grant, before they are limited by the owner and by {@link #never()}. */
    Scopes expand(Grant grant) {
        if (grant instanceof Grant.ByScopes named) {
            return named.scopes();
        }
        return ((Grant.ByMode) grant).mode() == Mode.READ ? read : write;
    }

    /** What a key with this grant may do while its owner may do {@code ownerMay}. */
    public EffectiveScopes effective(Grant grant, Scopes ownerMay) {
        Objects.requireNonNull(grant, "grant");
        Objects.requireNonNull(ownerMay, "ownerMay");
        return EffectiveScopes.of(expand(grant), ownerMay, never);
    }

    /** The wanted scopes that an owner who may do {@code ownerMay} may not grant; empty if all may be granted. */
    Scopes notGrantable(Scopes wanted, Scopes ownerMay) {
        EffectiveScopes most = EffectiveScopes.of(ownerMay, ownerMay, never);
        return Scopes.of(wanted.stream().filter(scope -> !most.allows(scope)).toList());
    }
}
