package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads lists of keys. */
final class KeyPages {
    private KeyPages() {}

    /** All keys that the filter lets be seen, newest first; each page goes on behind the last key of the one before. */
    static List<ApiKey> readAll(ApiKeyStore store, KeyFilter filter) {
        List<ApiKey> all = new ArrayList<>();
        PageRequest next = PageRequest.first(PageRequest.MAX_LIMIT);
        while (true) {
            List<ApiKey> part = store.list(filter, next).items();
            all.addAll(part);
            if (part.size() < next.limit()) {
                return all;
            }
            ApiKey last = part.get(part.size() - 1);
            next = PageRequest.after(new PageRequest.Position(last.createdAt(), last.id()), PageRequest.MAX_LIMIT);
        }
    }

    /** As many of the newest keys as one page holds. If there are more, those that have not ended come first. */
    static Page<ApiKey> readNewest(ApiKeyStore store, KeyFilter filter, Instant now) {
        PageRequest most = PageRequest.first(PageRequest.MAX_LIMIT);
        Page<ApiKey> newest = store.list(filter, most);
        if (newest.total() <= newest.items().size()) {
            return newest;
        }
        // By id: a key that was used between the two questions has two records.
        Map<UUID, ApiKey> keys = new LinkedHashMap<>();
        store.list(filter.liveAt(now), most).items().forEach(key -> keys.put(key.id(), key));
        newest.items().forEach(key -> keys.putIfAbsent(key.id(), key));
        List<ApiKey> first = keys.values().stream().limit(PageRequest.MAX_LIMIT).toList();
        return new Page<>(first, newest.total(), newest.count());
    }
}
