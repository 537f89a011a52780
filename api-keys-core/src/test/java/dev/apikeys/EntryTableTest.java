package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.SampleKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A bounded table: what was put in is found until it leaves, and what leaves was not used for long. */
@Tag("tr-skip") // Numbers know no locale.
class EntryTableTest {
    private static final ApiKey KEY = new SampleKey().build();
    private static final StoredCredential CREDENTIAL =
            new StoredCredential(KEY.publicId(), SampleKey.hashOf(KEY.publicId()), null, KEY);
    private static final OwnerView OWNER = new OwnerView(KEY.owner());
    private static final SharedEntryPart SHARED = SharedEntryPart.of(KEY, KEY.grant());

    private static CacheEntry entry(long high, long low) {
        return CacheEntry.of(new PublicId(high, low), CREDENTIAL, OWNER, SHARED, new LoadMoment(0, 0));
    }

    private static List<CacheEntry> added(EntryTable table, long high, int count) {
        List<CacheEntry> entries =
                IntStream.range(0, count).mapToObj(low -> entry(high, low)).toList();
        entries.forEach(table::put);
        return entries;
    }

    @Test
    void entries_areFoundByBothHalvesOfTheirIds_untilTheyAreDropped() {
        EntryTable table = new EntryTable(1_000);
        List<CacheEntry> entries = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            entries.add(entry(i / 25, i % 25));
        }
        entries.forEach(table::put);

        entries.forEach(
                entry -> assertThat(table.find(entry.high(), entry.low())).isSameAs(entry));
        assertThat(table.find(20, 0)).isNull();
        assertThat(table.find(0, 25)).isNull();
        assertThat(table.size()).isEqualTo(500);
        assertThat(table.ids()).toIterable().containsExactlyInAnyOrderElementsOf(entries);

        entries.subList(0, 250).forEach(table::drop);
        table.drop(new PublicId(99, 99));

        entries.subList(0, 250).forEach(entry -> {
            assertThat(table.find(entry.high(), entry.low())).isNull();
            assertThat(entry.isDetached()).isTrue();
        });
        entries.subList(250, 500).forEach(entry -> {
            assertThat(table.find(entry.high(), entry.low())).isSameAs(entry);
            assertThat(entry.isDetached()).isFalse();
        });
        assertThat(table.size()).isEqualTo(250);

        table.dropAll();

        assertThat(entries).allMatch(CacheEntry::isDetached);
        assertThat(table.size()).isZero();
        assertThat(table.ids()).toIterable().isEmpty();
    }

    /** As one that is about to leave, in the thread that detached it. */
    @Test
    void entry_thatIsDetached_isNotFound() {
        EntryTable table = new EntryTable(10);
        CacheEntry leaving = entry(1, 2);
        table.put(leaving);
        leaving.detach();

        assertThat(table.find(1, 2)).isNull();
    }

    @Test
    void entry_withTheSameId_isReplacedAndDetached() {
        EntryTable table = new EntryTable(10);
        CacheEntry first = entry(1, 2);
        CacheEntry second = entry(1, 2);
        table.put(first);
        table.put(second);

        assertThat(first.isDetached()).isTrue();
        assertThat(table.find(1, 2)).isSameAs(second);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void bound_holdsExactly_andTheNewestStays() {
        for (int most : new int[] {1, 2, 15, 16, 17, 100}) {
            EntryTable table = new EntryTable(most);
            for (int i = 0; i < 1_000; i++) {
                CacheEntry newest = entry(i, -i);
                table.put(newest);
                assertThat(table.size()).isEqualTo(Math.min(i + 1, most));
                assertThat(table.find(i, -i)).isSameAs(newest);
            }
            assertThat(table.ids()).toIterable().hasSize(most);
        }
    }

    /** A tenth of the entries is in use; ten times as many as there is room for come by once. */
    @Test
    void entries_inUse_outliveThoseThatAreNot() {
        EntryTable table = new EntryTable(1_000);
        List<CacheEntry> busy = added(table, -1, 100);
        for (int i = 0; i < 10_000; i++) {
            table.noteUse(busy.get(i % 100), 0);
            table.put(entry(1, i));
        }
        assertThat(busy.stream().filter(CacheEntry::isDetached).count()).isLessThanOrEqualTo(1);
    }

    /** Otherwise a new key would never get in. */
    @Test
    void newest_stays_thoughAllOthersAreBusier() {
        EntryTable table = new EntryTable(10);
        List<CacheEntry> busy = added(table, 0, 10);
        busy.forEach(entry -> IntStream.range(0, 100).forEach(i -> table.noteUse(entry, 0)));
        CacheEntry newest = entry(1, 1);
        table.put(newest);

        assertThat(table.find(1, 1)).isSameAs(newest);
        assertThat(busy.stream().filter(CacheEntry::isDetached)).hasSize(1);
    }

    /** What was busy once, and is no longer, leaves after some half-lives. */
    @Test
    void entries_thatWereBusyLongAgo_leave() {
        EntryTable table = new EntryTable(100);
        List<CacheEntry> once = added(table, -1, 50);
        once.forEach(entry -> IntStream.range(0, 1_000).forEach(i -> table.noteUse(entry, 0)));
        for (int i = 0; i < 1_000; i++) {
            table.put(entry(1, i));
        }
        assertThat(once).noneMatch(CacheEntry::isDetached);
        for (int i = 0; i < 20_000; i++) {
            table.put(entry(2, i));
        }
        assertThat(once).allMatch(CacheEntry::isDetached);
    }

    /**
     * While two threads put and drop others in the same few chains, and replace some, the entries that stay are always
     * found, and one that is found is not detached.
     */
    @Test
    void entries_thatStay_areFoundByEveryLookUp_whileOthersComeAndGo() throws Exception {
        EntryTable table = new EntryTable(16);
        List<CacheEntry> staying = List.of(entry(0, 1), entry(0, 2), entry(0, 3), entry(0, 4));
        staying.forEach(table::put);
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> changing = new ArrayList<>();
            for (int thread = 1; thread <= 2; thread++) {
                changing.add(threads.submit(changes(table, thread)));
            }
            List<Future<?>> reading = List.of(
                    threads.submit(lookUps(table, staying, isOver)), threads.submit(lookUps(table, staying, isOver)));
            for (Future<?> change : changing) {
                change.get();
            }
            isOver.set(true);
            for (Future<?> lookUp : reading) {
                lookUp.get();
            }
        } finally {
            isOver.set(true);
            threads.shutdownNow();
        }
        assertThat(table.size()).isEqualTo(staying.size());
    }

    private static Callable<Void> changes(EntryTable table, int thread) {
        return () -> {
            SplittableRandom random = new SplittableRandom(thread);
            Set<Long> present = new HashSet<>();
            for (int i = 0; i < 200_000; i++) {
                long low = random.nextInt(5);
                if (random.nextBoolean()) {
                    CacheEntry entry = entry(thread, low);
                    table.put(entry);
                    present.add(low);
                } else {
                    table.drop(new PublicId(thread, low));
                    present.remove(low);
                }
                if ((table.find(thread, low) != null) != present.contains(low)) {
                    throw new AssertionError("a thread does not see its own change");
                }
            }
            present.forEach(low -> table.drop(new PublicId(thread, low)));
            return null;
        };
    }

    private static Callable<Void> lookUps(EntryTable table, List<CacheEntry> staying, AtomicBoolean isOver) {
        return () -> {
            do {
                for (CacheEntry entry : staying) {
                    if (!entry.equals(table.find(entry.high(), entry.low()))) {
                        throw new AssertionError("an entry that stayed was not found");
                    }
                }
            } while (!isOver.get());
            return null;
        };
    }
}
