package dev.apikeys.benchmarks;

import dev.apikeys.ClientRequest;
import dev.apikeys.GeneratedStore;
import dev.apikeys.Verification;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How much does a rejected token cost: garbage, an unknown id, a known id with a wrong secret? The second must cost as
 * much as the third, because otherwise the time would tell which ids exist.
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar VerifyRejected -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
public class VerifyRejected {
    private static final ClientRequest REQUEST = ClientRequest.from("192.0.2.1");
    private static final int SECRET_START = 29;

    /** Tokens that are rejected. */
    @State(Scope.Benchmark)
    public static class Tokens {
        private static final int COUNT = 1_024;

        private final String[] garbage = new String[COUNT];
        private final String[] unknown = new String[COUNT];
        private final String[] wrong = new String[COUNT];

        /** Makes them. */
        @Setup(Level.Trial)
        public void make(KeyCount count) {
            for (int i = 0; i < COUNT; i++) {
                String right = GeneratedStore.token(i % count.keys);
                garbage[i] = "abcdefgh".repeat(9) + "-" + i;
                unknown[i] = GeneratedStore.token(count.keys + i);
                wrong[i] = right.substring(0, SECRET_START) + unknown[i].substring(SECRET_START);
            }
        }
    }

    /** Where a thread is. */
    @State(Scope.Thread)
    public static class Place {
        private int next;

        int next() {
            return next++ & (Tokens.COUNT - 1);
        }
    }

    /** Text that is no token. */
    @Benchmark
    public Verification malformed(CachedKeys keys, Tokens tokens, Place place) {
        return keys.service().verify(tokens.garbage[place.next()], REQUEST);
    }

    /** A token with an id that doesn't exist, tried before. */
    @Benchmark
    public Verification unknown(CachedKeys keys, Tokens tokens, Place place) {
        return keys.service().verify(tokens.unknown[place.next()], REQUEST);
    }

    /** A token with the id of a key and another secret. */
    @Benchmark
    public Verification wrongSecret(CachedKeys keys, Tokens tokens, Place place) {
        return keys.service().verify(tokens.wrong[place.next()], REQUEST);
    }
}
