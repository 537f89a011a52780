package dev.apikeys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.StoredCredential;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one node, by public id. Known keys stay until they are changed or pushed out by others: their own
 * fields decide about age, so the cache keeps no clock. Unknown ids live apart, few and for a short time, so that a
 * flood of made-up ids pushes no key out.
 *
 * <p>Thread-safe.
 */
final class KeyCache {
    private static final int MAX_UNKNOWN = 10_000;
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);

    private final ApiKeyStore store;
    private final TokenFormat format;
    private final OwnerStates owners;
    private final Counters counters;
    private final FrontCacheEntry unknownKey;
    /** Each entry under itself: there may be millions, and an object for the id would be a fifth of one. */
    private final Cache<PublicId, CacheEntry> known;

    private final FrontCache recent = new FrontCache();

    private final Interner<SharedEntryPart> profiles = Interner.newWeakInterner();
    private final Interner<Grant> grants = Interner.newWeakInterner();
    private final Cache<PublicId, CacheEntry> unknown;
    private final SingleFlight<PublicId, CacheEntry> loads;
    private final LoadGuard guard;
    private final Lease time;

    KeyCache(KeyServiceBuilder settings, OwnerStates owners, Fingerprints fingerprints, Lease time, Counters counters) {
        this.store = settings.store;
        this.format = settings.format;
        this.owners = owners;
        this.counters = counters;
        this.unknownKey = new FrontCacheEntry(CacheEntry.unknown(fingerprints.unmatchable()));
        this.time = time;
        this.guard = new LoadGuard(
                settings.concurrentLoads, settings.loadTimeout, settings.missesPerSecond, settings.ticker);
        this.known = Caffeine.newBuilder()
                .maximumSize(settings.cachedKeys)
                // What is due is done by whoever asks: waking a thread of the common pool costs more than the work.
                .executor(Runnable::run)
                .<PublicId, CacheEntry>evictionListener((id, entry, cause) -> detach(entry))
                .build();
        this.unknown = Caffeine.newBuilder()
                .maximumSize(MAX_UNKNOWN)
                .expireAfterWrite(UNKNOWN_FOR)
                .ticker(settings.ticker::getAsLong)
                .build();
        this.loads = new SingleFlight<>(settings.loadTimeout, KeyCache::unavailable);
    }

    FrontCacheEntry get(long high, long low) {
        FrontCacheEntry known = recent.find(high, low);
        if (known != null) {
            return known;
        }
        PublicId id = new PublicId(high, low);
        CacheEntry entry = cached(id);
        if (entry == null) {
            entry = load(id);
        }
        return entry.isKnown() ? recent.add(entry) : unknownKey;
    }

    /**
     * Tells the cache that an entry is still in use, since it doesn't see what is found among the recent ones. To be
     * called now and then.
     */
    void noteUse(CacheEntry entry) {
        var unused = known.getIfPresent(entry);
    }

    private @Nullable CacheEntry cached(PublicId id) {
        CacheEntry entry = known.getIfPresent(id);
        return entry != null ? entry : unknown.getIfPresent(id);
    }

    /** The entry of a known key; null when it isn't cached. */
    @Nullable
    CacheEntry peek(PublicId id) {
        return known.getIfPresent(id);
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
        counters.loads.increment();
        String text = format.text(id);
        Lease.Moment loaded = time.moment();
        Optional<StoredCredential> found;
        try {
            found = Objects.requireNonNull(store.findCredential(text), "the store answered null");
        } catch (RuntimeException failure) {
            throw unavailable(failure);
        }
        // A store that compares loosely, by case or trailing blanks, must not turn one id into another.
        return found.filter(credential -> credential.publicId().equals(text))
                .map(credential -> entry(id, credential, loaded))
                .orElseGet(this::miss);
    }

    private CacheEntry entry(PublicId id, StoredCredential credential, Lease.Moment loaded) {
        ApiKey key = credential.key();
        return CacheEntry.of(
                id,
                credential,
                owners.viewOf(key.owner()),
                profiles.intern(SharedEntryPart.of(key, grants.intern(key.grant()))),
                loaded);
    }

    private CacheEntry miss() {
        guard.missed();
        return unknownKey.entry();
    }

    /** Drops what is cached or being loaded; to be called after the change was committed. */
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

    /** Drops all that is cached or being loaded. */
    void forgetAll() {
        loads.outdateAll();
        known.asMap().keySet().forEach(this::drop);
        unknown.invalidateAll();
    }

    /** In one step, so that no thread finds the entry gone while another still takes it for one that is told. */
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

    private static RuntimeException unavailable(Throwable failure) {
        return failure instanceof StoreUnavailableException already
                ? already
                : new StoreUnavailableException("a key could not be loaded", failure);
    }
}
