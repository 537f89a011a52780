package dev.apikeys.jdbi;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.spi.LatestUses;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Latest uses, in a separate table, so that writing them never locks a row that a revocation changes. */
final class Usage {
    /** For keys without a use. {@link #bindNew} gives the values. */
    static final String INSERT = "INSERT INTO api_key_usage (key_id, last_used_at, last_used_ip) VALUES (?, ?, ?)";

    private static final int BATCH_SIZE = 500;
    private static final int MAX_ADDRESS_LENGTH = 45;

    private static final String PART_END =
            "SELECT key_id FROM api_key_usage WHERE key_id > ? ORDER BY key_id LIMIT 1 OFFSET ?";

    private static final String PART = "SELECT k.public_id, u.last_used_at FROM api_key_usage u"
            + " JOIN api_key k ON k.id = u.key_id"
            + " WHERE u.key_id > ? AND u.key_id <= ? AND u.last_used_at > ? AND k.revoked_at IS NULL";

    /** Greater than every id. */
    private static final String BEHIND_ALL = "~";

    private Usage() {}

    /** Stores the uses in the order of the key ids, so that two nodes can't deadlock. */
    static void record(Handle handle, Database database, Collection<KeyUse> uses) {
        PreparedBatch batch = handle.prepareBatch(database.storeUse());
        latest(uses).forEach((keyId, use) -> {
            batch.add(use.at().toEpochMilli(), shortened(use.address()), keyId);
            if (batch.size() == BATCH_SIZE) {
                batch.execute();
            }
        });
        if (batch.size() > 0) {
            batch.execute();
        }
    }

    /** Gives the values of {@link #INSERT}. */
    static void bindNew(RowValues values, UUID keyId, LastUse use) throws SQLException {
        values.text(keyId.toString());
        values.instant(use.at());
        values.text(shortened(use.address()));
    }

    /** A part of the uses, in the order of the key ids, which is the only one with an index. */
    static LatestUses latest(Handle handle, @Nullable UUID after, Instant since, int limit) {
        String from = after == null ? "" : after.toString();
        Optional<String> end =
                handle.select(PART_END, from, limit - 1).mapTo(String.class).findFirst();
        List<LatestUses.Use> uses = handle.select(PART, from, end.orElse(BEHIND_ALL), Columns.bound(since))
                .map((row, context) -> new LatestUses.Use(row.getString(1), Instant.ofEpochMilli(row.getLong(2))))
                .list();
        return new LatestUses(uses, end.map(UUID::fromString).orElse(null));
    }

    private static Map<String, LastUse> latest(Collection<KeyUse> uses) {
        Map<String, LastUse> latest = new TreeMap<>();
        uses.forEach(use -> latest.merge(
                use.keyId().toString(), use.use(), (one, other) -> other.at().isAfter(one.at()) ? other : one));
        return latest;
    }

    /** Cuts an address that is too long, so that the other uses are still stored. */
    private static @Nullable String shortened(@Nullable String address) {
        return address == null || address.length() <= MAX_ADDRESS_LENGTH
                ? address
                : address.substring(0, MAX_ADDRESS_LENGTH);
    }
}
