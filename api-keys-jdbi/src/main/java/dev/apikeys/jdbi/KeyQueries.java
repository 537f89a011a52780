package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Finds and lists keys that match a filter. */
final class KeyQueries {
    private static final String COLUMNS = KeyRow.COLUMNS + ", " + MetadataTable.COLUMNS;
    private static final String JOINS = " LEFT JOIN api_key_usage u ON u.key_id = k.id " + MetadataTable.JOIN;

    static final Listing<MetadataTable.Line, ApiKey> KEYS = new Listing<>(
            "api_key",
            new Listing.Rows(COLUMNS, "JOIN api_key k ON k.id = p.id" + JOINS, "k"),
            (row, context) -> MetadataTable.Line.read(row),
            MetadataTable::keys);

    private KeyQueries() {}

    /** The conditions for one key that also matches the filter. */
    static Conditions finding(UUID id, KeyFilter within, TextSearch search) {
        return KeyConditions.of(within, search).and("id = ?", id.toString());
    }

    static String select(Conditions conditions) {
        return "SELECT " + COLUMNS + " FROM api_key k" + JOINS + conditions.where();
    }

    static Optional<ApiKey> find(PreparedStatement select, Conditions conditions) throws SQLException {
        int parameter = 1;
        for (Object value : conditions.values()) {
            select.setObject(parameter++, value);
        }
        List<MetadataTable.Line> lines = new ArrayList<>();
        try (ResultSet row = Transactions.rows(select)) {
            while (row.next()) {
                lines.add(MetadataTable.Line.read(row));
            }
        }
        return MetadataTable.keys(lines).stream().findFirst();
    }

    static Page<ApiKey> list(Handle handle, Conditions conditions, PageRequest page, BoundedCount counting) {
        return KEYS.page(handle, conditions, page, counting);
    }

    /** One page of the keys that meet the conditions, without counting them. */
    static List<ApiKey> items(Handle handle, Conditions conditions, PageRequest page) {
        return KEYS.items(handle, conditions, page);
    }
}
