package dev.apikeys.jdbi;

import dev.apikeys.spi.MaintenanceReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Removes some old keys and changes, in one short transaction with a separate lock. If another node has the lock, this
 * node does nothing. The audit trail stays, and so does the change of the latest epoch, because nodes recognise the
 * history by it. That a key is gone is a change as well: a node that remembers its end would go on rejecting a key that
 * is imported later under the same id.
 *
 * @param epochs to be raised when keys go
 * @param endedBefore keys that were revoked or expired before this are removed
 * @param changedBefore change rows from before this are removed
 * @param limit the most keys, and the most epochs, to remove
 */
record MaintenanceStep(EpochTable epochs, Instant endedBefore, Instant changedBefore, int limit)
        implements Transactions.Work<Optional<MaintenanceReport>> {
    private static final String LOCK = "SELECT id FROM api_key_maintenance FOR UPDATE SKIP LOCKED";

    /** Searches by age, which has an index: a key that ended before an instant was created before it. */
    private static final String ENDED = "SELECT id FROM api_key WHERE created_at < ?"
            + " AND (revoked_at < ? OR expires_at < ?) ORDER BY created_at, id LIMIT ?";

    private static final List<String> DELETE_KEY = List.of(
            "DELETE FROM api_key WHERE id = ?",
            "DELETE FROM api_key_credential WHERE key_id = ?",
            "DELETE FROM api_key_usage WHERE key_id = ?",
            "DELETE FROM api_key_metadata WHERE key_id = ?",
            "DELETE FROM api_key_notice WHERE key_id = ?");

    /** How many tokens one epoch names: readers take epochs whole. */
    private static final int TOKENS_PER_EPOCH = 100;

    @Override
    public Optional<MaintenanceReport> in(Handle handle) {
        if (handle.select(LOCK).mapTo(Integer.class).findFirst().isEmpty()) {
            return Optional.empty();
        }
        // The epoch is the last lock: changes of keys wait for it.
        int changes = trimChanges(handle);
        return Optional.of(new MaintenanceReport(purgeKeys(handle), changes));
    }

    private int purgeKeys(Handle handle) {
        long ended = endedBefore.toEpochMilli();
        List<String> ids = handle.select(ENDED, ended, ended, ended, limit)
                .mapTo(String.class)
                .list();
        if (!ids.isEmpty()) {
            List<String> tokens = new ArrayList<>();
            ids.forEach(id -> tokens.addAll(Credentials.publicIdsOf(handle, id)));
            for (String delete : DELETE_KEY) {
                var batch = handle.prepareBatch(delete);
                ids.forEach(batch::add);
                batch.execute();
            }
            for (int from = 0; from < tokens.size(); from += TOKENS_PER_EPOCH) {
                epochs.raise(handle, tokens.subList(from, Math.min(from + TOKENS_PER_EPOCH, tokens.size())));
            }
        }
        return ids.size();
    }

    /**
     * The latest epoch is read by a separate statement. Otherwise InnoDB would lock its row during the deletion, and
     * block revocations.
     */
    private int trimChanges(Handle handle) {
        long latest = handle.select("SELECT epoch FROM api_key_epoch")
                .mapTo(Long.class)
                .one();
        Optional<Long> oldest = handle.select("SELECT MIN(epoch) FROM api_key_change")
                .mapTo(Long.class)
                .findFirst();
        return oldest.isEmpty()
                ? 0
                : handle.execute(
                        "DELETE FROM api_key_change WHERE epoch < ? AND changed_at < ?",
                        Math.min(oldest.get() + limit, latest),
                        changedBefore.toEpochMilli());
    }
}
