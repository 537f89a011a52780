package dev.apikeys.jdbi;

import dev.apikeys.Owner;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The counter that every security change raises, and what each change was. Raising it locks its only row until the
 * commit, so that epochs become visible in their order and without gaps; it is the last lock that a transaction takes.
 */
final class Epochs {
    private final String insertToken;
    private final String insertSelector;

    Epochs(Database database) {
        String now = database.now();
        this.insertToken = "INSERT INTO api_key_change (epoch, public_id, changed_at) VALUES (?, ?, " + now + ")";
        this.insertSelector =
                "INSERT INTO api_key_change (epoch, public_id, user_id, organization_id, workspace_id, changed_at)"
                        + " VALUES (?, '', ?, ?, ?, " + now + ")";
    }

    /** Raises the epoch for a change of these tokens; gives the new one. */
    long raise(Handle handle, List<String> publicIds) {
        long epoch = next(handle);
        PreparedBatch batch = handle.prepareBatch(insertToken);
        publicIds.forEach(publicId -> batch.add(epoch, publicId));
        batch.execute();
        return epoch;
    }

    /** Raises the epoch for a change of the owners that the selector means; gives the new one. */
    long raise(Handle handle, Owner selector) {
        long epoch = next(handle);
        handle.execute(insertSelector, epoch, selector.user(), selector.organization(), selector.workspace());
        return epoch;
    }

    private static long next(Handle handle) {
        handle.execute("UPDATE api_key_epoch SET epoch = epoch + 1 WHERE id = 1");
        return handle.select("SELECT epoch FROM api_key_epoch")
                .mapTo(Long.class)
                .one();
    }
}
