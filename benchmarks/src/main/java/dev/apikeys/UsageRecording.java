package dev.apikeys;

import dev.apikeys.spi.StoredCredential;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does noting the use of a key cost a request, alone and while another thread writes the uses out all the time
 * (instead of every ten seconds)?
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar UsageRecording}
 */
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UsageRecording {
    /** A thousand keys, and a clock that ticks each millisecond of use. */
    @State(Scope.Benchmark)
    public static class Cells {
        private final WriteBehind writeBehind = new WriteBehind(new GeneratedStore(0, null), new Counters());
        private final CacheEntry[] keys = new CacheEntry[1_024];
        private final AtomicLong start = new AtomicLong(System.currentTimeMillis());

        /** Makes the entries. */
        public Cells() {
            GeneratedStore store = new GeneratedStore(keys.length, null);
            for (int i = 0; i < keys.length; i++) {
                String id = GeneratedStore.token(i).substring(4, 28);
                StoredCredential credential = store.findCredential(id).orElseThrow();
                keys[i] = CacheEntry.of(
                        Objects.requireNonNull(PublicId.parse(id, 0, id.length())),
                        credential,
                        new OwnerView(credential.key().owner()),
                        SharedEntryPart.of(credential.key(), credential.key().grant()),
                        new LoadMoment(0, 0));
            }
        }
    }

    /** Where a thread is. */
    @State(Scope.Thread)
    public static class Position {
        private int next;
    }

    /** Nobody writes. */
    @Benchmark
    public void note(Cells cells, Position position) {
        note(cells, position.next++);
    }

    /** Somebody writes all the time. */
    @Benchmark
    @Group("busy")
    @GroupThreads(1)
    public void noteWhileFlushing(Cells cells, Position position) {
        note(cells, position.next++);
    }

    /** Takes what there is out, to a store that keeps nothing. */
    @Benchmark
    @Group("busy")
    @GroupThreads(1)
    public void flush(Cells cells) {
        cells.writeBehind.flush();
    }

    private static void note(Cells cells, int next) {
        // About ten thousand uses a millisecond.
        long now = cells.start.getPlain() + (next >>> 13);
        cells.writeBehind.noteUse(cells.keys[next & 1_023], now, "192.0.2.1");
    }
}
