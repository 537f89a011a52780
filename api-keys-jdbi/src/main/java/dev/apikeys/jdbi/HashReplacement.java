package dev.apikeys.jdbi;

import dev.apikeys.spi.SecretHash;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/**
 * Puts a hash in the place of another one, unless the key is revoked. The key's row is locked first, as by every change
 * of the key, so that a revocation comes either before or after. One object for one replacement; not thread-safe.
 */
final class HashReplacement implements Transactions.Work<Boolean> {
    /** Parameter: the public id. */
    private static final String LOCK_UNREVOKED = "SELECT id FROM api_key WHERE revoked_at IS NULL"
            + " AND id = (SELECT key_id FROM api_key_credential WHERE public_id = ?) FOR UPDATE";

    private final String publicId;
    private final SecretHash expected;
    private final SecretHash replacement;
    private boolean maybeDone;

    HashReplacement(String publicId, SecretHash expected, SecretHash replacement) {
        this.publicId = publicId;
        this.expected = expected;
        this.replacement = replacement;
    }

    @Override
    public void commitWentUnanswered() {
        maybeDone = true;
    }

    @Override
    public Boolean in(Handle handle) throws SQLException {
        boolean isAlive = handle.select(LOCK_UNREVOKED, publicId)
                .mapTo(String.class)
                .findOne()
                .isPresent();
        return (isAlive && Credentials.replaceHash(handle, publicId, expected, replacement))
                || (maybeDone && Credentials.hasHash(handle, publicId, replacement));
    }
}
