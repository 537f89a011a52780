package dev.apikeys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one node, by public id. Known keys stay until they are changed or evicted. Their own fields decide about
 * their age, so the cache has no clock. Unknown ids are kept in a separate small cache for a short time, so that a flood
 * of made-up ids evicts no key.
 *
 * <p>Thread-safe.
 */
final class KeyCache {
    private static final int MAX_UNKNOWN = 10_000;
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);

    private final EntryLoader loader;
    private final CacheEntry unknownKey;
    private final EntryTable known;
    private final Cache<PublicId, CacheEntry> unknown;
    private final SingleFlight<PublicId, CacheEntry> loads;
    private final LoadGuard guard;

    /**
     * A cache.
     *
     * @param unmatchable the fingerprint with which unknown ids are compared
     * @param ticker elapsed time in nanoseconds
     */
    KeyCache(CacheSettings settings, EntryLoader loader, Fingerprint unmatchable, LongSupplier ticker) {
        this.loader = loader;
        this.unknownKey = CacheEntry.unknown(unmatchable);
        this.guard =
                new LoadGuard(settings.concurrentLoads(), settings.loadTimeout(), settings.missesPerSecond(), ticker);
        this.known = new EntryTable(settings.keys());
        this.unknown = Caffeine.newBuilder()
                .maximumSize(MAX_UNKNOWN)
                .expireAfterWrite(UNKNOWN_FOR)
                .ticker(ticker::getAsLong)
                .build();
        this.loads = new SingleFlight<>(settings.loadTimeout(), EntryLoader::unavailable);
    }

    /** The entry of an id, known or not. Asks the store if it isn't there. */
    CacheEntry get(long high, long low) {
        CacheEntry entry = known.find(high, low);
        if (entry != null) {
            return entry;
        }
        PublicId id = new PublicId(high, low);
        entry = unknown.getIfPresent(id);
        return entry != null ? entry : load(id);
    }

    /** The entry, known or not, if it needs no look-up; null when it does. */
    @Nullable
    CacheEntry getIfPresent(long high, long low) {
        CacheEntry entry = known.find(high, low);
        return entry != null ? entry : unknown.getIfPresent(new PublicId(high, low));
    }

    /** Notes that a known key is in use, so that it stays. */
    void noteUse(CacheEntry entry, long nanos) {
        known.noteUse(entry, nanos);
    }

    /** Takes the same time as the look-up of an unknown id, which is not among the known keys. */
    void findLikeUnknown(CacheEntry entry) {
        var unused = unknown.getIfPresent(new PublicId(entry.high(), entry.low()));
    }

    /** The entry of a known key; null if it isn't cached. */
    @Nullable
    CacheEntry peek(PublicId id) {
        return known.find(id.high(), id.low());
    }

    /** Loads a key that isn't cached, as its first use would. */
    void warm(PublicId id) {
        if (getIfPresent(id.high(), id.low()) == null) {
            var unused = load(id);
        }
    }

    private CacheEntry load(PublicId id) {
        return loads.get(
                id,
                () -> getIfPresent(id.high(), id.low()),
                () -> guard.load(() -> read(id)),
                entry -> publish(id, entry),
                CacheEntry::detach);
    }

    private void publish(PublicId id, CacheEntry entry) {
        if (!entry.isKnown()) {
            unknown.put(id, entry);
        } else {
            known.put(entry);
        }
    }

    private CacheEntry read(PublicId id) {
        return loader.load(id).orElseGet(() -> {
            guard.missed();
            return unknownKey;
        });
    }

    /** The ids that are cached now, of keys that are known. Changes of the cache while it is read are seen or not. */
    Iterator<PublicId> ids() {
        return known.ids();
    }

    /** How many keys are cached. */
    long size() {
        return known.size();
    }

    /** Drops entries that are cached or being loaded. Call it after the change was committed. */
    void forget(Collection<String> publicIds) {
        for (String text : publicIds) {
            PublicId id = PublicId.parse(text, 0, text.length());
            if (id != null) {
                loads.outdate(id);
                known.drop(id);
                unknown.invalidate(id);
                loads.outdate(id);
            }
        }
    }

    /** Drops all entries that are cached or being loaded. */
    void forgetAll() {
        loads.outdateAll();
        known.dropAll();
        unknown.invalidateAll();
    }
}
