package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bounds of what is kept in memory; a service would need a hundred thousand keys to reach them. */
@Tag("tr-skip") // Queues know no locale.
class WriteBehindTest {
    private static final int MANY = 100_000;

    private final ObservedStore store = new ObservedStore(new InMemoryApiKeyStore());
    private final Counters counters = new Counters();

    @Test
    void uses_whileTheStoreIsAway_areBounded() {
        WriteBehind writeBehind = new WriteBehind(store.store(), counters);
        store.before("recordUses", arguments -> {
            throw new StoreUnavailableException("down");
        });
        for (int round = 0; round < 3; round++) {
            note(writeBehind, cells(MANY));
            assertThatThrownBy(writeBehind::flush).isInstanceOf(StoreUnavailableException.class);
        }
        store.heal();
        writeBehind.flush();

        assertThat(counters.read().usesWritten()).isEqualTo(MANY);
        assertThat(counters.read().dropped()).isEqualTo(2 * MANY);
    }

    @Test
    void use_droppedForLackOfRoom_isNotedAgainAfterTheNextFlush() {
        WriteBehind writeBehind = new WriteBehind(store.store(), counters);
        note(writeBehind, cells(MANY));
        UsageCell late = new UsageCell(UUID.randomUUID());
        writeBehind.noteUse(late, 1, null);
        assertThat(counters.read().dropped()).isEqualTo(1);
        writeBehind.flush();

        writeBehind.noteUse(late, 2, null);
        writeBehind.flush();

        assertThat(counters.read().usesWritten()).isEqualTo(MANY + 1);
    }

    private static List<UsageCell> cells(int count) {
        List<UsageCell> cells = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cells.add(new UsageCell(UUID.randomUUID()));
        }
        return cells;
    }

    private static void note(WriteBehind writeBehind, List<UsageCell> cells) {
        cells.forEach(cell -> writeBehind.noteUse(cell, 1, null));
    }
}
