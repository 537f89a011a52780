package dev.apikeys.jdbi;

import dev.apikeys.KeyFilter;
import dev.apikeys.KeyFilter.StatusAt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The WHERE clause for a filter of keys. Its columns have no alias: it stands behind {@code FROM api_key} alone, or joined
 * with tables that have none of its columns.
 */
final class KeyConditions {
    private static final Pattern BEGINNING_OF_PUBLIC_ID = Pattern.compile("[0-9a-f]{1,32}");

    private static final String NOT_EXPIRED = "(expires_at IS NULL OR expires_at > ?)";

    private static final String IN_TEXT = "search_text LIKE ? ESCAPE '!'";

    /** In the part before the first separator. */
    private static final String IN_NAME =
            "SUBSTRING(search_text FROM 1 FOR POSITION(? IN search_text)) LIKE ? ESCAPE '!'";

    private KeyConditions() {}

    static Conditions of(KeyFilter filter) {
        Conditions conditions = new Conditions().andOwnedBy(filter.kind(), filter.owner());
        filter.user().ifPresent(wanted -> addId(conditions, "user_id = ?", wanted));
        filter.organization().ifPresent(wanted -> addId(conditions, "organization_id = ?", wanted));
        filter.concerning().ifPresent(wanted -> addParty(conditions, wanted));
        addLife(conditions, filter);
        addUse(conditions, filter);
        filter.metadata().ifPresent(entry -> MetadataTable.addCondition(conditions, entry));
        filter.search().ifPresent(text -> addSearch(conditions, filter, text));
        return conditions;
    }

    private static void addLife(Conditions conditions, KeyFilter filter) {
        if (filter.leavesOutRevoked()) {
            conditions.and("revoked_at IS NULL");
        }
        filter.ending()
                .ifPresent(span -> conditions.and(
                        "expires_at >= ? AND expires_at < ?",
                        span.from().toEpochMilli(),
                        span.until().toEpochMilli()));
        filter.liveAt().ifPresent(time -> conditions.and(NOT_EXPIRED, time.toEpochMilli()));
        filter.status().ifPresent(wanted -> addStatus(conditions, wanted));
    }

    private static void addStatus(Conditions conditions, StatusAt wanted) {
        long at = wanted.at().toEpochMilli();
        switch (wanted.status()) {
            case ACTIVE -> conditions.and("revoked_at IS NULL AND paused_at IS NULL AND " + NOT_EXPIRED, at);
            case PAUSED -> conditions.and("revoked_at IS NULL AND paused_at IS NOT NULL AND " + NOT_EXPIRED, at);
            case EXPIRED -> conditions.and("revoked_at IS NULL AND expires_at <= ?", at);
            case REVOKED -> conditions.and("revoked_at IS NOT NULL");
        }
    }

    /** Latest uses have no index by time, because each use would have to change it (decision 033). */
    private static void addUse(Conditions conditions, KeyFilter filter) {
        filter.unusedSince().ifPresent(time -> conditions.and("created_at < ?", time.toEpochMilli()));
        if (filter.wantsNeverUsed()) {
            conditions.and("NOT EXISTS (SELECT 1 FROM api_key_usage n WHERE n.key_id = id)");
        } else if (filter.unusedSince().isPresent()) {
            Instant time = filter.unusedSince().get();
            conditions.and(
                    "NOT EXISTS (SELECT 1 FROM api_key_usage n WHERE n.key_id = id AND n.last_used_at >= ?)",
                    time.toEpochMilli());
        }
    }

    private static void addParty(Conditions conditions, String wanted) {
        if (wanted.isEmpty() || !SearchText.isStorable(wanted)) {
            conditions.andNothing();
        } else {
            conditions.and("(user_id = ? OR organization_id = ?)", wanted, wanted);
        }
    }

    private static void addId(Conditions conditions, String clause, String wanted) {
        if (wanted.isEmpty() || !SearchText.isStorable(wanted)) {
            conditions.andNothing();
        } else {
            conditions.and(clause, wanted);
        }
    }

    private static void addSearch(Conditions conditions, KeyFilter filter, String text) {
        String folded = SearchText.fold(text);
        if (!SearchText.isStorable(folded)) {
            conditions.andNothing();
            return;
        }
        List<Object> values = new ArrayList<>();
        String clause = IN_TEXT;
        if (filter.isOneOwner()) {
            clause = IN_NAME;
            values.add(SearchText.SEPARATOR);
        }
        values.add(SearchText.containing(folded));
        if (BEGINNING_OF_PUBLIC_ID.matcher(folded).matches()) {
            clause = "(" + clause + " OR public_id LIKE ? ESCAPE '!')";
            values.add(SearchText.beginningWith(folded));
        }
        conditions.and(clause, values.toArray());
    }
}
