package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.DuplicateKeyException;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.NameTakenException;
import dev.apikeys.spi.NewKey;
import dev.apikeys.spi.NewKey.NameRule;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Stores one new key: locks the row of its owner and kind, counts, takes a free slot, and inserts key, token and audit
 * entry. The lock makes others wait instead of failing. The unique slot enforces the limit.
 *
 * <p>Use one object for each key. Not thread-safe.
 */
final class KeyInsert implements Transactions.WorkAfterSelect {
    /** Parameter: the owner's id. */
    private static final String LOCK_OWNER = "SELECT owner_id FROM api_key_owner WHERE owner_id = ? FOR UPDATE";

    /**
     * Also a new version, so that no update that read a key before its end makes it live longer without its slot. Parameters:
     * the owner's id, and now.
     */
    static final String FREE_EXPIRED =
            "UPDATE api_key SET slot = NULL, version = version + 1 WHERE owner_id = ? AND slot IS NOT NULL AND expires_at <= ?";

    private final Database database;
    private final ApiKey key;
    private final NewKey added;
    private final String ownerId;
    private boolean ownerIsKnown;
    private boolean triedBefore;
    private boolean maybeStored;

    KeyInsert(Database database, NewKey added) {
        Credentials.requirePublicId(added.key().publicId());
        Credentials.requireStorable(added.hash());
        this.database = database;
        this.added = added;
        this.key = added.key();
        this.ownerId = OwnerId.of(key.kind(), key.owner());
    }

    @Override
    public String firstSelect() {
        return LOCK_OWNER;
    }

    /** Asks for the owner's row; there is none before the first key. */
    @Override
    public void ask(PreparedStatement lock) throws SQLException {
        lock.setString(1, ownerId);
        try (ResultSet row = Transactions.rows(lock)) {
            ownerIsKnown = row.next();
        }
    }

    @Override
    public void commitWentUnanswered() {
        maybeStored = true;
    }

    /** Stores the key after the look-up of the owner's row. */
    @Override
    public Boolean in(Handle handle) throws SQLException {
        boolean countKeys = ownerIsKnown || triedBefore;
        // An id may be taken. This is checked here, because no driver says clearly which constraint failed.
        if (triedBefore && isTaken(handle)) {
            if (maybeStored && AuditTrail.has(handle, added.audit())) {
                return true;
            }
            throw new DuplicateKeyException(key.id());
        }
        triedBefore = true;
        int slot = countKeys ? freeSlot(handle) : firstSlot();
        NewKeyRows rows = new NewKeyRows(added, ownerId, key.countsAt(key.createdAt()) ? slot : null);
        if (ownerIsKnown) {
            rows.insert(handle, database);
        } else {
            rows.insertWithOwner(handle, database);
        }
        return true;
    }

    /** Reads the keys that count, and those that have a slot. Parameters: the owner's id, and now. */
    static String slots(Database database) {
        return "SELECT slot, expires_at, name FROM api_key WHERE " + database.ownerOfUnrevoked()
                + " = ? AND revoked_at IS NULL AND (slot IS NOT NULL OR expires_at IS NULL OR expires_at > ?)";
    }

    private boolean isTaken(Handle handle) {
        return exists(handle, key.id()) || Credentials.exists(handle, key.publicId());
    }

    private static boolean exists(Handle handle, UUID id) {
        return handle.select("SELECT COUNT(*) FROM api_key WHERE id = ?", id.toString())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    private int firstSlot() {
        requireRoom(0);
        return 0;
    }

    private void requireRoom(int active) {
        if (active >= added.maxActive()) {
            throw new KeyLimitExceededException(added.maxActive());
        }
    }

    /** The smallest free slot. Slots of expired keys are freed first. */
    private int freeSlot(Handle handle) throws SQLException {
        long now = key.createdAt().toEpochMilli();
        int active = 0;
        boolean nameTaken = false;
        boolean expired = false;
        BitSet taken = new BitSet();
        try (PreparedStatement statement = Transactions.prepare(handle, slots(database))) {
            statement.setString(1, ownerId);
            statement.setLong(2, now);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int slot = row.getInt(1);
                    boolean hasSlot = !row.wasNull();
                    long expiresAt = row.getLong(2);
                    if (!row.wasNull() && expiresAt <= now) {
                        expired = true;
                    } else {
                        active++;
                        nameTaken |= key.name().equals(row.getString(3));
                        if (hasSlot) {
                            taken.set(slot);
                        }
                    }
                }
            }
        }
        requireRoom(active);
        if (nameTaken && added.names() == NameRule.UNIQUE) {
            throw new NameTakenException();
        }
        if (expired) {
            handle.execute(FREE_EXPIRED, ownerId, now);
        }
        return taken.nextClearBit(0);
    }
}
