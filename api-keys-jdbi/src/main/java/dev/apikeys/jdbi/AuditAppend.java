package dev.apikeys.jdbi;

import dev.apikeys.AuditEntry;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Appends entries that may be there already, since somebody was not told that they had been written. Appends them all at
 * first; a second run leaves out those that the first one ran into.
 *
 * <p>One object for one batch; not thread-safe.
 */
final class AuditAppend implements Transactions.Work<Boolean> {
    private final List<AuditEntry> entries;
    private boolean triedBefore;

    AuditAppend(List<AuditEntry> entries) {
        this.entries = entries;
    }

    @Override
    public Boolean in(Handle handle) throws SQLException {
        List<AuditEntry> missing = entries;
        if (triedBefore) {
            missing = entries.stream()
                    .filter(entry -> !AuditTrail.has(handle, entry))
                    .toList();
        }
        triedBefore = true;
        AuditTrail.append(handle, missing);
        return true;
    }
}
