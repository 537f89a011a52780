package dev.apikeys.jdbi;

import dev.apikeys.spi.SecretHash;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** Puts a hash in the place of another one. One object for one replacement; not thread-safe. */
final class HashReplacement implements Transactions.Work<Boolean> {
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
        return Credentials.replaceHash(handle, publicId, expected, replacement)
                || (maybeDone && Credentials.hasHash(handle, publicId, replacement));
    }
}
