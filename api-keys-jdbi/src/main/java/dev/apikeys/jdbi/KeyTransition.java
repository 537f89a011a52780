package dev.apikeys.jdbi;

import dev.apikeys.ApiKey;
import dev.apikeys.DuplicateKeyException;
import dev.apikeys.spi.AppliedChange;
import dev.apikeys.spi.KeyChange;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one change of a key: compare-and-set on the version, the tokens if it is a rotation, the audit entry, and
 * last the epoch.
 *
 * <p>Use one object for each change. Not thread-safe.
 */
final class KeyTransition implements Transactions.Work<Optional<AppliedChange>> {
    private final EpochTable epochs;
    private final KeyChange change;
    private boolean triedBefore;
    private boolean maybeDone;
    private @Nullable AppliedChange latest;

    KeyTransition(EpochTable epochs, KeyChange change) {
        KeyChange.Rotation rotation = change.rotation();
        if (rotation != null) {
            Credentials.requirePublicId(change.after().publicId());
            Credentials.requireStorable(rotation.hash());
        }
        this.epochs = epochs;
        this.change = change;
    }

    @Override
    public void commitWentUnanswered() {
        maybeDone = true;
    }

    @Override
    public Optional<AppliedChange> in(Handle handle) throws SQLException {
        KeyChange.Rotation rotation = change.rotation();
        boolean taken = triedBefore
                && rotation != null
                && Credentials.exists(handle, change.after().publicId());
        triedBefore = true;
        // The update waits for a transaction that may still be on its way; only then it is known what became of it.
        if (taken || !replaced(handle)) {
            if (maybeDone && AuditTrail.has(handle, change.audit())) {
                return Optional.ofNullable(latest);
            }
            if (taken) {
                throw new DuplicateKeyException(change.after().id());
            }
            return Optional.empty();
        }
        List<String> removed = rotation == null ? List.of() : Credentials.rotate(handle, change, rotation);
        MetadataTable.replace(handle, change.before(), change.after());
        AuditTrail.append(handle, change.audit());
        latest = noted(handle, removed);
        return Optional.of(latest);
    }

    /**
     * Raises the epoch and notes which tokens changed, those among them that were removed. Ended ones too: this node's time
     * may be wrong, and another one may take such a token for valid.
     */
    private AppliedChange noted(Handle handle, List<String> removed) {
        Set<String> publicIds = new LinkedHashSet<>(removed);
        publicIds.addAll(Credentials.of(handle, change.after().id()));
        return new AppliedChange(epochs.raise(handle, List.copyOf(publicIds)), publicIds);
    }

    private boolean replaced(Handle handle) throws SQLException {
        ApiKey after = change.after();
        String update = after.revocation() == null ? KeyRow.UPDATE : KeyRow.REVOKE;
        try (PreparedStatement statement = Transactions.prepare(handle, update)) {
            KeyRow.bindNext(
                    new StatementValues(statement), after, change.before().version());
            return statement.executeUpdate() == 1;
        }
    }
}
