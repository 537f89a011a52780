package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.ServletServer;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that share a Redis. */
@Tag("tr-skip") // Counting knows no locale.
class RedisRateLimitTest extends ServerRateLimitContract<RedisEngine> {
    @Override
    RedisEngine start(Path directory) throws Exception {
        return RedisEngine.in(directory);
    }

    @Override
    String failure() {
        return "io.lettuce.core.RedisException";
    }

    /** What the guide shows. */
    @Test
    void guide_redis() throws Exception {
        String uri = engine.uri();
        // tag::redis[]
        ClientResources resources = ClientResources.builder()
                .reconnectDelay(Delay.constant(Duration.ofMillis(500))) // the default waits up to 30 s
                .build();
        RedisClient client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS) // the default collects them
                .build());
        StatefulRedisConnection<String, byte[]> connection =
                client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        ProxyManager<UUID> buckets = Bucket4jLettuce.casBasedBuilder(connection)
                .requestTimeout(Duration.ofMillis(500))
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(1)))
                .build()
                .withMapper(keyId -> "apikeys:rate:" + keyId);
        RateLimit limit = Bucket4jRateLimit.shared(RateQuota.perSecond(50).burst(100), buckets);
        // end::redis[]
        try (client) {
            ServletServer node = node(limit);
            assertThat(passed(3, node, alice)).isEqualTo(3);
            String name = "apikeys:rate:" + alice.key().id();
            assertThat(connection.sync().pttl(name)).isBetween(1L, 62_000L);
        } finally {
            resources.shutdown().await();
        }
    }
}
