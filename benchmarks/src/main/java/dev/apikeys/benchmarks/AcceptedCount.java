package dev.apikeys.benchmarks;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyService;
import dev.apikeys.MoreCounting;
import dev.apikeys.Verification;
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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What does counting accepted tokens add to the verification of a cached key? Hits of the cache are computed from
 * the other counters when they are read, so they add nothing.
 *
 * <p>The library counts each accepted token once. Here blocks of verifications that are counted once more alternate with
 * blocks that aren't, in one process: both sides see the same machine at the same time. {@code twiceNanos} over
 * {@code onceNanos} is the answer.
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar AcceptedCount -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(value = 5, jvmArgsAppend = "-Xmx4g")
public class AcceptedCount {
    private static final ClientRequest REQUEST = ClientRequest.from("192.0.2.1");
    private static final int BLOCK = 256;

    /** The second counter, one for each thread. */
    @State(Scope.Thread)
    public static class Second {
        private final MoreCounting counter = new MoreCounting();
        private boolean first;
    }

    /** A service, and the next token to verify. */
    @State(Scope.Thread)
    public static class Asked {
        private @Nullable KeyService service;
        private Presented.@Nullable Tokens tokens;
        private Presented.@Nullable Place place;

        /** Takes what was set up. */
        @Setup(Level.Trial)
        public void take(CachedKeys keys, Presented.Tokens drawn, Presented.Place start) {
            service = keys.service();
            tokens = drawn;
            place = start;
        }

        private Verification verifyNext() {
            return Objects.requireNonNull(service)
                    .verify(Objects.requireNonNull(tokens).at(Objects.requireNonNull(place)), REQUEST);
        }
    }

    /** The times of both sides in one iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Times {
        /** Of the verifications as they are. */
        public long onceNanos;
        /** Of the verifications that are counted once more. */
        public long twiceNanos;
    }

    /** A block of each side; which of them is first alternates. */
    @Benchmark
    @OperationsPerInvocation(2 * BLOCK)
    public void verify(Asked asked, Second second, Times times, Blackhole results) {
        second.first = !second.first;
        if (second.first) {
            times.twiceNanos += twice(asked, second.counter, results);
            times.onceNanos += once(asked, results);
        } else {
            times.onceNanos += once(asked, results);
            times.twiceNanos += twice(asked, second.counter, results);
        }
    }

    private static long once(Asked asked, Blackhole results) {
        long start = System.nanoTime();
        for (int i = 0; i < BLOCK; i++) {
            results.consume(asked.verifyNext());
        }
        return System.nanoTime() - start;
    }

    private static long twice(Asked asked, MoreCounting second, Blackhole results) {
        long start = System.nanoTime();
        for (int i = 0; i < BLOCK; i++) {
            results.consume(asked.verifyNext());
            second.add();
        }
        return System.nanoTime() - start;
    }
}
