package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyFilter.StatusAt;
import dev.apikeys.KeySearch;
import dev.apikeys.jdbi.Conditions.Clause;
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

    private static final String WHOLE_TEXT = "search_text";

    private KeyConditions() {}

    static Conditions of(KeyFilter filter, TextSearch search) {
        Conditions conditions = new Conditions()
                .andOwnedBy(
                        filter.kind(),
                        filter.owner(),
                        leavesOutRevoked(filter) ? search.database().ownerOfUnrevoked() : "owner_id");
        filter.user().ifPresent(wanted -> addId(conditions, "user_id = ?", wanted));
        filter.organization().ifPresent(wanted -> addId(conditions, "organization_id = ?", wanted));
        filter.concerning().ifPresent(wanted -> addParty(conditions, wanted));
        addLife(conditions, filter);
        addUse(conditions, filter);
        filter.metadata().ifPresent(entry -> MetadataTable.addCondition(conditions, entry));
        filter.search().ifPresent(text -> addSearch(conditions, filter, search, text));
        if (search.database().indexesLifetimes() && !isNarrow(filter)) {
            filter.status()
                    .filter(wanted -> wanted.status() == ApiKey.Status.EXPIRED)
                    .ifPresent(expired -> conditions.markExpired(expired.at()));
        }
        return conditions;
    }

    /** Whether there are other conditions than the status and the kind: other indexes find those keys. */
    private static boolean isNarrow(KeyFilter filter) {
        return filter.owner().isPresent()
                || filter.user().isPresent()
                || filter.organization().isPresent()
                || filter.concerning().isPresent()
                || filter.metadata().isPresent()
                || filter.search().isPresent()
                || filter.ending().isPresent()
                || filter.unusedSince().isPresent()
                || filter.wantsNeverUsed();
    }

    private static boolean leavesOutRevoked(KeyFilter filter) {
        return filter.leavesOutRevoked()
                || filter.status()
                        .filter(wanted -> wanted.status() != ApiKey.Status.REVOKED)
                        .isPresent();
    }

    private static void addLife(Conditions conditions, KeyFilter filter) {
        if (filter.leavesOutRevoked()) {
            conditions.and("revoked_at IS NULL");
        }
        filter.ending().ifPresent(span -> addEnding(conditions, span));
        filter.liveAt().ifPresent(time -> addNotExpired(conditions, time));
        filter.status().ifPresent(wanted -> addStatus(conditions, wanted));
    }

    static void addEnding(Conditions conditions, KeyFilter.Span span) {
        conditions.and("expires_at >= ? AND expires_at < ?", Columns.bound(span.from()), Columns.bound(span.until()));
    }

    /** A key that is younger can't be unused for so long. */
    static void addOlder(Conditions conditions, Instant time) {
        conditions.and("created_at < ?", Columns.bound(time));
    }

    private static void addStatus(Conditions conditions, StatusAt wanted) {
        Instant at = wanted.at();
        switch (wanted.status()) {
            case ACTIVE -> addNotExpired(conditions.and("revoked_at IS NULL AND paused_at IS NULL"), at);
            // Few keys are paused, so that the index by state gives all of them at once.
            case PAUSED ->
                conditions.and(
                        "revoked_at IS NULL AND paused_at IS NOT NULL AND (expires_at > ? OR expires_at IS NULL)",
                        Columns.bound(at));
            case EXPIRED -> conditions.and("revoked_at IS NULL AND expires_at <= ?", Columns.bound(at));
            case REVOKED -> conditions.and("revoked_at IS NOT NULL");
        }
    }

    /** Apart, because the keys that expire later and those that never do are not beside each other in an index. */
    private static void addNotExpired(Conditions conditions, Instant at) {
        conditions.andOneOf(List.of(Clause.of("expires_at > ?", Columns.bound(at)), Clause.of("expires_at IS NULL")));
    }

    /** Latest uses have no index by time, because each use would have to change it (decision 033). */
    private static void addUse(Conditions conditions, KeyFilter filter) {
        filter.unusedSince().ifPresent(time -> addOlder(conditions, time));
        if (filter.wantsNeverUsed()) {
            conditions.and("NOT EXISTS (SELECT 1 FROM api_key_usage n WHERE n.key_id = id)");
        } else if (filter.unusedSince().isPresent()) {
            Instant time = filter.unusedSince().get();
            conditions.and(
                    "NOT EXISTS (SELECT 1 FROM api_key_usage n WHERE n.key_id = id AND n.last_used_at >= ?)",
                    Columns.bound(time));
        }
    }

    private static void addParty(Conditions conditions, String wanted) {
        if (wanted.isEmpty() || !SearchText.isStorable(wanted)) {
            conditions.andNothing();
        } else {
            conditions.andEither(List.of(Clause.of("user_id = ?", wanted), Clause.of("organization_id = ?", wanted)));
        }
    }

    private static void addId(Conditions conditions, String clause, String wanted) {
        if (wanted.isEmpty() || !SearchText.isStorable(wanted)) {
            conditions.andNothing();
        } else {
            conditions.and(clause, wanted);
        }
    }

    private static void addSearch(Conditions conditions, KeyFilter filter, TextSearch search, String text) {
        String folded = KeySearch.fold(text);
        if (!SearchText.isStorable(folded)) {
            conditions.andNothing();
            return;
        }
        List<Clause> places = new ArrayList<>();
        if (BEGINNING_OF_PUBLIC_ID.matcher(folded).matches()) {
            places.add(Clause.of("public_id LIKE ? ESCAPE '!'", SearchText.beginningWith(folded)));
        }
        if (filter.isOneOwner()) {
            places.add(search.containingInName(folded));
            conditions.andAny(places);
            return;
        }
        conditions.markSearch();
        if (search.where().isAboutBeginnings(text)) {
            addBeginnings(places, search, text, folded);
            conditions.andEither(places);
        } else {
            places.add(search.containing(folded));
            conditions.andAny(places);
        }
    }

    /** The ids of owners are compared as they are written: that is how their indexes hold them. */
    private static void addBeginnings(List<Clause> places, TextSearch search, String text, String folded) {
        int indexed = Math.min(folded.length(), TextSearch.INDEXED_CHARACTERS);
        String name = search.nameStart() + " LIKE ? ESCAPE '!'";
        if (search.nameStart().equals(WHOLE_TEXT) || indexed == folded.length()) {
            places.add(Clause.of(name, SearchText.beginningWith(folded)));
        } else {
            String first = folded.substring(0, folded.offsetByCodePoints(0, indexed / 2));
            places.add(Clause.of(
                    name + " AND search_text LIKE ? ESCAPE '!'",
                    SearchText.beginningWith(first),
                    SearchText.beginningWith(folded)));
        }
        places.add(Clause.of("user_id LIKE ? ESCAPE '!'", SearchText.beginningWith(text)));
        places.add(Clause.of("organization_id LIKE ? ESCAPE '!'", SearchText.beginningWith(text)));
    }
}
