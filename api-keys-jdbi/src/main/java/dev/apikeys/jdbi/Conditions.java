package dev.apikeys.jdbi;

import dev.apikeys.KeyKind;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A WHERE clause: fixed pieces of SQL, and the values for their question marks. Not thread-safe. */
final class Conditions {
    private final List<String> clauses = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    /** Adds a condition, with a value for each question mark in it. */
    Conditions and(String clause, Object... its) {
        clauses.add(clause);
        values.addAll(List.of(its));
        return this;
    }

    /** Adds conditions for this kind and exactly this owner, if they are present. */
    Conditions andOwnedBy(Optional<KeyKind> kind, Optional<Owner> owner) {
        if (owner.isPresent()) {
            return and("owner_id = ?", OwnerId.of(kind.orElseThrow(), owner.get()));
        }
        return kind.isPresent() ? and("kind = ?", kind.get().name()) : this;
    }

    /** Adds a condition that matches no row. */
    Conditions andNothing() {
        return and("1 = 0");
    }

    /** These conditions and the place where the page begins, for tables with {@code created_at} and {@code id}. */
    Conditions from(PageRequest page) {
        Conditions more = new Conditions();
        more.clauses.addAll(clauses);
        more.values.addAll(values);
        PageRequest.Position last = page.after();
        if (last != null) {
            long at = last.at().toEpochMilli();
            // The first condition lets an index begin at the right place.
            more.and(
                    "created_at <= ? AND (created_at < ? OR id < ?)",
                    at,
                    at,
                    last.id().toString());
        }
        return more;
    }

    /** The clause after a blank, or an empty text. */
    String where() {
        return clauses.isEmpty() ? "" : " WHERE " + String.join(" AND ", clauses);
    }

    /** The values, and then more values. */
    Object[] values(Object... more) {
        List<Object> all = new ArrayList<>(values);
        all.addAll(List.of(more));
        return all.toArray();
    }
}
