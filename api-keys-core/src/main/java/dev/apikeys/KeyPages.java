package dev.apikeys;

import dev.apikeys.spi.ApiKeyStore;
import java.util.ArrayList;
import java.util.List;

/** Reads a list page by page. */
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
}
