package dev.apikeys.jdbi;

import dev.apikeys.PageRequest;
import dev.apikeys.jdbi.Conditions.Clause;
import java.time.Instant;
import java.util.List;

/**
 * Finds the expired keys of everybody in the order in which they were issued, which is not the one in which they expire: of
 * keys that live for a year the newest expired one is older than any that lives for a day. But keys with one lifetime expire
 * in the order in which they were issued. The index {@code api_key_by_lifetime} has the unrevoked keys by their lifetime in
 * days and then by age, so that the expired ones of each lifetime stand together, but for those of one day.
 */
final class Lifetimes {
    private static final String DAY = "86400000";

    /** As in the index. A difference of days, because one of milliseconds is too large a number for times far from each other. */
    private static final String DAYS = "(expires_at / " + DAY + " - created_at / " + DAY + ")";

    private static final String SHORTEST = "(SELECT " + DAYS
            + " FROM api_key WHERE revoked_at IS NULL AND expires_at IS NOT NULL%s ORDER BY " + DAYS + " LIMIT 1)";

    /** The lifetimes that there are, each found behind the one before. */
    private static final String EACH = "WITH RECURSIVE lifetime (days) AS (" + String.format(SHORTEST, "")
            + " UNION ALL SELECT " + String.format(SHORTEST, " AND " + DAYS + " > days")
            + " FROM lifetime WHERE days IS NOT NULL)";

    /** No key with this lifetime was issued later and has expired. Bounded, so that the number doesn't become too large. */
    private static final String ISSUED =
            "created_at <= ? - (LEAST(GREATEST(days, -100000000), 100000000) - 1) * " + DAY;

    private Lifetimes() {}

    /**
     * The keys of the page and those before it, in place of a table.
     *
     * @param at when they had expired
     * @param here conditions, among them that the keys had expired and are not revoked
     */
    static Clause expired(Instant at, Conditions here, PageRequest page, RowOrder order) {
        String sql = "(" + EACH + " SELECT k.id, k.created_at FROM lifetime CROSS JOIN LATERAL"
                + " (SELECT id, created_at FROM api_key" + here.where() + " AND " + DAYS + " = days AND " + ISSUED
                + " ORDER BY " + order.ofTable() + " LIMIT ?) k) u";
        return new Clause(sql, List.of(here.values(latest(at), page.offset() + page.limit())));
    }

    /** With room for the lifetimes. */
    private static long latest(Instant at) {
        return Math.min(Math.max(Columns.bound(at), Long.MIN_VALUE / 2), Long.MAX_VALUE / 2);
    }
}
