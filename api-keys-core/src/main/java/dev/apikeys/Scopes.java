package dev.apikeys;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A set of scopes, in the order of their names.
 *
 * <p>Immutable and thread-safe.
 */
public final class Scopes implements Iterable<Scope> {
    /** No scope at all. */
    public static final Scopes NONE = new Scopes(new TreeSet<>());

    /** Every scope there is, {@code *:*}. */
    public static final Scopes ALL = of("*:*");

    private final SortedSet<Scope> scopes;
    /** The same once more: to go through an array takes no iterator. */
    private final Scope[] members;

    private Scopes(SortedSet<Scope> scopes) {
        this.scopes = Collections.unmodifiableSortedSet(scopes);
        this.members = scopes.toArray(new Scope[0]);
    }

    /**
     * The set of these scopes, each written {@code verb:resource}.
     *
     * @throws IllegalArgumentException when one of them is not a scope
     */
    public static Scopes of(String... scopes) {
        return new Scopes(Arrays.stream(scopes).map(Scope::parse).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The set of these scopes. */
    public static Scopes of(Collection<Scope> scopes) {
        return new Scopes(new TreeSet<>(scopes));
    }

    /**
     * Reads what {@link #toString()} writes: scopes separated by single spaces; blank text is the empty set.
     *
     * @throws IllegalArgumentException when one of them is not a scope
     */
    public static Scopes parse(String text) {
        return text.isBlank() ? NONE : of(text.split(" "));
    }

    /** Tells whether one member covers the scope. */
    public boolean covers(Scope scope) {
        for (Scope member : members) {
            if (member.covers(scope)) {
                return true;
            }
        }
        return false;
    }

    /** Tells whether there is anything that the scope and a member both cover. */
    boolean overlap(Scope scope) {
        for (Scope member : members) {
            if (member.overlaps(scope)) {
                return true;
            }
        }
        return false;
    }

    /** Tells whether every scope of the other set is covered by a member of this one. */
    public boolean covers(Scopes others) {
        return others.stream().allMatch(this::covers);
    }

    /** What both sets cover. */
    Scopes intersect(Scopes others) {
        return new Scopes(scopes.stream()
                .flatMap(mine -> others.stream().flatMap(other -> mine.intersect(other).stream()))
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Tells whether there is no scope in the set. */
    public boolean isEmpty() {
        return scopes.isEmpty();
    }

    /** How many scopes there are, a wildcard counted as one. */
    public int size() {
        return scopes.size();
    }

    /** The members, in the order of their names. */
    public Stream<Scope> stream() {
        return scopes.stream();
    }

    @Override
    public Iterator<Scope> iterator() {
        return scopes.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scopes that && scopes.equals(that.scopes);
    }

    @Override
    public int hashCode() {
        return scopes.hashCode();
    }

    /** The members separated by single spaces, as {@link #parse} reads them. */
    @Override
    public String toString() {
        return scopes.stream().map(Scope::toString).collect(Collectors.joining(" "));
    }
}
