package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.ExportedKey;
import dev.apikeys.spi.KeyImport;
import java.sql.PreparedStatement;
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

    void insert(Handle handle) throws SQLException {
        RowsInsert.insert(
                handle,
                KeyRow.INSERT,
                keys,
                (statement, first, row) -> KeyRow.bindNew(
                        statement,
                        first,
                        row.key(),
                        row.place().ownerId(),
                        row.place().slot()));
        RowsInsert.insert(
                handle,
                Credentials.INSERT_IN_GRACE,
                tokens,
                (statement, first, row) ->
                        Credentials.bindInGrace(statement, first, row.key().id(), row.token()));
        RowsInsert.insert(handle, MetadataTable.INSERT, metadata, MetadataTable::bind);
        RowsInsert.insert(handle, Usage.INSERT, used, ImportedRows::bindUse);
        RowsInsert.insert(handle, AuditTrail.INSERT, keys, (statement, first, row) -> {
            AuditTrail.bind(statement, first, row.added().audit());
            return first + AuditTrail.COLUMN_COUNT;
        });
    }

    private static int bindUse(PreparedStatement statement, int first, ApiKey key) throws SQLException {
        return Usage.bindNew(statement, first, key.id(), Objects.requireNonNull(key.lastUse()));
    }
}
