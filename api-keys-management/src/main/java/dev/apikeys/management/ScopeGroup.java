package dev.apikeys.management;

import dev.apikeys.Scope;
import dev.apikeys.Scopes;
import java.util.List;

/**
 * What may be done to one resource, as a list shows it: {@code traces: read, write}. Stands for the scopes
 * {@code read:traces} and {@code write:traces}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param resource the resource of the scopes
 * @param actions their verbs, in display order
 */
public record ScopeGroup(String resource, List<String> actions) {
    /**
     * Checks that these make scopes.
     *
     * @throws IllegalArgumentException when the resource or an action is no segment of a {@link Scope}
     */
    public ScopeGroup {
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
