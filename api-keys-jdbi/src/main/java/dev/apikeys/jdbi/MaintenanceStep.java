package dev.apikeys.jdbi;

import dev.apikeys.spi.MaintenanceReport;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
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
 * @param limit the most keys, and the most change rows, to remove
 */
record MaintenanceStep(EpochTable epochs, Instant endedBefore, Instant changedBefore, int limit)
        implements Transactions.Work<Optional<MaintenanceReport>> {
    private static final String LOCK = "SELECT id FROM api_key_maintenance FOR UPDATE SKIP LOCKED";

    /** Two questions, because each has an index whose beginning it reads. One with OR would read every old key. */
    private static final List<String> ENDED = List.of(
            "SELECT id FROM api_key WHERE revoked_at < ? ORDER BY revoked_at LIMIT ?",
            "SELECT id FROM api_key WHERE expires_at < ? ORDER BY expires_at LIMIT ?");

    private static final String TOKENS = "SELECT public_id FROM api_key_credential WHERE key_id IN ";

    private static final List<String> DELETE = List.of(
            "DELETE FROM api_key WHERE id IN ",
            "DELETE FROM api_key_credential WHERE key_id IN ",
            "DELETE FROM api_key_usage WHERE key_id IN ",
            "DELETE FROM api_key_metadata WHERE key_id IN ",
            "DELETE FROM api_key_notice WHERE key_id IN ");

    /** How many tokens one epoch names: readers take epochs whole. */
    private static final int TOKENS_PER_EPOCH = 100;

    @Override
    public Optional<MaintenanceReport> in(Handle handle) throws SQLException {
        if (handle.select(LOCK).mapTo(Integer.class).findFirst().isEmpty()) {
            return Optional.empty();
        }
        // The epoch is the last lock: changes of keys wait for it.
        int changes = trimChanges(handle);
        return Optional.of(new MaintenanceReport(purgeKeys(handle), changes));
    }

    private int purgeKeys(Handle handle) throws SQLException {
        List<String> ids = ended(handle);
        List<String> tokens = new ArrayList<>();
        InList.read(handle, TOKENS, ids, row -> tokens.add(row.getString(1)));
        for (String delete : DELETE) {
            InList.delete(handle, delete, ids);
        }
        for (int from = 0; from < tokens.size(); from += TOKENS_PER_EPOCH) {
            epochs.raise(handle, tokens.subList(from, Math.min(from + TOKENS_PER_EPOCH, tokens.size())));
        }
        return ids.size();
    }

    /** In the order of their ids, in which uses are written too. */
    private List<String> ended(Handle handle) {
        TreeSet<String> ids = new TreeSet<>();
        for (String select : ENDED) {
            if (ids.size() < limit) {
                // A key that was revoked and had expired is found twice.
                ids.addAll(handle.select(select, Columns.bound(endedBefore), limit)
                        .mapTo(String.class)
                        .list());
            }
        }
        return ids.stream().limit(limit).toList();
    }

    /**
     * Removes whole epochs, but at least one. The latest epoch is read by a separate statement. Otherwise InnoDB would lock
     * its row during the deletion, and block revocations.
     */
    private int trimChanges(Handle handle) {
        Optional<Long> oldest = epoch(handle, 0);
        if (oldest.isEmpty()) {
            return 0;
        }
        long latest = handle.select("SELECT epoch FROM api_key_epoch")
                .mapTo(Long.class)
                .one();
        long behind = epoch(handle, limit).orElse(latest);
        return handle.execute(
                "DELETE FROM api_key_change WHERE epoch < ? AND changed_at < ?",
                Math.min(Math.max(behind, oldest.get() + 1), latest),
                Columns.bound(changedBefore));
    }

    /** The epoch of the oldest change but so many. */
    private static Optional<Long> epoch(Handle handle, int offset) {
        return handle.select("SELECT epoch FROM api_key_change ORDER BY epoch LIMIT 1 OFFSET ?", offset)
                .mapTo(Long.class)
                .findFirst();
    }
}
