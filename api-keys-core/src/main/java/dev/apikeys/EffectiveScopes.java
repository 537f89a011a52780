package dev.apikeys;

import java.util.Iterator;
import java.util.Objects;

/**
 * What a key may do now: its grant, limited to what the owner may do now, without the scopes that no key may have.
 * Iterating gives the scopes to show, as {@link #asScopes()} does.
 *
 * <p>Immutable for callers, and thread-safe.
 */
public final class EffectiveScopes implements Iterable<Scope> {
    private final Scopes allowed;
    private final Scopes never;

    private EffectiveScopes(Scopes allowed, Scopes never) {
        this.allowed = allowed;
        this.never = never;
    }

    static EffectiveScopes of(Scopes granted, Scopes ownerMay, Scopes never) {
        Scopes common = granted.intersect(ownerMay);
        return new EffectiveScopes(
                Scopes.of(common.stream().filter(scope -> !never.covers(scope)).toList()), never);
    }

    /**
     * Tells whether the key may do what this scope names. A wildcard is allowed only if everything that it stands for
     * is allowed.
     */
    public boolean allows(Scope scope) {
        return allowed.covers(scope) && !never.overlap(scope);
    }

    /**
     * Tells whether the key may do what this scope names. Text that is not a scope is never allowed.
     *
     * @param scope {@code verb:resource}
     */
    public boolean allows(String scope) {
        Objects.requireNonNull(scope, "scope");
        try {
            return allows(Scope.parse(scope));
        } catch (IllegalArgumentException notAScope) {
            return false;
        }
    }

    /**
     * The scopes for display. A wildcard in this set may contain a scope that no key may have, so decide with
     * {@link #allows(Scope)} and not with this set.
     */
    public Scopes asScopes() {
        return allowed;
    }

    /** The scopes to show, in the order of their names. */
    @Override
    public Iterator<Scope> iterator() {
        return allowed.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EffectiveScopes that && allowed.equals(that.allowed) && never.equals(that.never);
    }

    @Override
    public int hashCode() {
        return allowed.hashCode();
    }

    /** The scopes to show, separated by single spaces. */
    @Override
    public String toString() {
        return allowed.toString();
    }
}
