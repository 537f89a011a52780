package dev.apikeys;

import dev.apikeys.spi.KeyUse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest use of one cached key within one interval, waiting to be written. Noting costs a few plain writes; time and
 * address of two uses in the same millisecond may mix, both being uses of that key at that time.
 *
 * <p>Thread-safe.
 */
final class UsageCell {
    private final CachedKey key;
    private volatile @Nullable String address;
    private volatile long lastMillis;
    private volatile boolean taken;

    UsageCell(CachedKey key, long nowMillis, @Nullable String from) {
        this.key = key;
        this.address = from;
        this.lastMillis = nowMillis;
    }

    /** Tells whether the use is noted; false when the cell was taken, perhaps without it. */
    boolean note(long nowMillis, @Nullable String from) {
        if (nowMillis > lastMillis) {
            address = from;
            lastMillis = nowMillis;
            // Behind the write: either this sees that the cell was taken, or who takes it sees the use.
            return !taken;
        }
        return true;
    }

    /** To be called once, for writing; the key's next use begins another cell. */
    KeyUse take() {
        taken = true;
        KeyUse use = new KeyUse(key.keyId(), new LastUse(Instant.ofEpochMilli(lastMillis), address));
        key.replaceUse(this, null);
        return use;
    }
}
