package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
        Set<ApiKey> live =
                new LinkedHashSet<>(store.list(filter.liveAt(now), most).items());
        live.addAll(newest.items());
        return new Page<>(live.stream().limit(PageRequest.MAX_LIMIT).toList(), newest.total(), newest.count());
    }
}
