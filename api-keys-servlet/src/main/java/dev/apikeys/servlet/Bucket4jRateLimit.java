package dev.apikeys.servlet;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apikeys.KeyPrincipal;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
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
 * <p>Shared buckets: only the key id leaves the process. Any {@link ProxyManager} of Bucket4j fits. A request waits for
 * it no longer than a time-out.
 *
 * <p><b>While the back-end gives no answer, each node counts by itself</b>, with buckets that are full at first. So an
 * outage of the counter rejects no valid key, and each key still has a limit: {@code n} nodes together let through at
 * most {@code n} times the quota. It lets in no additional caller, because the key was verified before and its scopes
 * are checked afterwards. After 5 failures in a row a node leaves the back-end alone, and one request a second finds out
 * whether it answers again. The same holds for a single key, such as one whose row is locked, while other keys are counted
 * by the back-end. {@link #backEndFailures()} counts the requests without an answer, and the log has a warning at most
 * once a minute.
 *
 * <p>Thread-safe. Local buckets never wait.
 */
public final class Bucket4jRateLimit implements RateLimit {
    /** How long a request waits for shared buckets, unless the host says otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(500);

    static final int MAX_KEYS = 100_000;

    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Bucket4jRateLimit.class);

    private final RateQuota quota;
    private final TimeMeter time;
    private final BucketConfiguration configuration;
    private final Cache<UUID, Bucket> local;
    private final @Nullable BackEnd<ConsumptionProbe> shared;

    private Bucket4jRateLimit(RateQuota quota, TimeMeter time, @Nullable SharedBuckets buckets) {
        this.quota = Objects.requireNonNull(quota, "quota");
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
        this.shared = buckets == null
                ? null
                : new BackEnd<>(buckets.consuming(configuration), buckets.timeout(), time::currentTimeNanos, LOG);
    }

    /** Counts in this process. */
    public static Bucket4jRateLimit local(RateQuota quota) {
        return local(quota, TimeMeter.SYSTEM_NANOTIME);
    }

    static Bucket4jRateLimit local(RateQuota quota, TimeMeter time) {
        return new Bucket4jRateLimit(quota, time, null);
    }

    /**
     * Counts in a back-end that all nodes share and that has an asynchronous mode, such as Redis by Lettuce, or
     * Hazelcast. A request waits for it at most {@link #DEFAULT_TIMEOUT}.
     *
     * @param quota the same on every node
     * @param buckets as in {@link #shared(RateQuota, ProxyManager, Duration, Executor)}
     * @throws IllegalArgumentException when the buckets have no asynchronous mode
     */
    @SuppressWarnings("exports") // Only hosts that have Bucket4j call it.
    public static Bucket4jRateLimit shared(RateQuota quota, ProxyManager<UUID> buckets) {
        return shared(quota, buckets, DEFAULT_TIMEOUT);
    }

    /**
     * Counts in a back-end that all nodes share and that has an asynchronous mode.
     *
     * @param quota the same on every node
     * @param buckets as in {@link #shared(RateQuota, ProxyManager, Duration, Executor)}
     * @param timeout how long a request waits for the back-end
     * @throws IllegalArgumentException when the buckets have no asynchronous mode, or the time-out isn't positive and at
     *     most 10 seconds
     */
    @SuppressWarnings("exports") // Only hosts that have Bucket4j call it.
    public static Bucket4jRateLimit shared(RateQuota quota, ProxyManager<UUID> buckets, Duration timeout) {
        Objects.requireNonNull(quota, "quota");
        return shared(quota, new SharedBuckets(buckets, timeout, null), TimeMeter.SYSTEM_NANOTIME);
    }

    /**
     * Counts in any back-end that all nodes share.
     *
     * <p>The buckets should expire, by {@code expirationAfterWrite} if the back-end supports it. Until then a bucket
     * keeps the quota with which it was created. After a change of the quota, use other names for the buckets. Give the
     * manager a {@code requestTimeout} too: it ends what was begun for a request that no longer waits.
     *
     * @param quota the same on every node
     * @param buckets by key id; {@link ProxyManager#withMapper} converts the id to the key type of the back-end. The
     *     host closes it
     * @param timeout how long a request waits for the back-end
     * @param executor where calls to a back-end without an asynchronous mode wait, such as an SQL database. While the
     *     back-end hangs, a call keeps its thread until the driver's own time-out. It isn't used for other back-ends. The
     *     host closes it
     * @throws IllegalArgumentException when the time-out isn't positive and at most 10 seconds
     */
    @SuppressWarnings("exports") // Only hosts that have Bucket4j call it.
    public static Bucket4jRateLimit shared(
            RateQuota quota, ProxyManager<UUID> buckets, Duration timeout, Executor executor) {
        Objects.requireNonNull(quota, "quota");
        Objects.requireNonNull(executor, "executor");
        return shared(quota, new SharedBuckets(buckets, timeout, executor), TimeMeter.SYSTEM_NANOTIME);
    }

    static Bucket4jRateLimit shared(RateQuota quota, SharedBuckets buckets, TimeMeter time) {
        return new Bucket4jRateLimit(quota, time, buckets);
    }

    @Override
    public Decision tryConsume(KeyPrincipal principal) {
        Objects.requireNonNull(principal, "principal");
        UUID key = principal.keyId();
        ConsumptionProbe probe = shared == null ? null : shared.ask(key);
        return decision(probe == null ? localBucket(key).tryConsumeAndReturnRemaining(1) : probe);
    }

    /** How many requests this node counted by itself because the shared back-end gave no answer; for metrics. */
    public long backEndFailures() {
        return shared == null ? 0 : shared.failures();
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

    private Decision decision(ConsumptionProbe probe) {
        return probe.isConsumed()
                ? new Decision.Allowed(
                        quota, probe.getRemainingTokens(), Duration.ofNanos(probe.getNanosToWaitForReset()))
                : new Decision.Refused(quota, Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** Buckets of a back-end, and how they are asked. */
    record SharedBuckets(
            ProxyManager<UUID> buckets,
            Duration timeout,
            @Nullable Executor executor) {
        SharedBuckets {
            Objects.requireNonNull(buckets, "buckets");
            Objects.requireNonNull(timeout, "timeout");
            if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException(
                        "timeout must be positive and at most " + MAX_TIMEOUT + ": " + timeout);
            }
            if (executor == null && !buckets.isAsyncModeSupported()) {
                throw new IllegalArgumentException("these buckets have no asynchronous mode, so they need an executor"
                        + " on whose threads the calls to them wait");
            }
        }

        /** Takes one request from the bucket of a key, and doesn't wait. */
        Function<UUID, CompletableFuture<ConsumptionProbe>> consuming(BucketConfiguration configuration) {
            if (buckets.isAsyncModeSupported()) {
                AsyncProxyManager<UUID> async = buckets.asAsync();
                return key -> async.getProxy(key, () -> CompletableFuture.completedFuture(configuration))
                        .tryConsumeAndReturnRemaining(1);
            }
            Executor waiting = Objects.requireNonNull(executor, "executor");
            return key -> CompletableFuture.supplyAsync(
                    () -> buckets.getProxy(key, () -> configuration).tryConsumeAndReturnRemaining(1), waiting);
        }
    }
}
