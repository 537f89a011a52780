package dev.apikeys.jdbi;

import dev.apikeys.Owner;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * The epoch, a counter that every change of a key raises, and the changes themselves. Raising it locks its only row
 * until the commit. So epochs become visible in order and without gaps. It is the last lock of a transaction.
 */
final class EpochTable {
    private static final String INSERT_TOKENS =
            "INSERT INTO api_key_change (epoch, stamp, public_id, changed_at) VALUES ";

    /** A statement of PostgreSQL has at most 65,535 parameters. */
    private static final int ROWS_AT_ONCE = 1_000;

    private final SecureRandom random = new SecureRandom();
    private final Database database;
    private final String tokenRow;
    private final String insertSelector;

    EpochTable(Database database) {
        String now = database.now();
        this.database = database;
        this.tokenRow = "(?, ?, ?, " + now + ")";
        this.insertSelector =
                "INSERT INTO api_key_change (epoch, stamp, public_id, user_id, organization_id, workspace_id, changed_at)"
                        + " VALUES (?, ?, '', ?, ?, ?, " + now + ")";
    }

    /** Raises the epoch for a change of these tokens. Returns the new epoch. */
    long raise(Handle handle, List<String> publicIds) {
        long stamp = random.nextLong();
        long epoch = next(handle, stamp);
        // Few statements, because others wait for the epoch from here to the commit.
        for (int from = 0; from < publicIds.size(); from += ROWS_AT_ONCE) {
            List<String> some = publicIds.subList(from, Math.min(from + ROWS_AT_ONCE, publicIds.size()));
            Object[] values = some.stream()
                    .flatMap(publicId -> Stream.of(epoch, stamp, publicId))
                    .toArray();
            handle.execute(INSERT_TOKENS + String.join(", ", Collections.nCopies(some.size(), tokenRow)), values);
        }
        return epoch;
    }

    /** Raises the epoch for a change of the owners that the selector matches. Returns the new epoch. */
    long raise(Handle handle, Owner selector) {
        long stamp = random.nextLong();
        long epoch = next(handle, stamp);
        handle.execute(insertSelector, epoch, stamp, selector.user(), selector.organization(), selector.workspace());
        return epoch;
    }

    private long next(Handle handle, long stamp) {
        handle.execute("UPDATE api_key_epoch SET epoch = epoch + 1, stamp = ? WHERE id = 1", stamp);
        if (database.givesHints()) {
            handle.execute("NOTIFY " + PostgresHints.CHANNEL);
        }
        return handle.select("SELECT epoch FROM api_key_epoch")
                .mapTo(Long.class)
                .one();
    }
}
