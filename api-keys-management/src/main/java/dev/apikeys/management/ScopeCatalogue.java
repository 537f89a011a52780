package dev.apikeys.management;

import dev.apikeys.Owner;
import dev.apikeys.Scope;
import dev.apikeys.Scopes;
import java.util.List;
import java.util.Objects;

/**
 * Tells which scopes a person may grant to a key. A key never gets more than that when it is created. By
 * {@link dev.apikeys.spi.OwnerDirectory} it also never does more than its owner may do at each use.
 *
 * <p>It is asked in every call that shows, grants or changes scopes. If it throws, the answer is 502, or 504 if a
 * time-out is the cause, or 503 in families that have neither. Then nothing is written.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface ScopeCatalogue {
    /**
     * The scopes that the person may grant.
     *
     * @param caller the caller from the {@link SessionResolver}
     * @param owner the owner of the key: the person, in the organization and workspace of the call, if there are any;
     *     or an organization. The ids come from the request, so the implementation must check that the person belongs
     *     there.
     * @return never null
     */
    Grantable grantable(Caller.Session caller, Owner owner);

    /**
     * The scopes that a person may grant to a key, from the host.
     *
     * <p>Immutable and thread-safe.
     */
    sealed interface Grantable {
        /** These scopes, in display order. Without any, the person can only create keys without scopes. */
        static Grantable scopes(ScopeGroup... groups) {
            Objects.requireNonNull(groups, "groups");
            return new Groups(List.of(groups));
        }

        /** These scopes, in display order. */
        static Grantable scopes(List<ScopeGroup> groups) {
            Objects.requireNonNull(groups, "groups");
            return new Groups(groups);
        }

        /** Nothing, because the person doesn't belong to the organization or workspace. The answer is 403. */
        static Grantable notAMember() {
            return new NotAMember();
        }

        /** Nothing, because the plan has no keys. The answer is 426 if the family has that status, otherwise 403. */
        static Grantable upgradeRequired() {
            return new UpgradeRequired();
        }

        /**
         * The scopes that may be granted.
         *
         * @param groups in display order
         */
        record Groups(List<ScopeGroup> groups) implements Grantable {
            /** Keeps a copy. */
            public Groups {
                Objects.requireNonNull(groups, "groups");
                groups = List.copyOf(groups);
            }
        }

        /** The person doesn't belong there. */
        record NotAMember() implements Grantable {}

        /** The plan has no keys. */
        record UpgradeRequired() implements Grantable {}
    }

    /**
     * The actions on one resource, in the form of a list: {@code traces: read, write}. It stands for the scopes
     * {@code read:traces} and {@code write:traces}.
     *
     * <p>Immutable and thread-safe.
     *
     * @param resource the resource of the scopes
     * @param actions their verbs, in display order
     */
    record ScopeGroup(String resource, List<String> actions) {
        /**
         * Checks that these make scopes.
         *
         * @throws IllegalArgumentException if the resource or an action is not a valid segment of a {@link Scope}
         */
        public ScopeGroup {
            Objects.requireNonNull(resource, "resource");
            Objects.requireNonNull(actions, "actions");
            actions = List.copyOf(actions);
            for (String action : actions) {
                new Scope(action, resource);
            }
        }

        /**
         * A group of these actions.
         *
         * @throws IllegalArgumentException as for the constructor
         */
        public static ScopeGroup of(String resource, String... actions) {
            Objects.requireNonNull(actions, "actions");
            return new ScopeGroup(resource, List.of(actions));
        }

        List<Scope> scopes() {
            return actions.stream().map(action -> new Scope(action, resource)).toList();
        }

        static Scopes scopesOf(List<ScopeGroup> groups) {
            return Scopes.of(
                    groups.stream().flatMap(group -> group.scopes().stream()).toList());
        }
    }
}
