package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.ExportedKey;
import dev.apikeys.spi.KeyImport;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/** The rows of imported keys, for each table. Not thread-safe. */
final class ImportedRows {
    private final List<KeyRowOf> keys = new ArrayList<>();
    private final List<TokenOf> tokens = new ArrayList<>();
    private final List<MetadataTable.EntryOf> metadata = new ArrayList<>();
    private final List<ApiKey> used = new ArrayList<>();

    private record KeyRowOf(KeyImport added, OwnerBatch.Place place) {
        ApiKey key() {
            return added.key().key();
        }
    }

    private record TokenOf(ApiKey key, ExportedKey.Token token) {}

    void add(KeyImport added, OwnerBatch.Place place) {
        ApiKey key = added.key().key();
        keys.add(new KeyRowOf(added, place));
        added.key().tokens().forEach(token -> tokens.add(new TokenOf(key, token)));
        metadata.addAll(MetadataTable.rows(key));
        if (key.lastUse() != null) {
            used.add(key);
        }
    }

    void insert(Handle handle, Database database) throws SQLException {
        RowsInsert.insert(
                handle,
                database,
                KeyRow.INSERT,
                keys,
                (values, row) -> KeyRow.bindNew(
                        values, row.key(), row.place().ownerId(), row.place().slot()));
        RowsInsert.insert(
                handle,
                database,
                Credentials.INSERT_IN_GRACE,
                tokens,
                (values, row) -> Credentials.bindInGrace(values, row.key().id(), row.token()));
        RowsInsert.insert(handle, database, MetadataTable.INSERT, metadata, MetadataTable::bind);
        RowsInsert.insert(
                handle,
                database,
                Usage.INSERT,
                used,
                (values, key) -> Usage.bindNew(values, key.id(), Objects.requireNonNull(key.lastUse())));
        RowsInsert.insert(
                handle,
                database,
                AuditTrail.INSERT,
                keys,
                (values, row) -> AuditTrail.bind(values, row.added().audit()));
    }
}
