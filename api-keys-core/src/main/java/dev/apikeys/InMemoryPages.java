package dev.apikeys;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Cuts pages out of lists, as the databases do. */
final class InMemoryPages {
    private InMemoryPages() {}

    /** One page of these keys, in the order of the request. */
    static Page<ApiKey> ofKeys(List<ApiKey> all, PageRequest page) {
        if (!page.order().equals(KeyOrder.NEWEST_FIRST)) {
            List<ApiKey> items = all.stream()
                    .sorted(page.order().comparator())
                    .skip(page.offset())
                    .limit(page.limit())
                    .toList();
            return new Page<>(items, all.size());
        }
        return of(all, key -> new PageRequest.Position(key.createdAt(), key.id()), page);
    }

    /** One page of these records, newest first. */
    static <T> Page<T> of(List<T> all, Function<T, PageRequest.Position> position, PageRequest page) {
        // Ids are ordered as text, as the databases order them.
        Comparator<PageRequest.Position> byAge = Comparator.comparing(PageRequest.Position::at)
                .thenComparing(place -> place.id().toString());
        PageRequest.Position after = page.after();
        List<T> items = all.stream()
                .filter(item -> after == null || byAge.compare(position.apply(item), after) < 0)
                .sorted(Comparator.comparing(position, byAge.reversed()))
                .skip(page.offset())
                .limit(page.limit())
                .toList();
        return new Page<>(items, all.size());
    }
}
