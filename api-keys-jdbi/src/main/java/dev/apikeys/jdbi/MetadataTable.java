package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter.Entry;
import dev.apikeys.KeyOptions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of keys, a row for each entry, apart from the keys, so that it can be searched and no look-up of a token
 * reads it. The label alone stands in the row of its key, where nodes of schema version 1 read and write it.
 */
final class MetadataTable {
    /** The columns for {@link Line}, with the alias {@code m}. */
    static final String COLUMNS = "m.entry_name, m.entry_value";

    /** The number of these columns. */
    static final int COLUMN_COUNT = 2;

    /** Joins the entries of a key with the alias {@code k}: a row for each, or one without. */
    static final String JOIN = "LEFT JOIN api_key_metadata m ON m.key_id = k.id";

    /** {@link #bind} gives the values. */
    static final String INSERT = "INSERT INTO api_key_metadata (key_id, entry_name, entry_value) VALUES (?, ?, ?)";

    private MetadataTable() {}

    /** A key with one of its entries, or with none. */
    record Line(ApiKey key, @Nullable String name, @Nullable String value) {
        /** Reads a line: the key's columns, and behind them those of the entry. */
        static Line read(ResultSet row) throws SQLException {
            return new Line(
                    KeyRow.read(row, 1),
                    row.getString(KeyRow.COLUMN_COUNT + 1),
                    row.getString(KeyRow.COLUMN_COUNT + 2));
        }
    }

    /** The keys of these lines, each with all its entries. The lines of a key follow each other. */
    static List<ApiKey> keys(List<Line> lines) {
        List<ApiKey> keys = new ArrayList<>();
        int next = 0;
        while (next < lines.size()) {
            ApiKey key = lines.get(next).key();
            Map<String, String> metadata = new TreeMap<>(key.metadata());
            while (next < lines.size() && lines.get(next).key().id().equals(key.id())) {
                Line line = lines.get(next++);
                if (line.name() != null && line.value() != null) {
                    metadata.put(line.name(), line.value());
                }
            }
            keys.add(key.withMetadata(metadata));
        }
        return keys;
    }

    /** A row: one entry of a key. */
    record EntryOf(UUID keyId, String name, String value) {}

    /** The rows of a key. */
    static List<EntryOf> rows(ApiKey key) {
        List<EntryOf> rows = new ArrayList<>();
        key.metadata().forEach((name, value) -> {
            if (!name.equals(KeyOptions.LABEL)) {
                rows.add(new EntryOf(key.id(), name, value));
            }
        });
        return rows;
    }

    /** Gives the values of {@link #INSERT}. */
    static void bind(RowValues values, EntryOf row) throws SQLException {
        values.text(row.keyId().toString());
        values.text(row.name());
        values.text(row.value());
    }

    /** Stores the entries of a new key. */
    static void insert(Handle handle, ApiKey key) throws SQLException {
        RowsInsert.insert(handle, INSERT, rows(key), MetadataTable::bind);
    }

    /** Stores the entries of a key that changed. */
    static void replace(Handle handle, ApiKey before, ApiKey after) throws SQLException {
        if (!rows(before).equals(rows(after))) {
            handle.execute(
                    "DELETE FROM api_key_metadata WHERE key_id = ?", after.id().toString());
            insert(handle, after);
        }
    }

    /** Adds the condition that a key has this entry. */
    static void addCondition(Conditions conditions, Entry entry) {
        if (!SearchText.isStorable(entry.name()) || !SearchText.isStorable(entry.value())) {
            conditions.andNothing();
        } else if (!entry.name().equals(KeyOptions.LABEL)) {
            conditions.and(
                    "id IN (SELECT key_id FROM api_key_metadata WHERE entry_name = ? AND entry_value = ?)",
                    entry.name(),
                    entry.value());
        } else if (entry.value().isEmpty()) {
            conditions.andNothing();
        } else {
            conditions.and("label = ?", entry.value());
        }
    }
}
