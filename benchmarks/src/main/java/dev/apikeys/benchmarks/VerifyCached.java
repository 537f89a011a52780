package dev.apikeys.benchmarks;

import dev.apikeys.ClientRequest;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyKind;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Pepper;
import dev.apikeys.Verification;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does verifying a cached key cost beside the floor?
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar VerifyCached -prof gc}; add {@code -t 2} for two threads.
 */
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
public class VerifyCached {
    private static final ClientRequest REQUEST = ClientRequest.from("192.0.2.1");

    /** A thousand keys, presented by Zipf's law. */
    @State(Scope.Benchmark)
    public static class Keys {
        private static final int SEQUENCE = 1 << 14;

        /** Whether secrets are hashed with a pepper at rest. */
        @Param("none")
        public String pepper = "none";

        /** How many keys there are. */
        @Param("1000")
        public int keys = 1_000;

        private final ConcurrentHashMap<Floor.Id, Floor.Entry> floorEntries = new ConcurrentHashMap<>();
        private String[] tokens = {};
        private String[] headers = {};
        private @Nullable KeyService service;

        /** Issues the keys and verifies each once. */
        @Setup(Level.Trial)
        public void issue() {
            var builder = KeyService.builder(new InMemoryApiKeyStore())
                    .policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, 10_000))
                    .cachedKeys(2_000_000);
            if (!pepper.equals("none")) {
                builder.pepper(Pepper.of("p1", new byte[32]));
            }
            KeyService built = builder.build();
            String[] issued = new String[keys];
            for (int i = 0; i < keys; i++) {
                KeySpec spec = KeySpec.forUser("user" + i, "org").named("k").mode(Mode.READ);
                issued[i] = built.issue(spec).token().reveal();
                built.verify(issued[i]).orElseThrow();
                Floor.put(floorEntries, issued[i], "user" + i);
            }
            service = built;
            int[] order = Zipf.indexes(keys, SEQUENCE);
            tokens = Arrays.stream(order)
                    .mapToObj(i -> new String(issued[i].toCharArray()))
                    .toArray(String[]::new);
            headers = Arrays.stream(tokens).map(token -> "Bearer " + token).toArray(String[]::new);
        }

        /** Stops the service. */
        @TearDown(Level.Trial)
        public void close() {
            service().close();
        }

        KeyService service() {
            return Objects.requireNonNull(service);
        }
    }

    /** Where a thread is in the sequence, and its own floor. */
    @State(Scope.Thread)
    public static class Position {
        private int next;
        private @Nullable Floor floor;

        /** Gives the thread its digest. */
        @Setup(Level.Trial)
        public void prepare(Keys keys) {
            floor = new Floor(keys.floorEntries);
        }

        int next() {
            return next++ & (Keys.SEQUENCE - 1);
        }
    }

    /** The least that a check can do. */
    @Benchmark
    public @Nullable String floor(Keys keys, Position position) {
        return Objects.requireNonNull(position.floor).check(keys.headers[position.next()]);
    }

    /** The library, from token to principal. */
    @Benchmark
    public Verification verify(Keys keys, Position position) {
        return keys.service().verify(keys.tokens[position.next()], REQUEST);
    }
}
