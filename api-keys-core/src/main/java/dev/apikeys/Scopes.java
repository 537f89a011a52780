package dev.apikeys;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A set of scopes, in the order of their names. As a {@link java.util.Set} it holds exactly its members; whether a wildcard
 * stands for a scope, {@link #covers(Scope)} tells. What would change it throws an {@link UnsupportedOperationException}.
 *
 * <p>Immutable and thread-safe.
 */
public final class Scopes extends AbstractSet<Scope> {
    /** No scope at all. */
    public static final Scopes NONE = new Scopes(new TreeSet<>());

    /** Every scope there is, {@code *:*}. */
    public static final Scopes ALL = of("*:*");

    private final SortedSet<Scope> scopes;

    /**
     * The same as a table of hashes, so that asking for one of many scopes takes no longer than for one of few: each member
     * stands in its place or behind it, before the next free place. At least half of the places are free.
     */
    private final @Nullable Scope[] table;

    private final boolean hasWildcards;

    private Scopes(SortedSet<Scope> scopes) {
        this.scopes = Collections.unmodifiableSortedSet(scopes);
        this.table = new Scope[Integer.highestOneBit(Math.max(1, 2 * scopes.size() - 1)) * 2];
        for (Scope member : scopes) {
            int place = place(member.verb(), member.resource());
            while (table[place] != null) {
                place = after(place);
            }
            table[place] = member;
        }
        this.hasWildcards = scopes.stream().anyMatch(Scope::isWildcard);
    }

    private int place(String verb, String resource) {
        int hash = verb.hashCode() * 31 + resource.hashCode();
        return (hash ^ hash >>> 16) & table.length - 1;
    }

    private int after(int place) {
        return place + 1 & table.length - 1;
    }

    /**
     * The set of these scopes, each written {@code verb:resource}.
     *
     * @throws IllegalArgumentException when one of them is not a scope
     */
    public static Scopes of(String... scopes) {
        Objects.requireNonNull(scopes, "scopes");
        return new Scopes(Arrays.stream(scopes).map(Scope::parse).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The set of these scopes. */
    public static Scopes of(Collection<Scope> scopes) {
        Objects.requireNonNull(scopes, "scopes");
        return new Scopes(new TreeSet<>(scopes));
    }

    /**
     * Parses the text of {@link #toString()}: scopes separated by single spaces; blank text is the empty set.
     *
     * @throws IllegalArgumentException when one of them is not a scope
     */
    public static Scopes parse(String text) {
        Objects.requireNonNull(text, "text");
        return text.isBlank() ? NONE : of(text.split(" "));
    }

    /** Tells whether one member covers the scope. */
    public boolean covers(Scope scope) {
        Objects.requireNonNull(scope, "scope");
        String verb = scope.verb();
        String resource = scope.resource();
        return has(verb, resource)
                || (hasWildcards && (has(Scope.ANY, resource) || has(verb, Scope.ANY) || has(Scope.ANY, Scope.ANY)));
    }

    private boolean has(String verb, String resource) {
        int place = place(verb, resource);
        for (Scope member = table[place]; member != null; member = table[place]) {
            if (member.verb().equals(verb) && member.resource().equals(resource)) {
                return true;
            }
            place = after(place);
        }
        return false;
    }

    /** Tells whether there is anything that the scope and a member both cover. */
    boolean overlap(Scope scope) {
        return scope.isWildcard() ? scopes.stream().anyMatch(scope::overlaps) : covers(scope);
    }

    /** Tells whether every scope of the other set is covered by a member of this one. */
    public boolean covers(Scopes others) {
        Objects.requireNonNull(others, "others");
        return others.stream().allMatch(this::covers);
    }

    /** What both sets cover. Only wildcards are compared pair by pair, and of them there are few. */
    Scopes intersect(Scopes others) {
        List<Scope> wildcards = others.wildcards().toList();
        Stream<Scope> ofWildcards =
                wildcards().flatMap(mine -> wildcards.stream().flatMap(other -> mine.intersect(other).stream()));
        return new Scopes(Stream.of(others.plainOnesOf(this), plainOnesOf(others), ofWildcards)
                .flatMap(Function.identity())
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The other set's members that are no wildcards and that this one covers. */
    private Stream<Scope> plainOnesOf(Scopes others) {
        return others.stream().filter(scope -> !scope.isWildcard() && covers(scope));
    }

    private Stream<Scope> wildcards() {
        return hasWildcards ? scopes.stream().filter(Scope::isWildcard) : Stream.empty();
    }

    /** Tells whether there is no scope in the set. */
    @Override
    public boolean isEmpty() {
        return scopes.isEmpty();
    }

    /** How many scopes there are, a wildcard counted as one. */
    @Override
    public int size() {
        return scopes.size();
    }

    /** The members, in the order of their names. */
    @Override
    public Stream<Scope> stream() {
        return scopes.stream();
    }

    @Override
    public Iterator<Scope> iterator() {
        return scopes.iterator();
    }

    /** Tells whether the scope is a member; of a scope that a wildcard covers it may not be. */
    @Override
    public boolean contains(@Nullable Object other) {
        return other instanceof Scope && scopes.contains(other);
    }

    /** The members separated by single spaces, as {@link #parse} reads them. */
    @Override
    public String toString() {
        return scopes.stream().map(Scope::toString).collect(Collectors.joining(" "));
    }
}
