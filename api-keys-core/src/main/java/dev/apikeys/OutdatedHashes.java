package dev.apikeys;

/**
 * Notes stored hashes of an older scheme for replacement. The secret of a key that is revoked, paused or over isn't
 * accepted, and its row is left as it is; when the key is resumed or lives longer, it is read and checked again.
 *
 * <p>Thread-safe.
 */
record OutdatedHashes(WriteBehind writeBehind, Lease lease) {
    void note(CacheEntry entry, Rehash rehash) {
        if (entry.checkState(lease.nowMillis()) == null) {
            writeBehind.noteOutdated(rehash);
        }
    }
}
