package dev.apikeys.management;

import java.util.List;

/**
 * The host's answer to what a person may hand on to a key.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Grantable {
    /** These scopes, in the order in which lists show them; none: the person may only make keys without scopes. */
    static Grantable scopes(ScopeGroup... groups) {
        return new Groups(List.of(groups));
    }

    /** These scopes, in the order in which lists show them. */
    static Grantable scopes(List<ScopeGroup> groups) {
        return new Groups(groups);
    }

    /** Nothing, since the person doesn't belong to the organization or workspace: 403. */
    static Grantable notAMember() {
        return new NotAMember();
    }

    /** Nothing, since keys aren't part of the plan that was paid for: 426 where the family has that, else 403. */
    static Grantable upgradeRequired() {
        return new UpgradeRequired();
    }

    /**
     * What may be handed on.
     *
     * @param groups in display order
     */
    record Groups(List<ScopeGroup> groups) implements Grantable {
        /** Keeps a copy. */
        public Groups {
            groups = List.copyOf(groups);
        }
    }

    /** The person doesn't belong there. */
    record NotAMember() implements Grantable {}

    /** The host's plan check said no. */
    record UpgradeRequired() implements Grantable {}
}
