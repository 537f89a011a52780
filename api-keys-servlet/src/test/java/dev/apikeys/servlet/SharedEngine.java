package dev.apikeys.servlet;

import dev.apikeys.servlet.Bucket4jRateLimit.SharedBuckets;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A real engine through which nodes share their buckets. */
interface SharedEngine extends AutoCloseable {
    /** A connection of one node's own to the engine. */
    interface Node extends AutoCloseable {
        /** The buckets, by this clock; null is the clock that the engine has in production. */
        ProxyManager<UUID> buckets(@Nullable TimeMeter clock);

        /** Where calls wait; null where the engine needs none. */
        @Nullable
        Executor executor();

        @Override
        void close();

        /** A limit of this node, by the test's clock. */
        default Bucket4jRateLimit limit(RateQuota quota, Duration timeout, TimeMeter clock) {
            return Bucket4jRateLimit.shared(quota, new SharedBuckets(buckets(clock), timeout, executor()), clock);
        }

        /** A limit of this node, as in production. */
        default Bucket4jRateLimit limit(RateQuota quota, Duration timeout) {
            return Bucket4jRateLimit.shared(
                    quota, new SharedBuckets(buckets(null), timeout, executor()), TimeMeter.SYSTEM_NANOTIME);
        }
    }

    /** An engine apart from its nodes, which can die and come back without them. */
    interface Server extends SharedEngine {
        /** kill -9. */
        void kill() throws Exception;

        /** Starts it again at the same place. */
        void restart() throws Exception;
    }

    Node node() throws Exception;

    /** From now on it takes questions about the key, and gives no answer. */
    void stall(UUID key) throws Exception;

    /** It answers again. */
    void resume() throws Exception;

    /** Puts something in the place of the key's bucket that is none. */
    void spoil(UUID key) throws Exception;

    @Override
    void close() throws IOException;
}
