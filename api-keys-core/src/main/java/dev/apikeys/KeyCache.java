package dev.apikeys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one node, by public id: a small front cache for busy keys, and a large one behind it. Known keys stay
 * until they are changed or evicted. Their own fields decide about their age, so the cache has no clock. Unknown ids
 * are kept in a separate small cache for a short time, so that a flood of made-up ids evicts no key.
 *
 * <p>Thread-safe.
 */
final class KeyCache {
    private static final int MAX_UNKNOWN = 10_000;
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);

    private final EntryLoader loader;
    private final FrontCacheEntry unknownKey;
    /**
     * Each entry is its own key. There may be millions, and a separate object for the id would be a fifth of an entry.
     */
    private final Cache<PublicId, CacheEntry> known;

    private final FrontCache front = new FrontCache();
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
        this.unknownKey = new FrontCacheEntry(CacheEntry.unknown(unmatchable));
        this.guard =
                new LoadGuard(settings.concurrentLoads(), settings.loadTimeout(), settings.missesPerSecond(), ticker);
        this.known = Caffeine.newBuilder()
                .maximumSize(settings.keys())
                // The calling thread does the maintenance, because waking a thread of the common pool costs more than
                // the work.
                .executor(Runnable::run)
                .<PublicId, CacheEntry>evictionListener((id, entry, cause) -> detach(entry))
                .build();
        this.unknown = Caffeine.newBuilder()
                .maximumSize(MAX_UNKNOWN)
                .expireAfterWrite(UNKNOWN_FOR)
                .ticker(ticker::getAsLong)
                .build();
        this.loads = new SingleFlight<>(settings.loadTimeout(), EntryLoader::unavailable);
    }

    FrontCacheEntry get(long high, long low) {
        FrontCacheEntry found = front.find(high, low);
        if (found != null) {
            return found;
        }
        PublicId id = new PublicId(high, low);
        CacheEntry entry = cached(id);
        if (entry == null) {
            entry = load(id);
        }
        return entry.isKnown() ? front.add(entry) : unknownKey;
    }

    /** The entry, known or not, if it needs no look-up; null when it does. */
    @Nullable
    FrontCacheEntry getIfPresent(long high, long low) {
        FrontCacheEntry found = front.find(high, low);
        if (found != null) {
            return found;
        }
        CacheEntry entry = cached(new PublicId(high, low));
        if (entry == null) {
            return null;
        }
        return entry.isKnown() ? front.add(entry) : unknownKey;
    }

    /**
     * Tells the large cache that an entry is still in use, because it doesn't see the hits of the front cache. Called
     * for a sample of the uses.
     */
    void noteUse(CacheEntry entry) {
        var unused = known.getIfPresent(entry);
    }

    private @Nullable CacheEntry cached(PublicId id) {
        CacheEntry entry = known.getIfPresent(id);
        return entry != null ? entry : unknown.getIfPresent(id);
    }

    /** Takes the same time as the look-up of an unknown id, which is in neither cache of known keys. */
    void findLikeUnknown(CacheEntry entry) {
        var unused = cached(new PublicId(entry.high(), entry.low()));
        var unusedToo = unknown.getIfPresent(entry);
    }

    /** The entry of a known key; null if it isn't cached. */
    @Nullable
    CacheEntry peek(PublicId id) {
        return known.getIfPresent(id);
    }

    /** Loads a key that isn't cached as its first use would. The front cache is left to keys that are used. */
    void warm(PublicId id) {
        if (cached(id) == null) {
            var unused = load(id);
        }
    }

    private CacheEntry load(PublicId id) {
        return loads.get(
                id,
                () -> cached(id),
                () -> guard.load(() -> read(id)),
                entry -> publish(id, entry),
                CacheEntry::detach);
    }

    private void publish(PublicId id, CacheEntry entry) {
        if (!entry.isKnown()) {
            unknown.put(id, entry);
        } else {
            known.asMap().compute(entry, (same, replaced) -> {
                detach(replaced);
                return entry;
            });
        }
    }

    private CacheEntry read(PublicId id) {
        return loader.load(id).orElseGet(() -> {
            guard.missed();
            return unknownKey.entry();
        });
    }

    /** The ids that are cached now, of keys that are known. Changes of the cache while it is read are seen or not. */
    Iterator<PublicId> ids() {
        return known.asMap().keySet().iterator();
    }

    /** About how many keys are cached. */
    long size() {
        return known.estimatedSize();
    }

    /** Drops entries that are cached or being loaded. Call it after the change was committed. */
    void forget(Collection<String> publicIds) {
        for (String text : publicIds) {
            PublicId id = PublicId.parse(text, 0, text.length());
            if (id != null) {
                loads.outdate(id);
                drop(id);
                unknown.invalidate(id);
                loads.outdate(id);
            }
        }
    }

    /** Drops all entries that are cached or being loaded. */
    void forgetAll() {
        loads.outdateAll();
        known.asMap().keySet().forEach(this::drop);
        unknown.invalidateAll();
    }

    /** In one step, so that no thread finds the entry missing while another one still treats it as attached. */
    private void drop(PublicId id) {
        known.asMap().computeIfPresent(id, (same, entry) -> {
            entry.detach();
            return null;
        });
    }

    private static void detach(@Nullable CacheEntry entry) {
        if (entry != null) {
            entry.detach();
        }
    }
}
