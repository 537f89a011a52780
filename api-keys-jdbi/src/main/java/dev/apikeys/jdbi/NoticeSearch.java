package dev.apikeys.jdbi;

import dev.apikeys.KeyOrder;
import dev.apikeys.PageRequest;
import dev.apikeys.PageRequest.Position;
import dev.apikeys.jdbi.Conditions.Clause;
import dev.apikeys.spi.DueKeys;
import dev.apikeys.spi.NoticeQuery;
import dev.apikeys.spi.NoticeQuery.About;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the keys of which a notice is due. Mostly nearly all notices were given, so that the keys are looked at in parts
 * of an index: by expiry if the notice is about that, so that only the keys that end soon are looked at, and else by age.
 *
 * @param query which keys are due
 * @param search what the database can do
 */
record NoticeSearch(NoticeQuery query, TextSearch search) {
    /**
     * A part of the walk.
     *
     * @param after where it begins, or null for the first part
     * @param size how many keys to look at
     */
    DueKeys part(Handle handle, @Nullable Position after, PageRequest size) {
        Clause last = last(after, size.limit());
        Position end = handle.select(last.sql(), last.values().toArray())
                .map((row, context) ->
                        new Position(Instant.ofEpochMilli(row.getLong(1)), UUID.fromString(row.getString(2))))
                .findFirst()
                .orElse(null);
        return new DueKeys(KeyQueries.items(handle, due(after, end), size.in(order())), end);
    }

    /** The last key of a part that begins behind another one: none if the part is the last one. */
    Clause last(@Nullable Position after, int size) {
        Conditions range = addPart(span(), after, null);
        return new Clause(
                "SELECT " + time() + ", id FROM api_key" + range.where() + " ORDER BY " + time() + " DESC, id DESC"
                        + " LIMIT 1 OFFSET ?",
                List.of(range.values(size - 1)));
    }

    /** The keys of a part of which a notice is due. */
    Conditions due(@Nullable Position after, @Nullable Position end) {
        String about = query.about() == About.USE
                ? "COALESCE((SELECT w.last_used_at FROM api_key_usage w WHERE w.key_id = id), created_at)"
                : time();
        Conditions conditions = addPart(KeyConditions.of(query.filter(), search), after, end);
        conditions.and(
                "NOT EXISTS (SELECT 1 FROM api_key_notice g WHERE g.key_id = id AND g.notice = ? AND g.about = " + about
                        + ")",
                query.notice());
        NoticeQuery.Earlier earlier = query.earlier();
        if (earlier != null) {
            conditions.and(
                    "EXISTS (SELECT 1 FROM api_key_notice e WHERE e.key_id = id AND e.notice = ? AND e.given_at < ?"
                            + " AND e.about = " + about + ")",
                    earlier.notice(),
                    Columns.bound(earlier.before()));
        }
        return conditions;
    }

    KeyOrder order() {
        return query.about() == About.EXPIRY
                ? new KeyOrder(KeyOrder.By.EXPIRES_AT, KeyOrder.Direction.DESC)
                : KeyOrder.NEWEST_FIRST;
    }

    private String time() {
        return query.about() == About.EXPIRY ? "expires_at" : "created_at";
    }

    /** Adds that keys have the time that the index is read by, and stand in this part. */
    private Conditions addPart(Conditions conditions, @Nullable Position after, @Nullable Position end) {
        if (query.about() == About.EXPIRY) {
            conditions.and("expires_at IS NOT NULL");
        }
        if (after != null) {
            conditions.andBehind(time(), after);
        }
        if (end != null) {
            conditions.andUpTo(time(), end);
        }
        return conditions;
    }

    /** What the filter says of the time that the index is read by. */
    private Conditions span() {
        Conditions span = new Conditions();
        if (query.about() == About.EXPIRY) {
            query.filter().ending().ifPresent(ending -> KeyConditions.addEnding(span, ending));
        } else {
            query.filter().unusedSince().ifPresent(since -> KeyConditions.addOlder(span, since));
        }
        return span;
    }
}
