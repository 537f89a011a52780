package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.apikeys.IssuedKey;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.ServletServer;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.grid.hazelcast.Bucket4jHazelcast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that are members of a Hazelcast. */
@Tag("tr-skip") // Counting knows no locale.
class HazelcastRateLimitTest extends SharedRateLimitContract<HazelcastEngine> {
    @Override
    HazelcastEngine start(Path directory) throws Exception {
        return HazelcastEngine.start();
    }

    /** The member that keeps the bucket is gone, and what was counted is still there. */
    @Test
    void memberThatIsLost_loosensNothing_andTheOtherGoesOnSharing() throws Exception {
        assertThat(engine.members()).isEqualTo(2);
        IssuedKey owned = keyOwnedBy(1);
        Bucket4jRateLimit limit = limitOf(0);
        Bucket4jRateLimit lost = limitOf(1);
        ServletServer node = node(limit);
        ServletServer nodeOfTheLost = node(lost);
        assertThat(passed(40, node, owned)).isEqualTo(40);
        assertThat(passed(30, nodeOfTheLost, owned)).isEqualTo(30);
        try (LogCapture log = LogCapture.start()) {
            engine.terminate(1);

            assertThat(passed(60, node, owned)).isEqualTo(30);
            assertThat(limit.backEndFailures()).isZero();
            // A node whose own member is gone counts by itself.
            assertThat(passed(150, nodeOfTheLost, owned)).isEqualTo(100);
            assertThat(lost.backEndFailures()).isEqualTo(150);
            assertThat(warnings(log))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text())
                            .contains("this node counts by itself", "HazelcastInstanceNotActiveException"));
        } finally {
            engine.restart(1);
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> engine.members() == 2);
        time.advance(Duration.ofSeconds(2));
        assertThat(passed(60, node, owned)).isEqualTo(60);
        assertThat(passed(60, node(limitOf(1)), owned)).isEqualTo(40);
    }

    private Bucket4jRateLimit limitOf(int member) {
        return engine.node(member).limit(QUOTA, PATIENT, time);
    }

    private IssuedKey keyOwnedBy(int member) {
        IssuedKey key = key("carol");
        for (int i = 0; !engine.owns(member, key.key().id()); i++) {
            key = key("carol" + i);
        }
        return key;
    }

    /** What the guide shows. */
    @Test
    void guide_hazelcast() throws Exception {
        HazelcastInstance hazelcast = engine.member(0);
        // tag::hazelcast[]
        IMap<String, byte[]> map = hazelcast.getMap("apikeys-rate"); // one backup is the default
        ProxyManager<UUID> buckets = Bucket4jHazelcast.entryProcessorBasedBuilder(map)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(1)))
                .build()
                .withMapper(UUID::toString);
        RateLimit limit = Bucket4jRateLimit.shared(RateQuota.perSecond(50).burst(100), buckets);
        // end::hazelcast[]
        assertThat(passed(3, node(limit), alice)).isEqualTo(3);
        assertThat(map.getEntryView(alice.key().id().toString()).getTtl()).isBetween(1L, 62_000L);
    }
}
