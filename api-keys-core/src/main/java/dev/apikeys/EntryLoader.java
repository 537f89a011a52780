package dev.apikeys;

import com.github.benmanes.caffeine.cache.Interner;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.StoredCredential;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads credentials from the store and makes cache entries of them. Entries of similar keys share their common values.
 *
 * <p>Thread-safe.
 */
final class EntryLoader {
    private final ApiKeyStore store;
    private final TokenFormat format;
    private final OwnerStates owners;
    private final Lease time;
    private final Counters counters;
    private final Interner<SharedEntryPart> sharedParts = Interner.newWeakInterner();
    private final Interner<Grant> grants = Interner.newWeakInterner();

    EntryLoader(ApiKeyStore store, TokenFormat format, OwnerStates owners, Lease time, Counters counters) {
        this.store = store;
        this.format = format;
        this.owners = owners;
        this.time = time;
        this.counters = counters;
    }

    /**
     * The entry of a public id; empty if no key has it.
     *
     * @throws StoreUnavailableException when the store failed
     */
    Optional<CacheEntry> load(PublicId id) {
        counters.loads.increment();
        String text = format.text(id);
        Moment loaded = time.moment();
        Optional<StoredCredential> found;
        try {
            found = Objects.requireNonNull(store.findCredential(text), "the store answered null");
        } catch (Exception failure) {
            // A store may throw exceptions that it doesn't declare.
            throw unavailable(failure);
        }
        // A store may compare loosely, for example ignore case or trailing blanks. It must not return another id.
        return found.filter(credential -> credential.publicId().equals(text))
                .map(credential -> entry(id, credential, loaded));
    }

    private CacheEntry entry(PublicId id, StoredCredential credential, Moment loaded) {
        ApiKey key = credential.key();
        SharedEntryPart shared = sharedParts.intern(SharedEntryPart.of(key, grants.intern(key.grant())));
        return CacheEntry.of(id, credential, owners.viewOf(key.owner()), shared, time.loaded(loaded));
    }

    static RuntimeException unavailable(Throwable failure) {
        return failure instanceof StoreUnavailableException already
                ? already
                : new StoreUnavailableException("a key could not be loaded", failure);
    }
}
