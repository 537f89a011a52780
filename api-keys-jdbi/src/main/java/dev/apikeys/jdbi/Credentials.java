package dev.apikeys.jdbi;

import dev.apikeys.ExportedKey;
import dev.apikeys.spi.KeyChange;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.spi.StoredCredential;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The tokens of keys: their public ids, and the hashes of their secrets. The only code that reads or writes a hash. */
final class Credentials {
    /** Parameter: the public id. */
    static final String FIND = "SELECT " + KeyRow.COLUMNS + ", c.secret_hash, c.valid_until"
            + " FROM api_key_credential c JOIN api_key k ON k.id = c.key_id"
            + " LEFT JOIN api_key_usage u ON u.key_id = k.id WHERE c.public_id = ?";

    /** {@link #bindNew} gives the values. */
    static final String INSERT = "INSERT INTO api_key_credential (public_id, key_id, secret_hash) VALUES (?, ?, ?)";

    /** {@link #bindInGrace} gives the values. */
    static final String INSERT_IN_GRACE =
            "INSERT INTO api_key_credential (public_id, key_id, secret_hash, valid_until) VALUES (?, ?, ?, ?)";

    private static final String REPLACE_HASH =
            "UPDATE api_key_credential SET secret_hash = ? WHERE public_id = ? AND secret_hash = ?";

    private static final int FOUND_AT_ONCE = 100;
    private static final String FIND_SOME =
            "SELECT public_id FROM api_key_credential WHERE public_id IN (?" + ", ?".repeat(FOUND_AT_ONCE - 1) + ")";

    /** How many ended tokens a key keeps: each change of it names them all, and no rotation may make the next one dearer. */
    static final int ENDED_KEPT = 100;

    private static final String ENDED = "SELECT public_id FROM api_key_credential WHERE key_id = ? AND valid_until <= ?"
            + " ORDER BY valid_until DESC, public_id";

    private static final String DELETE = "DELETE FROM api_key_credential WHERE public_id IN ";

    private static final int MAX_PUBLIC_ID_LENGTH = 32;
    private static final int MAX_HASH_LENGTH = 512;

    private Credentials() {}

    /**
     * Tells whether the text can be a public id. Other text is never sent to a database, because databases may compare
     * text loosely.
     */
    static boolean isPublicId(String text) {
        if (text.isEmpty() || text.length() > MAX_PUBLIC_ID_LENGTH) {
            return false;
        }
        // A loop, because every look-up runs it.
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Rejects values that no column can hold, before the database does. */
    static void requirePublicId(String text) {
        if (!isPublicId(text)) {
            throw new IllegalArgumentException("a public id has 1 to 32 lower-case hexadecimal digits");
        }
    }

    /** Rejects values that no column can hold. A database would reject them too, but its message might show them. */
    static void requireStorable(SecretHash hash) {
        String encoded = hash.encoded();
        if (encoded.length() > MAX_HASH_LENGTH || !encoded.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException("a stored hash has at most " + MAX_HASH_LENGTH + " ASCII characters");
        }
    }

    /** Runs {@link #FIND}, for keys that aren't cached. */
    static Optional<StoredCredential> find(PreparedStatement select, String publicId) throws SQLException {
        select.setString(1, publicId);
        try (ResultSet row = Transactions.rows(select)) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new StoredCredential(
                    publicId,
                    new SecretHash(row.getString(KeyRow.COLUMN_COUNT + 1)),
                    Columns.instant(row, KeyRow.COLUMN_COUNT + 2),
                    KeyRow.read(row, 1)));
        }
    }

    static boolean exists(Handle handle, String publicId) {
        return handle.select("SELECT COUNT(*) FROM api_key_credential WHERE public_id = ?", publicId)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** Those of the public ids that no token has. */
    static Set<String> missing(Handle handle, Collection<String> publicIds) throws SQLException {
        Set<String> missing = new HashSet<>(publicIds);
        Iterator<String> next = publicIds.iterator();
        try (PreparedStatement statement = Transactions.prepare(handle, FIND_SOME)) {
            while (next.hasNext()) {
                for (int parameter = 1; parameter <= FOUND_AT_ONCE; parameter++) {
                    // What is left over is the empty text, which is no id.
                    statement.setString(parameter, next.hasNext() ? next.next() : "");
                }
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        missing.remove(row.getString(1));
                    }
                }
            }
        }
        return missing;
    }

    static void insert(Handle handle, String publicId, UUID keyId, SecretHash hash) throws SQLException {
        try (PreparedStatement statement = Transactions.prepare(handle, INSERT)) {
            bindNew(new StatementValues(statement), publicId, keyId, hash);
            updateQuietly(statement);
        }
    }

    /** Gives the values of {@link #INSERT}. */
    static void bindNew(RowValues values, String publicId, UUID keyId, SecretHash hash) throws SQLException {
        values.text(publicId);
        values.text(keyId.toString());
        values.text(hash.encoded());
    }

    /** Gives the values of {@link #INSERT_IN_GRACE}. */
    static void bindInGrace(RowValues values, UUID keyId, ExportedKey.Token token) throws SQLException {
        bindNew(values, token.publicId(), keyId, token.hash());
        values.instant(token.validUntil());
    }

    /**
     * Ends older tokens at once, and the current one at the time that the rotation gives. Removes those that ended first, if
     * there are many.
     *
     * @return the public ids of removed tokens
     */
    static List<String> rotate(Handle handle, KeyChange change, KeyChange.Rotation rotation) throws SQLException {
        String keyId = change.before().id().toString();
        long now = change.audit().at().toEpochMilli();
        handle.execute(
                "UPDATE api_key_credential SET valid_until = ? WHERE key_id = ? AND valid_until > ?", now, keyId, now);
        handle.execute(
                "UPDATE api_key_credential SET valid_until = ? WHERE key_id = ? AND valid_until IS NULL",
                rotation.oldValidUntil().toEpochMilli(),
                keyId);
        insert(handle, change.after().publicId(), change.after().id(), rotation.hash());
        List<String> removed = handle.select(ENDED, keyId, now).mapTo(String.class).stream()
                .skip(ENDED_KEPT)
                .toList();
        InList.delete(handle, DELETE, removed);
        return removed;
    }

    /** The public ids of all tokens of a key, ended ones among them. */
    static List<String> of(Handle handle, UUID keyId) {
        return handle.select("SELECT public_id FROM api_key_credential WHERE key_id = ?", keyId.toString())
                .mapTo(String.class)
                .list();
    }

    static boolean replaceHash(Handle handle, String publicId, SecretHash expected, SecretHash replacement)
            throws SQLException {
        try (PreparedStatement statement = Transactions.prepare(handle, REPLACE_HASH)) {
            statement.setString(1, replacement.encoded());
            statement.setString(2, publicId);
            statement.setString(3, expected.encoded());
            return updateQuietly(statement) == 1;
        }
    }

    static boolean hasHash(Handle handle, String publicId, SecretHash hash) {
        return handle.select("SELECT secret_hash FROM api_key_credential WHERE public_id = ?", publicId)
                .mapTo(String.class)
                .findOne()
                .filter(hash.encoded()::equals)
                .isPresent();
    }

    /** Leaves out the message of the database, because it may show the row with the hash. */
    static int updateQuietly(PreparedStatement statement) throws SQLException {
        try {
            return statement.executeUpdate();
        } catch (SQLException failure) {
            throw new SQLException(
                    "a row with a hash could not be stored, SQL state " + failure.getSQLState(),
                    failure.getSQLState(),
                    failure.getErrorCode(),
                    // The message about a broken connection shows no row.
                    failure.getCause() instanceof IOException broken ? broken : null);
        }
    }
}
