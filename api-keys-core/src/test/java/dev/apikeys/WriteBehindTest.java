package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bounds of what is kept in memory; a service would need a hundred thousand keys to reach them. */
@Tag("tr-skip") // Queues know no locale.
class WriteBehindTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final int MANY = 100_000;

    private final ObservedStore store = new ObservedStore(new InMemoryApiKeyStore());
    private final Counters counters = new Counters();

    @Test
    void uses_whileTheStoreIsAway_areBounded() {
        try (WriteBehind writeBehind = new WriteBehind(store.store(), NEVER, counters)) {
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
    }

    @Test
    void use_droppedForLackOfRoom_isNotedAgainAfterTheNextFlush() {
        try (WriteBehind writeBehind = new WriteBehind(store.store(), NEVER, counters)) {
            note(writeBehind, cells(MANY));
            UsageCell late = new UsageCell(UUID.randomUUID());
            writeBehind.noteUse(late, 1, null);
            assertThat(counters.read().dropped()).isEqualTo(1);
            writeBehind.flush();

            writeBehind.noteUse(late, 2, null);
            writeBehind.flush();

            assertThat(counters.read().usesWritten()).isEqualTo(MANY + 1);
        }
    }

    @Test
    void backgroundFlush_afterAnError_goesOn() {
        try (WriteBehind writeBehind = new WriteBehind(store.store(), Duration.ofMillis(10), counters)) {
            store.before("recordUses", arguments -> {
                throw new NoClassDefFoundError("once");
            });
            writeBehind.noteUse(new UsageCell(UUID.randomUUID()), 1, null);
            await().atMost(Duration.ofSeconds(10)).until(() -> counters.read().failedFlushes() >= 1);

            store.heal();

            await().atMost(Duration.ofSeconds(10)).until(() -> counters.read().usesWritten() == 1);
        }
    }

    @Test
    void close_whileTheStoreHangs_endsAllTheSame() {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        store.before("recordUses", arguments -> {
            hanging.countDown();
            awaitUninterruptibly(released);
        });
        WriteBehind writeBehind =
                new WriteBehind(store.store(), Duration.ofMillis(1), Duration.ofMillis(50), counters);
        writeBehind.noteUse(new UsageCell(UUID.randomUUID()), 1, null);
        awaitUninterruptibly(hanging);
        long start = System.nanoTime();

        writeBehind.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        released.countDown();
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

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
