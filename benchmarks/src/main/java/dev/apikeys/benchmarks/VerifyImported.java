package dev.apikeys.benchmarks;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.apikeys.Actor;
import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedToken;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.password4j.Password4jHashing;
import dev.apikeys.spi.ImportedTokens;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a key cost that another system issued: with Argon2id the first time, beside password4j alone, and with
 * Argon2id or SHA-256 from then on, beside a key of our own?
 *
 * <p>{@code java -jar benchmarks/target/benchmarks.jar VerifyImported}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class VerifyImported {
    private static final String SECRET = "4fTz0q9xB7";
    private static final String TOKEN = "acme_k17." + SECRET;

    private final Argon2Function argon2 = Argon2Function.getInstance(15_360, 2, 1, 32, Argon2.ID);
    private final String hash = argon2.hash(SECRET).getResult();

    /** Of Laravel Sanctum, hashed with SHA-256. */
    private static final String MACHINE_MADE = "4772|VSwn9FCqLFivSUGJKMukhq7kcrnXDK8h6JQmleJX97994aca";

    private static final String MACHINE_MADE_HASH = "dc47cfc2d4371e9477781b5b4a2fef7771750864cfb7bb22870f37a63f86b62a";

    private @Nullable KeyService started;
    private @Nullable KeyService machineMade;
    private @Nullable KeyRef imported;
    private String own = "";

    /** A key of each kind, in memory. */
    @Setup(Level.Trial)
    public void start() {
        KeyService keys = KeyService.builder(new InMemoryApiKeyStore())
                .passwordHashing(new Password4jHashing())
                .tokenFormat(TokenFormat.builder()
                        .alsoAccept(ImportedTokens.separated("acme_", '.'))
                        .build())
                .build();
        KeySpec spec = KeySpec.forUser("alice", "org_1").named("CRM").mode(dev.apikeys.Mode.READ);
        imported = KeyRef.of(keys.importKey(spec, ImportedToken.of("k17", hash)).id());
        own = keys.issue(spec).token().reveal();
        started = keys;
        verify(TOKEN);
        verify(own);
        KeyService other = KeyService.builder(new InMemoryApiKeyStore())
                .tokenFormat(TokenFormat.builder()
                        .alsoAccept(ImportedForm.laravelSanctum().tokens())
                        .build())
                .build();
        other.importKey(spec, ImportedForm.laravelSanctum().token("4772", MACHINE_MADE_HASH));
        machineMade = other;
        repeatedMachineMade();
        // From here on the key has a hash of our own.
        other.flush();
    }

    /** Stops the service. */
    @TearDown(Level.Trial)
    public void stop() {
        keys().close();
        Objects.requireNonNull(machineMade).close();
    }

    /** Lets the service forget the key each time. */
    @State(Scope.Benchmark)
    public static class Forgotten {
        /** A change drops the key from the cache. */
        @Setup(Level.Invocation)
        public void forget(VerifyImported benchmark) {
            KeyRef key = Objects.requireNonNull(benchmark.imported);
            benchmark.keys().pause(key, Actor.of("benchmark"));
            benchmark.keys().resume(key, Actor.of("benchmark"));
        }
    }

    /** The first verification. */
    @Benchmark
    public Object first(Forgotten forgotten) {
        return verify(TOKEN);
    }

    /** What of it is Argon2id alone. */
    @Benchmark
    public boolean password4j() {
        return argon2.check(SECRET, hash);
    }

    /** All others. */
    @Benchmark
    public Object repeated() {
        return verify(TOKEN);
    }

    /** All but the first, of a key with a fast hash, which our own has replaced. */
    @Benchmark
    public Object repeatedMachineMade() {
        return (Verification.Accepted) Objects.requireNonNull(machineMade).verify(MACHINE_MADE);
    }

    /** The same with a key of our own. */
    @Benchmark
    public Object ownKey() {
        return verify(own);
    }

    private Verification.Accepted verify(String token) {
        return (Verification.Accepted) keys().verify(token);
    }

    private KeyService keys() {
        return Objects.requireNonNull(started);
    }
}
