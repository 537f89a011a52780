package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.spi.NewKey;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a new key: the key itself, its token, its metadata, its audit entry, and the owner's row for the first key
 * of an owner.
 * If the database supports it, one statement inserts all but the metadata, because each statement costs a round trip.
 *
 * @param slot the slot of the key, or null if it doesn't count
 */
record NewKeyRows(NewKey added, String ownerId, @Nullable Integer slot) {
    private static final String OWNER = "INSERT INTO api_key_owner (owner_id) VALUES (?)";
    private static final String KEY =
            "new_key AS (" + KeyRow.INSERT + "), new_credential AS (" + Credentials.INSERT + ") " + AuditTrail.INSERT;
    private static final String ALL_BUT_OWNER = "WITH " + KEY;
    private static final String ALL = "WITH new_owner AS (" + OWNER + "), " + KEY;

    /** For an owner with a row. */
    void insert(Handle handle, Database database) throws SQLException {
        if (database.insertsInsideOfWith()) {
            try (PreparedStatement statement = Transactions.prepare(handle, ALL_BUT_OWNER)) {
                bind(new StatementValues(statement));
                Credentials.updateQuietly(statement);
            }
        } else {
            insertOneByOne(handle);
        }
        MetadataTable.insert(handle, added.key());
    }

    /**
     * For an owner without a row. If two transactions insert the row at the same time, the later one fails with a
     * unique violation and is run again.
     */
    void insertWithOwner(Handle handle, Database database) throws SQLException {
        if (database.insertsInsideOfWith()) {
            try (PreparedStatement statement = Transactions.prepare(handle, ALL)) {
                StatementValues values = new StatementValues(statement);
                values.text(ownerId);
                bind(values);
                Credentials.updateQuietly(statement);
            }
        } else {
            try (PreparedStatement statement = Transactions.prepare(handle, OWNER)) {
                statement.setString(1, ownerId);
                statement.executeUpdate();
            }
            insertOneByOne(handle);
        }
        MetadataTable.insert(handle, added.key());
    }

    private void bind(RowValues values) throws SQLException {
        ApiKey key = added.key();
        KeyRow.bindNew(values, key, ownerId, slot);
        Credentials.bindNew(values, key.publicId(), key.id(), added.hash());
        AuditTrail.bind(values, added.audit());
    }

    private void insertOneByOne(Handle handle) throws SQLException {
        ApiKey key = added.key();
        try (PreparedStatement statement = Transactions.prepare(handle, KeyRow.INSERT)) {
            KeyRow.bindNew(new StatementValues(statement), key, ownerId, slot);
            statement.executeUpdate();
        }
        Credentials.insert(handle, key.publicId(), key.id(), added.hash());
        AuditTrail.append(handle, added.audit());
    }
}
