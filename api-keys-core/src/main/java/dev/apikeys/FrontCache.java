package dev.apikeys;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keys of late, found by the lowest bits of their ids without an object to look them up by. A few places for each
 * remainder, the latest comer first, so that busy keys don't push each other out by turns.
 *
 * <p>It never decides: an entry that the cache let go of is detached, and not found here from then on. What threads write
 * at the same time may get lost or stand twice, which costs a look into the cache.
 *
 * <p>Thread-safe.
 */
final class FrontCache {
    /** Both powers of two. */
    private static final int PLACES = 8_192;

    private static final int WAYS = 4;

    private final AtomicReferenceArray<@Nullable FrontCacheEntry> keys = new AtomicReferenceArray<>(PLACES);
    /** Of each key, the lowest bits of its id: of many keys, only the right one is fetched from memory. */
    private final AtomicLongArray lows = new AtomicLongArray(PLACES);

    @Nullable
    FrontCacheEntry find(long high, long low) {
        int first = first(low);
        for (int place = first; place < first + WAYS; place++) {
            if (lows.getPlain(place) == low) {
                FrontCacheEntry key = keys.getAcquire(place);
                if (key != null && key.entry().is(high, low) && !key.entry().isDetached()) {
                    return key;
                }
            }
        }
        return null;
    }

    FrontCacheEntry add(CacheEntry entry) {
        FrontCacheEntry key = new FrontCacheEntry(entry);
        int first = first(entry.low());
        for (int place = first + WAYS - 1; place > first; place--) {
            keys.setRelease(place, keys.getAcquire(place - 1));
            lows.setPlain(place, lows.getPlain(place - 1));
        }
        keys.setRelease(first, key);
        lows.setPlain(first, entry.low());
        return key;
    }

    private static int first(long low) {
        return (int) low & (PLACES - WAYS);
    }
}
