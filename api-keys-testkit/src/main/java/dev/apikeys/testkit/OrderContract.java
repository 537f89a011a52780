package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.Status;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyOrder;
import dev.apikeys.KeyOrder.By;
import dev.apikeys.KeyOrder.Direction;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lists come in the order that is asked for, page by page; what has no value comes last. */
public interface OrderContract extends StoreUnderTest {
    /** Lifetimes around whole days, and shorter than the way back to a key's creation. */
    List<Duration> LIFETIMES = List.of(
            Duration.ZERO,
            Duration.ofMillis(1),
            Duration.ofHours(1),
            Duration.ofDays(1).minusMillis(1),
            Duration.ofDays(1),
            Duration.ofDays(1).plusMillis(1),
            Duration.ofDays(30),
            Duration.ofDays(90).plusHours(12),
            Duration.ofDays(365));

    @Test
    default void list_inEachOrder_isOrderedAcrossPages() {
        ApiKey endless = store("delta", 1, null);
        ApiKey early = store("Alpha", 2, NOW.plusSeconds(10));
        ApiKey late = store("charlie", 3, NOW.plusSeconds(30));
        ApiKey middle = store("BRAVO", 4, NOW.plusSeconds(20));
        store().recordUses(List.of(
                new KeyUse(late.id(), new LastUse(NOW.plusSeconds(1), null)),
                new KeyUse(endless.id(), new LastUse(NOW.plusSeconds(2), null))));

        assertThat(ordered(By.CREATED_AT, Direction.ASC)).containsExactly(ids(endless, early, late, middle));
        assertThat(ordered(By.CREATED_AT, Direction.DESC)).containsExactly(ids(middle, late, early, endless));
        assertThat(ordered(By.NAME, Direction.ASC)).containsExactly(ids(early, middle, late, endless));
        assertThat(ordered(By.NAME, Direction.DESC)).containsExactly(ids(endless, late, middle, early));
        assertThat(ordered(By.EXPIRES_AT, Direction.ASC)).containsExactly(ids(early, middle, late, endless));
        assertThat(ordered(By.EXPIRES_AT, Direction.DESC)).containsExactly(ids(late, middle, early, endless));
        assertThat(ordered(By.LAST_USED_AT, Direction.ASC)).containsExactly(ids(late, endless, middle, early));
        assertThat(ordered(By.LAST_USED_AT, Direction.DESC)).containsExactly(ids(endless, late, middle, early));
    }

    /** Keys expire in another order than they were issued: short lives end first. */
    @Test
    default void list_ofExpiredKeys_isInTheOrderOfTheirAge() {
        List<ApiKey> keys = new ArrayList<>();
        for (Duration lifetime : LIFETIMES) {
            for (Instant end : List.of(NOW, NOW.minusMillis(1), NOW.plusMillis(1), NOW.minus(Duration.ofDays(20)))) {
                keys.add(storeLiving(lifetime, end));
            }
        }
        keys.add(storeLiving(Duration.ofMillis(Long.MAX_VALUE), NOW));
        stored(new SampleKey().of(Owner.organization("org_1")).expiresAt(null).build());
        KeyFilter expired = KeyFilter.everything().status(Status.EXPIRED, NOW);
        List<Object> oldestFirst = keys.stream()
                .filter(expired::matches)
                .sorted(Comparator.comparing(ApiKey::createdAt)
                        .thenComparing(key -> key.id().toString()))
                .<Object>map(ApiKey::id)
                .toList();
        List<Object> newestFirst = new ArrayList<>(oldestFirst);
        Collections.reverse(newestFirst);

        assertThat(ordered(expired, By.CREATED_AT, Direction.ASC, 5)).isEqualTo(oldestFirst);
        assertThat(ordered(expired, By.CREATED_AT, Direction.DESC, 5)).isEqualTo(newestFirst);
        assertThat(ordered(expired.kind(KeyKind.PERSONAL), By.CREATED_AT, Direction.DESC, 50))
                .isEqualTo(newestFirst);
        assertThat(ordered(expired.kind(KeyKind.WORKSPACE), By.CREATED_AT, Direction.DESC, 5))
                .isEmpty();
        assertThat(behindEachOther(expired)).isEqualTo(newestFirst);
    }

    private List<Object> behindEachOther(KeyFilter filter) {
        List<Object> ids = new ArrayList<>();
        PageRequest next = PageRequest.first(3);
        while (true) {
            List<ApiKey> items = store().list(filter, next).items();
            if (items.isEmpty()) {
                return ids;
            }
            items.forEach(key -> ids.add(key.id()));
            ApiKey last = items.get(items.size() - 1);
            next = PageRequest.after(new PageRequest.Position(last.createdAt(), last.id()), 3);
        }
    }

    private ApiKey storeLiving(Duration lifetime, Instant end) {
        return stored(new SampleKey()
                .of(Owner.organization("org_1"))
                .createdAt(end.minus(lifetime))
                .expiresAt(end)
                .build());
    }

    @Test
    default void list_byName_ofEqualNamesOfSeveralOwners_isNewestFirst() {
        ApiKey oldest = store("Deploy", 1, Owner.organization("org_2"), null);
        ApiKey middle = store("deploy", 2, Owner.user("alice", "org_1"), null);
        ApiKey newest = store("DEPLOY", 3, Owner.organization("org_3"), null);
        ApiKey longer = store("deploy!", 4, Owner.organization("org_1"), null);

        assertThat(ordered(By.NAME, Direction.ASC)).containsExactly(ids(newest, middle, oldest, longer));
        assertThat(ordered(By.NAME, Direction.DESC)).containsExactly(ids(longer, newest, middle, oldest));
    }

    private ApiKey store(String name, int millis, @Nullable Instant expiry) {
        return store(name, millis, Owner.organization("org_1"), expiry);
    }

    private ApiKey store(String name, int millis, Owner owner, @Nullable Instant expiry) {
        return stored(new SampleKey()
                .named(name)
                .of(owner)
                .expiresAt(expiry)
                .createdAt(NOW.plusMillis(millis))
                .build());
    }

    private List<Object> ordered(By by, Direction direction) {
        return ordered(KeyFilter.everything(), by, direction, 2);
    }

    private List<Object> ordered(KeyFilter filter, By by, Direction direction, int size) {
        List<Object> ids = new ArrayList<>();
        KeyOrder order = new KeyOrder(by, direction);
        for (int page = 1; ; page++) {
            List<ApiKey> items =
                    store().list(filter, PageRequest.page(page, size).in(order)).items();
            if (items.isEmpty()) {
                return ids;
            }
            items.forEach(key -> ids.add(key.id()));
        }
    }

    private static Object[] ids(ApiKey... keys) {
        return Stream.of(keys).map(ApiKey::id).toArray();
    }
}
