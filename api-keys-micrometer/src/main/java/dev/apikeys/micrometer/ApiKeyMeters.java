package dev.apikeys.micrometer;

import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceStats;
import dev.apikeys.Rejection;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one {@link KeyService}. Their names begin with {@code apikeys.}; the guide lists them. The only tags,
 * beside those that the host gives, are {@code result} and {@code reason}, with a fixed set of values: no key, owner or
 * address is ever one.
 *
 * <p>About one verification in 64 is timed, so that the clock costs the others nothing. Bind the meters of a service to one
 * registry; a composite one has as many as are needed.
 *
 * <p>Thread-safe.
 */
public final class ApiKeyMeters implements MeterBinder {
    private final KeyService keys;
    private final Tags tags;
    private final ExpiringKeys expiring;

    /** Meters of this service, which stays the host's to close. */
    public ApiKeyMeters(KeyService keys) {
        this(keys, Tags.empty());
    }

    /**
     * Meters of this service, each with these tags as well. They tell the services of one application apart: a registry
     * keeps the first meter of a name and its tags, and ignores those of a second service.
     *
     * @param tags with the same names for each service
     */
    public ApiKeyMeters(KeyService keys, Iterable<? extends Tag> tags) {
        this(keys, Tags.of(Objects.requireNonNull(tags, "tags")), System::nanoTime);
    }

    ApiKeyMeters(KeyService keys, LongSupplier ticker) {
        this(keys, Tags.empty(), ticker);
    }

    private ApiKeyMeters(KeyService keys, Tags tags, LongSupplier ticker) {
        this.keys = Objects.requireNonNull(keys, "keys");
        this.tags = tags;
        this.expiring = new ExpiringKeys(ticker);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindVerifications(registry);
        bindMemory(registry);
        bindStore(registry);
        // The registry holds the function, not what it is asked about: that must be the service, which lives on.
        Gauge.builder("apikeys.keys.expiring", keys, expiring::count)
                .description("Keys that are not revoked and end within 7 days; asked at most once a minute")
                .tags(tags)
                .register(registry);
    }

    private void bindVerifications(MeterRegistry registry) {
        FunctionCounter.builder("apikeys.verifications", keys, value(KeyServiceStats::accepted))
                .description("Verified tokens")
                .tag("result", "accepted")
                .tag("reason", "none")
                .tags(tags)
                .register(registry);
        for (Rejection reason : Rejection.values()) {
            FunctionCounter.builder(
                            "apikeys.verifications",
                            keys,
                            value(stats -> stats.rejected().getOrDefault(reason, 0L)))
                    .description("Verified tokens")
                    .tag("result", "rejected")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .tags(tags)
                    .register(registry);
        }
        counter(registry, "apikeys.verifications.stale", "Accepted within the grace", KeyServiceStats::staleAccepts);
        counter(registry, "apikeys.mcp.denials", "Calls of agents that a guard denied", KeyServiceStats::mcpDenials);
        Timer timer = Timer.builder("apikeys.verification.time")
                .description("Duration of about one verification in 64")
                .tags(tags)
                .register(registry);
        keys.timeVerifications(nanos -> timer.record(nanos, TimeUnit.NANOSECONDS));
    }

    private void bindMemory(MeterRegistry registry) {
        Gauge.builder("apikeys.cache.size", keys, value(KeyServiceStats::cachedKeys))
                .description("Keys in memory")
                .tags(tags)
                .register(registry);
        counter(registry, "apikeys.cache.hits", "Decisions without a look-up", KeyServiceStats::cacheHits);
        counter(registry, "apikeys.loads", "Look-ups of keys that were not in memory", KeyServiceStats::loads);
    }

    private void bindStore(MeterRegistry registry) {
        TimeGauge.builder(
                        "apikeys.lease.age",
                        keys,
                        TimeUnit.NANOSECONDS,
                        service -> service.stats().leaseAge().toNanos())
                .description("Time since the store confirmed last that nothing was missed")
                .tags(tags)
                .register(registry);
        polls(registry, "ok", KeyServiceStats::polls);
        polls(registry, "failed", KeyServiceStats::failedPolls);
        counter(registry, "apikeys.rewinds", "Times that the store was restored to the past", KeyServiceStats::rewinds);
        counter(registry, "apikeys.usage.rows", "Rows of usage that were written", KeyServiceStats::usesWritten);
        counter(registry, "apikeys.flushes.failed", "Writes that failed and were kept", KeyServiceStats::failedFlushes);
        counter(
                registry,
                "apikeys.notes.dropped",
                "Usage and refusals that were never written",
                KeyServiceStats::dropped);
        counter(
                registry,
                "apikeys.notes.set.aside",
                "Usage and refusals that the store refused three times while it took others",
                KeyServiceStats::setAside);
        counter(
                registry,
                "apikeys.clock.jumps",
                "Times that the store's clock began to contradict both clocks of this node",
                KeyServiceStats::clockJumps);
        Gauge.builder("apikeys.hashes.slow.waiting", keys, value(KeyServiceStats::slowHashesWaiting))
                .description("Requests that wait for the slow hash of an imported key, or compute it")
                .tags(tags)
                .register(registry);
        counter(registry, "apikeys.hashes.outdated", "Hashes of an older scheme", KeyServiceStats::outdatedHashes);
        counter(registry, "apikeys.hashes.replaced", "Hashes that were replaced", KeyServiceStats::rehashes);
    }

    private void polls(MeterRegistry registry, String result, ToDoubleFunction<KeyServiceStats> count) {
        FunctionCounter.builder("apikeys.polls", keys, value(count))
                .description("Questions to the store for changes")
                .tag("result", result)
                .tags(tags)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<KeyServiceStats> count) {
        FunctionCounter.builder(name, keys, value(count))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static ToDoubleFunction<KeyService> value(ToDoubleFunction<KeyServiceStats> count) {
        return service -> count.applyAsDouble(service.stats());
    }
}
