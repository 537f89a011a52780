package dev.apikeys;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.spi.KeyUse;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The latest use of one cached key within one interval, waiting to be written. Noting costs two plain writes, at most
 * once a millisecond, and no memory fence. If threads note uses at the same moment, the one that stays may be earlier
 * than the latest by the time for which its thread was delayed, and may have the address of another use.
 *
 * <p>Thread-safe for noting; {@link #take} and {@link #takeLater} are for the one thread that writes.
 */
final class UsageCell {
    private static final AtomicLongFieldUpdater<UsageCell> LATEST =
            AtomicLongFieldUpdater.newUpdater(UsageCell.class, "latestMillis");

    private final CacheEntry key;
    private @Nullable String address;
    private volatile long latestMillis;
    private long takenMillis;

    UsageCell(CacheEntry key, long nowMillis, @Nullable String from) {
        this.key = key;
        this.address = from;
        this.latestMillis = nowMillis;
    }

    /** Returns false if a use of that time or later is already there. */
    boolean note(long nowMillis, @Nullable String from) {
        if (nowMillis <= latestMillis) {
            return false;
        }
        address = from;
        LATEST.lazySet(this, nowMillis);
        return true;
    }

    /** Lets the key begin another cell, and returns the use in this one. */
    KeyUse take() {
        key.replaceUse(this, null);
        takenMillis = latestMillis;
        return new KeyUse(key.keyId(), new LastUse(Instant.ofEpochMilli(takenMillis), address));
    }

    /** The use of a thread that had found the cell just before it was taken; null if there is none. */
    @Nullable
    KeyUse takeLater() {
        return latestMillis > takenMillis ? take() : null;
    }
}
