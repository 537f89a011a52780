package dev.apikeys;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Recently used keys, found by the lowest bits of their ids without an object for the look-up. Each value of these bits
 * has a few places, and a new key takes the first of them, so that busy keys don't evict each other again and again.
 *
 * <p>It never decides: an entry that the large cache evicted is detached, and is not found here any more. Entries that
 * threads write at the same time may get lost or stand twice. Then a request looks into the large cache.
 *
 * <p>Thread-safe.
 */
final class FrontCache {
    /** Both are powers of two. */
    private static final int PLACES = 8_192;

    private static final int WAYS = 4;

    private final AtomicReferenceArray<@Nullable FrontCacheEntry> keys = new AtomicReferenceArray<>(PLACES);
    /** The lowest bits of the id of each key, so that only the right entry is fetched from memory. */
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
