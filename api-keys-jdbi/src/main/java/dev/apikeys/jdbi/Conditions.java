package dev.apikeys.jdbi;

import dev.apikeys.KeyKind;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A WHERE clause: fixed pieces of SQL, and the values for their question marks. Not thread-safe. */
final class Conditions {
    /** How many rows of a list are counted; more are estimated. */
    static final int COUNTED = 10_000;

    /** How many rows that a search finds are counted: finding one costs more than by an index that has the list's order. */
    static final int COUNTED_OF_SEARCH = 1_000;

    private final List<Clause> clauses = new ArrayList<>();
    private List<Clause> either = List.of();
    private boolean overlapping;
    private boolean search;
    private @Nullable Instant expiredAt;

    /**
     * A condition.
     *
     * @param sql fixed SQL
     * @param values a value for each question mark in it
     */
    record Clause(String sql, List<Object> values) {
        static Clause of(String sql, Object... values) {
            return new Clause(sql, List.of(values));
        }
    }

    /** Adds a condition, with a value for each question mark in it. */
    Conditions and(String clause, Object... its) {
        clauses.add(Clause.of(clause, its));
        return this;
    }

    /** Adds a condition that is met if one of these is. */
    Conditions andAny(List<Clause> alternatives) {
        clauses.add(joined(alternatives));
        return this;
    }

    /**
     * Adds a condition of several alternatives, each of which has an index of its own. No database is sure to read several
     * indexes in an order, so that lists ask for each alternative apart. A row may meet several of them.
     */
    Conditions andEither(List<Clause> alternatives) {
        return andApart(alternatives, true);
    }

    /** As {@link #andEither}, for alternatives of which a row meets one at the most. */
    Conditions andOneOf(List<Clause> alternatives) {
        return andApart(alternatives, false);
    }

    private Conditions andApart(List<Clause> alternatives, boolean mayOverlap) {
        if (!either.isEmpty()) {
            return andAny(alternatives);
        }
        either = List.copyOf(alternatives);
        overlapping = mayOverlap;
        return this;
    }

    /** Adds conditions for this kind and exactly this owner, whose id is in this column, if they are present. */
    Conditions andOwnedBy(Optional<KeyKind> kind, Optional<Owner> owner, String ownerColumn) {
        if (owner.isPresent()) {
            return and(ownerColumn + " = ?", OwnerId.of(kind.orElseThrow(), owner.get()));
        }
        return kind.isPresent() ? and("kind = ?", kind.get().name()) : this;
    }

    /** Adds a condition that matches no row. */
    Conditions andNothing() {
        return and("1 = 0");
    }

    /** Notes that a text is searched for among the keys of many owners. */
    void markSearch() {
        search = true;
    }

    /** Whether a text is searched for among the keys of many owners. */
    boolean isSearch() {
        return search;
    }

    /** Notes that these are the expired keys of everybody, which an index has by their lifetimes. */
    void markExpired(Instant at) {
        expiredAt = at;
    }

    /** When the keys had expired, if they are the expired ones of everybody and an index has them by their lifetimes. */
    Optional<Instant> expiredAt() {
        return Optional.ofNullable(expiredAt);
    }

    /** How many rows are worth counting. */
    int counted() {
        return search ? COUNTED_OF_SEARCH : COUNTED;
    }

    /** These conditions and the place where the page begins, for tables with {@code created_at} and {@code id}. */
    Conditions from(PageRequest page) {
        Conditions more = with(either);
        PageRequest.Position last = page.after();
        return last == null ? more : more.andBehind("created_at", last);
    }

    /** Adds that rows stand behind a place, where the latest are first by the time in this column, and then by id. */
    Conditions andBehind(String column, PageRequest.Position place) {
        return andPlace(column + " <= ? AND (" + column + " < ? OR id < ?)", place);
    }

    /** Adds that rows stand before a place in that order, or at it. */
    Conditions andUpTo(String column, PageRequest.Position place) {
        return andPlace(column + " >= ? AND (" + column + " > ? OR id >= ?)", place);
    }

    /** The first comparison stands alone, to let an index begin or end there. */
    private Conditions andPlace(String clause, PageRequest.Position place) {
        long at = Columns.bound(place.at());
        return and(clause, at, at, place.id().toString());
    }

    /** Whether there are alternatives to ask for apart. */
    boolean hasAlternatives() {
        return !either.isEmpty();
    }

    /** Whether a row may meet several alternatives. */
    boolean mayOverlap() {
        return overlapping;
    }

    /** These conditions with one of the alternatives each. */
    List<Conditions> alternatives() {
        return either.stream().map(one -> with(List.of(one))).toList();
    }

    private Conditions with(List<Clause> alternatives) {
        Conditions copy = new Conditions();
        copy.clauses.addAll(clauses);
        copy.either = alternatives;
        copy.overlapping = overlapping && alternatives.size() > 1;
        copy.search = search;
        copy.expiredAt = expiredAt;
        return copy;
    }

    private List<Clause> all() {
        List<Clause> all = new ArrayList<>(clauses);
        if (!either.isEmpty()) {
            all.add(joined(either));
        }
        return all;
    }

    private static Clause joined(List<Clause> alternatives) {
        String sql = alternatives.stream().map(Clause::sql).collect(Collectors.joining(" OR "));
        return new Clause(
                alternatives.size() == 1 ? sql : "(" + sql + ")",
                alternatives.stream().flatMap(one -> one.values().stream()).toList());
    }

    /** The clause after a blank, or an empty text. */
    String where() {
        List<Clause> all = all();
        return all.isEmpty() ? "" : " WHERE " + all.stream().map(Clause::sql).collect(Collectors.joining(" AND "));
    }

    /** The values, and then more values. */
    Object[] values(Object... more) {
        List<Object> values = new ArrayList<>();
        all().forEach(clause -> values.addAll(clause.values()));
        values.addAll(List.of(more));
        return values.toArray();
    }
}
