package dev.apikeys.benchmarks;

import dev.apikeys.GeneratedStore;
import dev.apikeys.KeyService;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How much heap does a cached key take, everything that hangs on it included, with ten keys to an owner? The time is that
 * of loading and verifying all of them once.
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar CacheMemory}
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@State(Scope.Benchmark)
public class CacheMemory {
    private static final int PREPARING = 1_000;

    /** How many keys are cached. */
    @Param({"10000", "100000", "1000000", "10000000"})
    public int keys = 10_000;

    private @Nullable KeyService service;

    /** What was found. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Heap {
        /** Heap in use with the keys cached, less that without, over their number. */
        public long bytesPerKey;
    }

    /** Fills the cache. */
    @Benchmark
    public void fill(Heap heap) {
        service = KeyService.builder(new GeneratedStore(keys, null))
                .cachedKeys(keys)
                .build();
        // Loads classes and first tables, so that they aren't counted.
        verify(0, PREPARING);
        long before = used();
        verify(PREPARING, keys);
        heap.bytesPerKey = (used() - before) / (keys - PREPARING);
    }

    /** Stops the service, which has held the keys until now. */
    @TearDown(Level.Iteration)
    public void close() {
        Objects.requireNonNull(service).close();
    }

    private void verify(int from, int to) {
        for (int i = from; i < to; i++) {
            Objects.requireNonNull(service).verify(GeneratedStore.token(i)).orElseThrow();
        }
        // Writes noted uses, so that they aren't counted as cache.
        Objects.requireNonNull(service).flush();
    }

    private static long used() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
