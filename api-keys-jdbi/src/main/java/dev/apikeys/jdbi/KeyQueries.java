package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** Finds and lists keys that match a filter. */
final class KeyQueries {
    private static final Pattern BEGINNING_OF_PUBLIC_ID = Pattern.compile("[0-9a-f]{1,32}");

    private static final Listing<ApiKey> KEYS = new Listing<>(
            "api_key",
            KeyRow.COLUMNS,
            "JOIN api_key k ON k.id = p.id LEFT JOIN api_key_usage u ON u.key_id = k.id",
            "k",
            (row, context) -> KeyRow.read(row, 1));

    private KeyQueries() {}

    /** The conditions for one key that also matches the filter. */
    static Conditions finding(UUID id, KeyFilter within) {
        return conditions(within).and("id = ?", id.toString());
    }

    static String select(Conditions conditions) {
        return "SELECT " + KeyRow.COLUMNS + " FROM api_key k LEFT JOIN api_key_usage u ON u.key_id = k.id"
                + conditions.where();
    }

    static Optional<ApiKey> find(PreparedStatement select, Conditions conditions) throws SQLException {
        int parameter = 1;
        for (Object value : conditions.values()) {
            select.setObject(parameter++, value);
        }
        try (ResultSet row = Transactions.rows(select)) {
            return row.next() ? Optional.of(KeyRow.read(row, 1)) : Optional.empty();
        }
    }

    static Page<ApiKey> list(Handle handle, KeyFilter filter, PageRequest page) {
        return KEYS.page(handle, conditions(filter), page, RowOrder.of(page.order()));
    }

    private static Conditions conditions(KeyFilter filter) {
        Conditions conditions = new Conditions().andOwnedBy(filter.kind(), filter.owner());
        filter.user().ifPresent(wanted -> addId(conditions, "user_id = ?", wanted));
        filter.organization().ifPresent(wanted -> addId(conditions, "organization_id = ?", wanted));
        if (filter.leavesOutRevoked()) {
            conditions.and("revoked_at IS NULL");
        }
        filter.ending()
                .ifPresent(span -> conditions.and(
                        "expires_at >= ? AND expires_at < ?",
                        span.from().toEpochMilli(),
                        span.until().toEpochMilli()));
        filter.liveAt()
                .ifPresent(time -> conditions.and("(expires_at IS NULL OR expires_at > ?)", time.toEpochMilli()));
        filter.search().ifPresent(text -> addSearch(conditions, text));
        return conditions;
    }

    private static void addId(Conditions conditions, String clause, String wanted) {
        if (wanted.isEmpty() || !SearchText.isStorable(wanted)) {
            conditions.andNothing();
        } else {
            conditions.and(clause, wanted);
        }
    }

    private static void addSearch(Conditions conditions, String text) {
        String folded = SearchText.fold(text);
        if (!SearchText.isStorable(folded)) {
            conditions.andNothing();
        } else if (BEGINNING_OF_PUBLIC_ID.matcher(folded).matches()) {
            conditions.and(
                    "(search_text LIKE ? ESCAPE '!' OR public_id LIKE ? ESCAPE '!')",
                    SearchText.containing(folded),
                    SearchText.beginningWith(folded));
        } else {
            conditions.and("search_text LIKE ? ESCAPE '!'", SearchText.containing(folded));
        }
    }
}
