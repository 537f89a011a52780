package dev.apikeys.benchmarks;

import dev.apikeys.GeneratedStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.Pepper;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A service that has verified each of its keys once. */
@State(Scope.Benchmark)
public class CachedKeys {
    /** Whether secrets are hashed with a pepper at rest: {@code none} or the pepper's id. */
    @Param("none")
    public String pepper = "none";

    private @Nullable KeyService service;

    /** Loads every key into the cache. */
    @Setup(Level.Trial)
    public void load(KeyCount count) {
        int keys = count.keys;
        Pepper secret = pepper.equals("none") ? null : Pepper.of(pepper, new byte[32]);
        KeyServiceBuilder builder =
                KeyService.builder(new GeneratedStore(keys, secret)).cachedKeys(Math.max(10_000, keys * 2));
        if (secret != null) {
            builder.pepper(secret);
        }
        // Some benchmarks present unknown ids all the time.
        KeyService built = builder.missesPerSecond(1_000_000).build();
        for (int i = 0; i < keys; i++) {
            built.verify(GeneratedStore.token(i)).orElseThrow();
        }
        service = built;
        settle();
    }

    /** Moves the objects to the old generation, close together, as in a service that has run for some time. */
    static void settle() {
        ManagementFactory.getMemoryMXBean().gc();
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
