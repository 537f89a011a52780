package dev.apikeys.servlet;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.servlet.internal.FailureLog;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bucket of Bucket4j for each key: in this process, or shared by all nodes through one of Bucket4j's back-ends. Needs
 * {@code com.bucket4j:bucket4j_jdk17-core}, which is an optional dependency; no other class of this library does.
 *
 * <p>In this process a bucket is dropped when nothing came for so long that it is full again, and at most 100,000 keys
 * have one: beyond that the keys that are used least begin anew. Time is that of {@link System#nanoTime()}, so a clock
 * that is set back holds nobody up. Each of several nodes counts by itself.
 *
 * <p>Of the keys themselves nothing but the key id leaves the process with shared buckets.
 *
 * <p>Thread-safe; with local buckets nothing waits.
 */
public final class Bucket4jRateLimit implements RateLimit {
    static final int MAX_KEYS = 100_000;

    private static final long NANOS_BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(Bucket4jRateLimit.class);

    private final RateQuota quota;
    private final TimeMeter time;
    private final BucketConfiguration configuration;
    private final Cache<UUID, Bucket> local;
    private final @Nullable ProxyManager<UUID> shared;
    private final LongAdder failures = new LongAdder();
    private final AtomicLong nextWarning;

    private Bucket4jRateLimit(RateQuota quota, @Nullable ProxyManager<UUID> shared, TimeMeter time) {
        this.quota = Objects.requireNonNull(quota, "quota");
        this.shared = shared;
        this.time = time;
        this.configuration = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(quota.burst()).refillGreedy(quota.requests(), quota.period()))
                .build();
        this.local = Caffeine.newBuilder()
                .maximumSize(MAX_KEYS)
                .expireAfterAccess(quota.timeToFill())
                .ticker(time::currentTimeNanos)
                // No other thread has a part in it.
                .executor(Runnable::run)
                .build();
        this.nextWarning = new AtomicLong(time.currentTimeNanos());
    }

    /** Counts in this process. */
    public static Bucket4jRateLimit local(RateQuota quota) {
        return local(quota, TimeMeter.SYSTEM_NANOTIME);
    }

    static Bucket4jRateLimit local(RateQuota quota, TimeMeter time) {
        return new Bucket4jRateLimit(quota, null, time);
    }

    /**
     * Counts in a back-end that the nodes share.
     *
     * <p><b>While the back-end fails, each node counts by itself</b>, with buckets that are full at first. A key that
     * is good is not turned away because a counter is out of reach, and yet no key is free of limits: as long as that
     * lasts, {@code n} nodes let through {@code n} times the quota at most. Nobody gets in by it who wouldn't otherwise:
     * the key was verified before, and its scopes are still to be checked. {@link #backEndFailures()} counts it, and the
     * log has a warning, once a minute at most.
     *
     * <p>Each request waits for the back-end: give the manager a short {@code requestTimeout}. It should also let
     * buckets expire, by {@code expirationAfterWrite} where the back-end supports it. A bucket keeps the quota that it
     * was made with until then: after a change of the quota, use other names for the buckets.
     *
     * @param quota the same on every node
     * @param buckets by key id; {@link ProxyManager#withMapper} turns it into what the back-end wants as a key. Stays the
     *     host's to close
     */
    @SuppressWarnings("exports") // Only hosts that have Bucket4j call it.
    public static Bucket4jRateLimit shared(RateQuota quota, ProxyManager<UUID> buckets) {
        return shared(quota, buckets, TimeMeter.SYSTEM_NANOTIME);
    }

    static Bucket4jRateLimit shared(RateQuota quota, ProxyManager<UUID> buckets, TimeMeter time) {
        return new Bucket4jRateLimit(quota, Objects.requireNonNull(buckets, "buckets"), time);
    }

    @Override
    public Decision tryConsume(KeyPrincipal principal) {
        Objects.requireNonNull(principal, "principal");
        UUID key = principal.keyId();
        if (shared == null) {
            return take(localBucket(key));
        }
        try {
            return take(shared.getProxy(key, () -> configuration));
        } catch (RuntimeException backEndAway) {
            note(backEndAway);
            return take(localBucket(key));
        }
    }

    /** How often the shared back-end failed, so that this node counted by itself; for metrics. */
    public long backEndFailures() {
        return failures.sum();
    }

    /** How many keys have a bucket in this process. */
    long localBuckets() {
        local.cleanUp();
        return local.estimatedSize();
    }

    private Bucket localBucket(UUID key) {
        return local.get(
                key,
                unknown -> Bucket.builder()
                        .addLimit(configuration.getBandwidths()[0])
                        .withCustomTimePrecision(time)
                        .build());
    }

    private Decision take(Bucket bucket) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? new Decision.Allowed(
                        quota, probe.getRemainingTokens(), Duration.ofNanos(probe.getNanosToWaitForReset()))
                : new Decision.Refused(quota, Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    private void note(RuntimeException failure) {
        failures.increment();
        long now = time.currentTimeNanos();
        long next = nextWarning.get();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + NANOS_BETWEEN_WARNINGS)) {
            LOG.warn(
                    "the shared rate limits can't be reached, so this node counts by itself: {}",
                    FailureLog.line(failure));
        }
    }
}
