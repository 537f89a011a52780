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
 * One bucket of Bucket4j for each key: in this process, or shared by all nodes through one of Bucket4j's back-ends.
 * Needs {@code com.bucket4j:bucket4j_jdk17-core}, which is an optional dependency. No other class of this library needs
 * it.
 *
 * <p>Local buckets: a bucket is dropped when it is full again. At most 100,000 keys have one; beyond that, the least
 * used keys start again with a full bucket. Time is {@link System#nanoTime()}, so a wall clock that is set back blocks
 * no key. Each node counts by itself.
 *
 * <p>Shared buckets: only the key id leaves the process.
 *
 * <p>Thread-safe. Local buckets never wait.
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
                // No other thread is involved.
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
     * Counts in a back-end that all nodes share.
     *
     * <p><b>While the back-end fails, each node counts by itself</b>, with buckets that are full at first. So an outage
     * of the counter rejects no valid key, and each key still has a limit: {@code n} nodes together let through at most
     * {@code n} times the quota. It lets in no additional caller, because the key was verified before and its scopes
     * are checked afterwards. {@link #backEndFailures()} counts these failures, and the log has a warning at most once
     * a minute.
     *
     * <p>Each request waits for the back-end, so give the manager a short {@code requestTimeout}. It should also let
     * buckets expire, by {@code expirationAfterWrite} if the back-end supports it. Until then a bucket keeps the quota
     * with which it was created. After a change of the quota, use other names for the buckets.
     *
     * @param quota the same on every node
     * @param buckets by key id; {@link ProxyManager#withMapper} converts the id to the key type of the back-end. The
     *     host closes it
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

    /** How often this node counted by itself because the shared back-end failed; for metrics. */
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
                    "The back-end of the shared rate limits failed, so this node counts by itself: {}",
                    FailureLog.line(failure));
        }
    }
}
