package dev.apikeys.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apikeys.ClientRequest;
import dev.apikeys.GeneratedStore;
import dev.apikeys.Verification;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does verifying a cached key cost beside the floor?
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar VerifyCached -prof gc}; add {@code -t 2} for two threads,
 * {@code -p keys=1000000} for a million keys, {@code -p map=caffeine} for a floor over Caffeine, {@code -p pepper=p1} for
 * HMAC at rest.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class VerifyCached {
    private static final ClientRequest REQUEST = ClientRequest.from("192.0.2.1");

    /** The same keys as the floor keeps them. */
    @State(Scope.Benchmark)
    public static class FloorKeys {
        /** What holds them: {@code hash} for a concurrent hash map, {@code caffeine} for a bounded cache. */
        @Param("hash")
        public String map = "hash";

        private ConcurrentMap<Floor.Id, Floor.Entry> entries = new ConcurrentHashMap<>();
        private Floor.@Nullable Entries lookup;

        /** Puts every key in. */
        @Setup(Level.Trial)
        public void fill(KeyCount count) {
            if (map.equals("caffeine")) {
                var cache = Caffeine.newBuilder()
                        .maximumSize(Math.max(10_000, count.keys * 2))
                        .<Floor.Id, Floor.Entry>build();
                entries = cache.asMap();
                lookup = cache::getIfPresent;
            } else {
                lookup = entries::get;
            }
            for (int i = 0; i < count.keys; i++) {
                Floor.put(entries, GeneratedStore.token(i), GeneratedStore.user(i));
            }
            CachedKeys.settle();
        }
    }

    /** The floor of one thread. */
    @State(Scope.Thread)
    public static class FloorOfThread {
        private @Nullable Floor floor;

        /** Gives the thread its digest. */
        @Setup(Level.Trial)
        public void prepare(FloorKeys keys) {
            floor = new Floor(Objects.requireNonNull(keys.lookup));
        }
    }

    /** The least that a check can do. */
    @Benchmark
    public @Nullable String floor(FloorOfThread keys, Presented.Headers headers, Presented.Place place) {
        return Objects.requireNonNull(keys.floor).check(headers.at(place));
    }

    /** The library, from token to principal. */
    @Benchmark
    public Verification verify(CachedKeys keys, Presented.Tokens tokens, Presented.Place place) {
        return keys.service().verify(tokens.at(place), REQUEST);
    }

    /** The library, with the token cut out of the header first. */
    @Benchmark
    public Verification verifyHeader(CachedKeys keys, Presented.Headers headers, Presented.Place place) {
        return keys.service().verify(headers.at(place).substring("Bearer ".length()), REQUEST);
    }
}
