package dev.apikeys.benchmarks;

import dev.apikeys.EffectiveScopes;
import dev.apikeys.Grant;
import dev.apikeys.Scope;
import dev.apikeys.ScopePolicy;
import dev.apikeys.Scopes;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to see that a key may do something, and that it may not, with 1 to 64 scopes?
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar ScopeMatch -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class ScopeMatch {
    /** How many scopes the key has. */
    @Param({"1", "8", "64"})
    public int scopes = 1;

    private EffectiveScopes effective = ScopePolicy.DEFAULT.effective(Grant.of(Scopes.ALL), Scopes.ALL);
    private Scope last = Scope.parse("read:systems");
    private Scope other = Scope.parse("manage:systems");

    /** Makes a key's scopes. */
    @Setup(Level.Trial)
    public void grant() {
        Scopes granted = Scopes.of(IntStream.range(0, scopes)
                .mapToObj(i -> "read:resource" + (i + 100))
                .toArray(String[]::new));
        effective = ScopePolicy.DEFAULT.effective(Grant.of(granted), Scopes.ALL);
        last = Scope.parse("read:resource" + (scopes + 99));
    }

    /** The last of its scopes. */
    @Benchmark
    public boolean allowed() {
        return effective.allows(last);
    }

    /** A scope that it doesn't have. */
    @Benchmark
    public boolean refused() {
        return effective.allows(other);
    }

    /** The last of its scopes, as text, as {@code isUserInRole} has it. */
    @Benchmark
    public boolean allowedByName() {
        return effective.allows("read:resource100");
    }
}
