package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.NewKey.NameRule;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The owners of a batch of keys. The rows of those whose keys are limited are locked, in the order of their ids, so that
 * two batches can't deadlock. A key that is not limited has no slot: it counts, but takes no place that the limit proves.
 *
 * <p>Not thread-safe.
 */
final class OwnerBatch {
    private static final String KNOWN = "SELECT owner_id FROM api_key_owner WHERE owner_id IN ";
    private static final String ORDERED = " ORDER BY owner_id";
    private static final String LOCKED = ORDERED + " FOR UPDATE";

    private final Set<String> known = new HashSet<>();
    private final Set<String> all = new TreeSet<>();
    private final Map<String, Active> limited = new HashMap<>();

    /** What a batch does to the database. */
    enum Effect {
        STORE,
        NONE
    }

    /** The active keys of an owner. */
    private static final class Active {
        private final BitSet slots = new BitSet();
        private final Set<String> names = new HashSet<>();
        private int keys;
        private boolean hasExpired;
    }

    /**
     * What becomes of a key.
     *
     * @param slot its slot, or null if it has none
     */
    record Place(Outcome outcome, String ownerId, @Nullable Integer slot) {}

    /** Reads what is needed of the owners, and locks what has to be. */
    static OwnerBatch of(Handle handle, List<KeyImport> keys, Effect effect, Database database) throws SQLException {
        OwnerBatch owners = new OwnerBatch();
        Set<String> toLock = new TreeSet<>();
        long now = Long.MIN_VALUE;
        for (KeyImport added : keys) {
            String ownerId = ownerId(added);
            owners.all.add(ownerId);
            if (added.isLimited()) {
                toLock.add(ownerId);
                now = Math.max(now, added.audit().at().toEpochMilli());
            }
        }
        boolean locks = effect == Effect.STORE;
        Set<String> others = new TreeSet<>(owners.all);
        others.removeAll(toLock);
        InList.read(handle, KNOWN, ORDERED, List.copyOf(others), row -> owners.known.add(row.getString(1)));
        InList.read(
                handle,
                KNOWN,
                locks ? LOCKED : ORDERED,
                List.copyOf(toLock),
                row -> owners.known.add(row.getString(1)));
        owners.readActive(handle, active(database), toLock, now);
        if (locks) {
            owners.freeExpired(handle, now);
        }
        return owners;
    }

    private void readActive(Handle handle, String select, Set<String> ownerIds, long now) throws SQLException {
        ownerIds.forEach(ownerId -> limited.put(ownerId, new Active()));
        List<String> stored = ownerIds.stream().filter(known::contains).toList();
        InList.read(handle, select, stored, row -> {
            Active active = limited.get(row.getString(1));
            int slot = row.getInt(2);
            boolean hasSlot = !row.wasNull();
            long expiresAt = row.getLong(3);
            boolean expires = !row.wasNull();
            if (active == null) {
                return;
            }
            if (expires && expiresAt <= now) {
                active.hasExpired |= hasSlot;
                return;
            }
            active.keys++;
            active.names.add(row.getString(4));
            if (hasSlot) {
                active.slots.set(slot);
            }
        });
    }

    /** Reads the keys of owners that may count; a list of owners follows. */
    static String active(Database database) {
        return "SELECT owner_id, slot, expires_at, name FROM api_key WHERE revoked_at IS NULL AND "
                + database.ownerOfUnrevoked() + " IN ";
    }

    private void freeExpired(Handle handle, long now) {
        limited.forEach((ownerId, active) -> {
            if (active.hasExpired) {
                handle.execute(KeyInsert.FREE_EXPIRED, ownerId, now);
            }
        });
    }

    /** Finds a place for the key, and takes it. */
    Place place(KeyImport added) {
        String ownerId = ownerId(added);
        Active active = limited.get(ownerId);
        if (active == null || !added.isLimited()) {
            return new Place(Outcome.IMPORTED, ownerId, null);
        }
        String name = added.key().key().name();
        if (active.keys >= added.maxActive()) {
            return new Place(Outcome.LIMIT_EXCEEDED, ownerId, null);
        }
        if (added.names() == NameRule.UNIQUE && active.names.contains(name)) {
            return new Place(Outcome.NAME_TAKEN, ownerId, null);
        }
        int slot = active.slots.nextClearBit(0);
        active.slots.set(slot);
        active.names.add(name);
        active.keys++;
        return new Place(Outcome.IMPORTED, ownerId, slot);
    }

    /** Inserts the rows of owners that have none. If another transaction does so too, the later one is run again. */
    void insertMissing(Handle handle, Database database) throws SQLException {
        List<String> missing = new ArrayList<>(all);
        missing.removeAll(known);
        RowsInsert.insert(
                handle, database, "INSERT INTO api_key_owner (owner_id) VALUES (?)", missing, RowValues::text);
    }

    private static String ownerId(KeyImport added) {
        ApiKey key = added.key().key();
        return OwnerId.of(key.kind(), key.owner());
    }
}
