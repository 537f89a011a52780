package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.ExportedKey;
import dev.apikeys.KeyKind;
import dev.apikeys.Owner;
import dev.apikeys.jdbi.OwnerBatch.Effect;
import dev.apikeys.spi.KeyImport;
import dev.apikeys.spi.KeyImport.Outcome;
import dev.apikeys.spi.SecretHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Imports many keys in one transaction: looks up which tokens are there, locks the owners of keys that are limited, and
 * inserts the rows of all tables, many at once.
 *
 * <p>Use one object for each batch. Not thread-safe.
 */
final class KeyBatch implements Transactions.Work<List<Outcome>> {
    private static final String STORED =
            "SELECT c.public_id, k.id, k.kind, k.user_id, k.organization_id, k.workspace_id,"
                    + " c.secret_hash FROM api_key_credential c JOIN api_key k ON k.id = c.key_id WHERE c.public_id IN ";

    private static final String STORED_IDS = "SELECT id FROM api_key WHERE id IN ";

    private final List<KeyImport> keys;
    private final Effect effect;
    private final Database database;
    private boolean triedBefore;
    private boolean maybeStored;

    KeyBatch(List<KeyImport> keys, Effect effect, Database database) {
        this.keys = List.copyOf(keys);
        this.effect = effect;
        this.database = database;
        for (KeyImport added : this.keys) {
            for (ExportedKey.Token token : added.key().tokens()) {
                Credentials.requirePublicId(token.publicId());
                Credentials.requireStorable(token.hash());
            }
        }
    }

    /** The key that has a token. */
    private record Stored(String keyId, KeyKind kind, Owner owner, SecretHash hash) {
        static Stored read(ResultSet row) throws SQLException {
            return new Stored(
                    row.getString(2),
                    KeyKind.valueOf(row.getString(3)),
                    Columns.owner(row, 4),
                    new SecretHash(row.getString(7)));
        }
    }

    @Override
    public void commitWentUnanswered() {
        maybeStored = true;
    }

    @Override
    public List<Outcome> in(Handle handle) throws SQLException {
        Map<String, Stored> stored = stored(handle);
        // Ids that the library makes are never taken. This is checked only after an insert failed, or where none shows
        // it.
        Set<String> takenIds = triedBefore || effect != Effect.STORE ? takenIds(handle) : Set.of();
        triedBefore = true;
        List<Optional<Outcome>> known = keys.stream()
                .map(added -> Optional.ofNullable(known(added, stored, takenIds)))
                .toList();
        List<KeyImport> missing = IntStream.range(0, keys.size())
                .filter(i -> known.get(i).isEmpty())
                .mapToObj(keys::get)
                .toList();
        OwnerBatch owners = OwnerBatch.of(handle, missing, effect, database);
        ImportedRows rows = new ImportedRows();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            KeyImport added = keys.get(i);
            outcomes.add(known.get(i).orElseGet(() -> place(added, owners, rows)));
        }
        if (effect == Effect.STORE) {
            owners.insertMissing(handle, database);
            rows.insert(handle, database);
        }
        return outcomes;
    }

    private static Outcome place(KeyImport added, OwnerBatch owners, ImportedRows rows) {
        OwnerBatch.Place place = owners.place(added);
        if (place.outcome() == Outcome.IMPORTED) {
            rows.add(added, place);
        }
        return place.outcome();
    }

    /** What is known of the key without its owner; null if it is new. */
    private @Nullable Outcome known(KeyImport added, Map<String, Stored> stored, Set<String> takenIds) {
        ApiKey key = added.key().key();
        Stored current = stored.get(key.publicId());
        if (current != null) {
            if (maybeStored && current.keyId().equals(key.id().toString())) {
                return Outcome.IMPORTED;
            }
            return added.beside(current.kind(), current.owner(), current.hash());
        }
        boolean isTaken = takenIds.contains(key.id().toString())
                || added.key().tokens().stream().anyMatch(token -> stored.containsKey(token.publicId()));
        return isTaken ? Outcome.CONFLICT : null;
    }

    private Map<String, Stored> stored(Handle handle) throws SQLException {
        List<String> publicIds = keys.stream()
                .flatMap(added -> added.key().tokens().stream())
                .map(ExportedKey.Token::publicId)
                .toList();
        Map<String, Stored> stored = new HashMap<>();
        InList.read(handle, STORED, publicIds, row -> stored.put(row.getString(1), Stored.read(row)));
        return stored;
    }

    private Set<String> takenIds(Handle handle) throws SQLException {
        List<String> ids =
                keys.stream().map(added -> added.key().key().id().toString()).toList();
        Set<String> taken = new HashSet<>();
        InList.read(handle, STORED_IDS, ids, row -> taken.add(row.getString(1)));
        return taken;
    }
}
