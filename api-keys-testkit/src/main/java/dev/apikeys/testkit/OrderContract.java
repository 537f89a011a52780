package dev.apikeys.testkit;

import static dev.apikeys.testkit.SampleKey.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyOrder;
import dev.apikeys.KeyOrder.By;
import dev.apikeys.KeyOrder.Direction;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.spi.KeyUse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lists come in the order that is asked for, page by page; what has no value comes last. */
public interface OrderContract extends StoreUnderTest {
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

    private ApiKey store(String name, int millis, @Nullable Instant expiry) {
        return stored(new SampleKey()
                .named(name)
                .of(Owner.organization("org_1"))
                .expiresAt(expiry)
                .createdAt(NOW.plusMillis(millis))
                .build());
    }

    private List<Object> ordered(By by, Direction direction) {
        List<Object> ids = new ArrayList<>();
        for (int page = 1; page <= 3; page++) {
            store().list(KeyFilter.everything(), PageRequest.page(page, 2).in(new KeyOrder(by, direction)))
                    .items()
                    .forEach(key -> ids.add(key.id()));
        }
        return ids;
    }

    private static Object[] ids(ApiKey... keys) {
        return Stream.of(keys).map(ApiKey::id).toArray();
    }
}
