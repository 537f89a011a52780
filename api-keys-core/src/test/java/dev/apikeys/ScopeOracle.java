package dev.apikeys;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What scopes mean, worked out by brute force: a scope is the set of single permissions that it stands for in a small
 * world. One verb and one resource of that world are never named, so that only a wildcard stands for them.
 */
final class ScopeOracle {
    private static final List<String> VERBS = List.of("read", "manage", "destroy");
    private static final List<String> RESOURCES = List.of("systems", "alerts", "users");
    private static final String UNNAMED = "unnamed";

    private final Random random;

    ScopeOracle(long seed) {
        this.random = new Random(seed);
    }

    /** Every single permission of the world. */
    static List<Scope> world() {
        List<Scope> all = new ArrayList<>();
        for (String verb : with(VERBS, UNNAMED)) {
            for (String resource : with(RESOURCES, UNNAMED)) {
                all.add(new Scope(verb, resource));
            }
        }
        return all;
    }

    /** Every scope that can be written in the world, wildcards included. */
    static List<Scope> writable() {
        List<Scope> all = new ArrayList<>();
        for (String verb : with(VERBS, "*")) {
            for (String resource : with(RESOURCES, "*")) {
                all.add(new Scope(verb, resource));
            }
        }
        return all;
    }

    static Set<Scope> meaning(Scope scope) {
        return world().stream()
                .filter(one -> (scope.verb().equals("*") || scope.verb().equals(one.verb()))
                        && (scope.resource().equals("*") || scope.resource().equals(one.resource())))
                .collect(Collectors.toSet());
    }

    static Set<Scope> meaning(Iterable<Scope> scopes) {
        return StreamSupport.stream(scopes.spliterator(), false)
                .flatMap(scope -> meaning(scope).stream())
                .collect(Collectors.toSet());
    }

    static Set<Scope> common(Collection<Scope> one, Collection<Scope> other) {
        Set<Scope> both = new HashSet<>(one);
        both.retainAll(other);
        return both;
    }

    static Set<Scope> without(Collection<Scope> one, Collection<Scope> other) {
        Set<Scope> rest = new HashSet<>(one);
        rest.removeAll(other);
        return rest;
    }

    Scope anyScope() {
        return pick(writable());
    }

    Scopes anyScopes() {
        List<Scope> chosen = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            chosen.add(anyScope());
        }
        return Scopes.of(chosen);
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static List<String> with(List<String> names, String one) {
        List<String> all = new ArrayList<>(names);
        all.add(one);
        return all;
    }
}
