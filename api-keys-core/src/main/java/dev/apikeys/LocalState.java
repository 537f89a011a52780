package dev.apikeys;

import dev.apikeys.spi.ChangeBatch;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What this node has in memory about keys and owners, and how fresh it is.
 *
 * <p>Thread-safe.
 *
 * @param imported the ids of imported tokens
 * @param cache keys
 * @param owners states of owners
 * @param lease how fresh both are
 */
record LocalState(ImportedIds imported, KeyCache cache, OwnerStates owners, Lease lease) {
    /** Forgets what other nodes changed. */
    void forget(List<ChangeBatch.Change> changes) {
        Set<Owner> changedOwners = new HashSet<>();
        for (ChangeBatch.Change change : changes) {
            if (change instanceof ChangeBatch.Change.OfCredential credential) {
                cache.forget(List.of(credential.publicId()));
            } else if (change instanceof ChangeBatch.Change.OfOwners some) {
                changedOwners.add(some.selector());
            }
        }
        if (!changedOwners.isEmpty()) {
            owners.forget(changedOwners);
        }
    }

    /** Forgets everything. */
    void forgetAll() {
        cache.forgetAll();
        owners.forgetAll();
    }
}
