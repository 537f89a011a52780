package dev.apikeys;

import dev.apikeys.spi.KeyUse;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The latest use of one cached key. Noting costs a few plain writes; time and address of two uses in the same
 * millisecond may mix, both being uses of that key at that time.
 *
 * <p>Thread-safe.
 */
final class UsageCell {
    private final UUID keyId;
    private final AtomicBoolean queued = new AtomicBoolean();
    private volatile @Nullable String address;
    private volatile long lastMillis;

    UsageCell(UUID keyId) {
        this.keyId = keyId;
    }

    /** Tells whether the cell has to be queued for the next write. */
    boolean note(long nowMillis, @Nullable String from) {
        if (nowMillis > lastMillis) {
            address = from;
            lastMillis = nowMillis;
        }
        return !queued.get() && queued.compareAndSet(false, true);
    }

    /** To be called when there was no room for it in the queue: the next use tries again. */
    void notQueued() {
        queued.set(false);
    }

    /** Opens the cell for the next interval first, so that a use noted meanwhile is queued again and not lost. */
    KeyUse take() {
        queued.set(false);
        return new KeyUse(keyId, new LastUse(Instant.ofEpochMilli(lastMillis), address));
    }
}
