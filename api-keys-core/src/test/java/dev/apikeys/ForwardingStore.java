package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.KeyImport;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Another store with all of its methods, for stores that do one thing otherwise. Thread-safe if the other is. */
class ForwardingStore extends MinimalStore {
    private final ApiKeyStore real;

    ForwardingStore(ApiKeyStore real) {
        super(real);
        this.real = real;
    }

    @Override
    public List<KeyImport.Outcome> importKeys(List<KeyImport> keys) {
        return real.importKeys(keys);
    }

    @Override
    public List<KeyImport.Outcome> tryImport(List<KeyImport> keys) {
        return real.tryImport(keys);
    }

    @Override
    public List<ExportedKey> exportKeys(PageRequest page, Instant endedBefore) {
        return real.exportKeys(page, endedBefore);
    }

    @Override
    public Map<String, Long> countHashes() {
        return real.countHashes();
    }

    @Override
    public Set<String> findMissing(Collection<String> publicIds) {
        return real.findMissing(publicIds);
    }

    @Override
    public KeySearch keySearch() {
        return real.keySearch();
    }
}
