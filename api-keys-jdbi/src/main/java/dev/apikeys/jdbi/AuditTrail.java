package dev.apikeys.jdbi;

import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.ClientRequest;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyOrder;
import dev.apikeys.Mode;
import dev.apikeys.Page;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.AuditRemoval;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The audit trail: appended to, and cut at its end if the host wants that. */
final class AuditTrail {
    /** {@link #bind} gives the values. */
    static final String INSERT = """
            INSERT INTO api_key_audit (id, key_id, kind, user_id, organization_id, workspace_id, owner_id, event, reason,
            key_name, key_mode, actor, client_address, client_method, client_path, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final int BATCH_SIZE = 500;

    private static final String COLUMNS = """
            a.id, a.key_id, a.kind, a.user_id, a.organization_id, a.workspace_id, a.event, a.reason,
            a.key_name, a.key_mode, a.actor, a.client_address, a.client_method, a.client_path, a.created_at""";

    static final Listing<AuditEntry, AuditEntry> ENTRIES = new Listing<>(
            "api_key_audit",
            new Listing.Rows(COLUMNS, "JOIN api_key_audit a ON a.id = p.id", "a"),
            (row, context) -> read(row),
            lines -> lines);

    private static final String SPAN =
            "SELECT created_at, id FROM api_key_audit WHERE created_at >= ? AND created_at < ?";
    private static final String FIRST_THAT_STAYS = SPAN + " ORDER BY created_at, id LIMIT 1 OFFSET ?";
    private static final String LATEST = SPAN + " ORDER BY created_at DESC, id DESC LIMIT 1";
    private static final String REMOVE_OLDEST =
            "DELETE FROM api_key_audit WHERE created_at >= ? AND created_at <= ? AND (created_at < ? OR id < ?)";

    private AuditTrail() {}

    static void append(Handle handle, Collection<AuditEntry> entries) throws SQLException {
        try (PreparedStatement statement = Transactions.prepare(handle, INSERT)) {
            int waiting = 0;
            for (AuditEntry entry : entries) {
                bind(new StatementValues(statement), entry);
                statement.addBatch();
                if (++waiting == BATCH_SIZE) {
                    statement.executeBatch();
                    waiting = 0;
                }
            }
            if (waiting > 0) {
                statement.executeBatch();
            }
        }
    }

    static void append(Handle handle, AuditEntry entry) throws SQLException {
        try (PreparedStatement statement = Transactions.prepare(handle, INSERT)) {
            bind(new StatementValues(statement), entry);
            statement.executeUpdate();
        }
    }

    /** Tells whether the entry is there, and with it the change that it reports. */
    static boolean has(Handle handle, AuditEntry entry) {
        return handle.select(
                                "SELECT COUNT(*) FROM api_key_audit WHERE id = ?",
                                entry.id().toString())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    static Page<AuditEntry> list(Handle handle, Conditions conditions, PageRequest page, BoundedCount counting) {
        return ENTRIES.page(handle, conditions, page.in(KeyOrder.NEWEST_FIRST), counting);
    }

    /** The WHERE clause for a filter of entries. */
    static Conditions conditions(AuditFilter filter) {
        Conditions conditions = new Conditions().andOwnedBy(filter.kind(), filter.owner(), "owner_id");
        filter.event().ifPresent(event -> conditions.and("event = ?", event.name()));
        filter.keyId().ifPresent(keyId -> conditions.and("key_id = ?", keyId.toString()));
        return conditions;
    }

    /** The oldest entries from before a time without the latest of them: {@link JdbiChangeFeed} looks for it. */
    static List<AuditEntry> oldest(Handle handle, Instant from, Instant before, int limit) {
        List<AuditEntry> old = handle.select(
                        "SELECT " + COLUMNS + " FROM api_key_audit a WHERE a.created_at >= ? AND a.created_at < ?"
                                + " ORDER BY a.created_at, a.id LIMIT ?",
                        Columns.bound(from),
                        Columns.bound(before),
                        limit + 1)
                .map((row, context) -> read(row))
                .list();
        return old.subList(0, Math.max(0, old.size() - 1));
    }

    /** Removes entries; without any, finds out whether this user may. */
    static void remove(Handle handle, Collection<AuditEntry> entries) throws SQLException {
        if (entries.isEmpty()) {
            handle.execute("DELETE FROM api_key_audit WHERE 1 = 0");
            return;
        }
        InList.delete(
                handle,
                "DELETE FROM api_key_audit WHERE id IN ",
                entries.stream().map(entry -> entry.id().toString()).toList());
    }

    /** Removes the oldest entries of a span of time, but the latest of them, by one range of the index by age. */
    static AuditRemoval removeOldest(Handle handle, Instant from, Instant before, int limit) {
        long begin = Columns.bound(from);
        long end = Columns.bound(before);
        Optional<Place> staying = handle.select(FIRST_THAT_STAYS, begin, end, limit)
                .map((row, context) -> new Place(row.getLong(1), row.getString(2)))
                .findFirst()
                .or(() -> handle.select(LATEST, begin, end)
                        .map((row, context) -> new Place(row.getLong(1), row.getString(2)))
                        .findFirst());
        return staying.map(first -> new AuditRemoval(
                        handle.execute(REMOVE_OLDEST, begin, first.at(), first.at(), first.id()),
                        Instant.ofEpochMilli(first.at())))
                .orElse(new AuditRemoval(0, from));
    }

    /** The place of an entry in the order of age. */
    private record Place(long at, String id) {}

    /** Gives the values of {@link #INSERT}. */
    static void bind(RowValues values, AuditEntry entry) throws SQLException {
        values.text(entry.id().toString());
        values.text(entry.keyId().toString());
        values.text(entry.kind().name());
        values.owner(entry.owner());
        values.text(OwnerId.of(entry.kind(), entry.owner()));
        values.text(entry.event().name());
        values.text(entry.reason());
        values.text(entry.keyName());
        values.text(entry.keyMode() == null ? null : entry.keyMode().name());
        values.text(entry.actor());
        values.text(entry.request().address());
        values.text(entry.request().method());
        values.text(entry.request().path());
        values.instant(entry.at());
    }

    private static AuditEntry read(ResultSet row) throws SQLException {
        try {
            return new AuditEntry(
                    UUID.fromString(row.getString(1)),
                    UUID.fromString(row.getString(2)),
                    KeyKind.valueOf(row.getString(3)),
                    Columns.owner(row, 4),
                    AuditEvent.valueOf(row.getString(7)),
                    row.getString(8),
                    row.getString(9),
                    mode(row.getString(10)),
                    row.getString(11),
                    new ClientRequest(row.getString(12), row.getString(13), row.getString(14)),
                    Instant.ofEpochMilli(row.getLong(15)));
        } catch (IllegalArgumentException unknown) {
            throw new SQLDataException("an audit entry has a value that this version doesn't know", unknown);
        }
    }

    private static @Nullable Mode mode(@Nullable String name) {
        return name == null ? null : Mode.valueOf(name);
    }
}
