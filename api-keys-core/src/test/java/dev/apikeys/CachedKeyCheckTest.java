package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cached keys that a store lost without telling are noticed in the background. */
class CachedKeyCheckTest {
    private static final Verification UNKNOWN = new Verification.Rejected(Rejection.UNKNOWN);

    private final ApiKeyStore store = new InMemoryApiKeyStore();
    private final Cluster cluster = new Cluster(store);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void key_goneWithoutAnyChangeBeingTold_isSoonUnknown() {
        Cluster.Node node = cluster.node();
        IssuedKey lost = node.keys().issue(Cluster.spec().expiresIn(Duration.ofHours(1)));
        IssuedKey kept = Cluster.issue(node);
        assertThat(node.accepts(lost)).isTrue();
        assertThat(node.accepts(kept)).isTrue();

        node.faults().answer(StoreCall.FIND_CREDENTIAL, java.util.Optional.empty());
        node.faults().answer(StoreCall.FIND_MISSING, Set.of(lost.key().publicId()));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(node.verify(lost)).isEqualTo(UNKNOWN));
        assertThat(node.accepts(kept)).isTrue();
    }

    @Test
    void check_overOneRound_asksAboutEachCachedKey() {
        Cluster.Node node = cluster.node();
        Set<String> cached = ConcurrentHashMap.newKeySet();
        Set<String> asked = ConcurrentHashMap.newKeySet();
        AtomicInteger most = new AtomicInteger();
        node.faults().after(StoreCall.FIND_MISSING, arguments -> {
            List<String> ids = publicIds(arguments[0]);
            most.accumulateAndGet(ids.size(), Math::max);
            asked.addAll(ids);
        });
        for (int i = 0; i < 3; i++) {
            IssuedKey key = Cluster.issue(node);
            assertThat(node.accepts(key)).isTrue();
            cached.add(key.key().publicId());
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> asked.containsAll(cached));
        assertThat(asked).isSubsetOf(cached);
        assertThat(most).as("a sixtieth of the keys in a step").hasValue(1);
    }

    private static List<String> publicIds(Object argument) {
        List<String> ids = new ArrayList<>();
        ((Collection<?>) argument).forEach(id -> ids.add((String) id));
        return ids;
    }

    @Test
    void check_whileTheStoreIsAway_forgetsNothing() {
        Cluster.Node node = cluster.node();
        IssuedKey key = Cluster.issue(node);
        assertThat(node.accepts(key)).isTrue();
        long before = node.faults().calls(StoreCall.FIND_MISSING);
        node.faults().failBefore(StoreCall.FIND_MISSING, new StoreUnavailableException("connection reset"));
        await().atMost(Duration.ofSeconds(20)).until(() -> node.faults().calls(StoreCall.FIND_MISSING) >= before + 2);
        node.faults().failBefore(StoreCall.FIND_CREDENTIAL, new StoreUnavailableException("connection reset"));
        assertThat(node.accepts(key)).isTrue();
    }

    @Test
    void store_thatDoesNotSaySoItself_looksForEachKey() {
        Cluster.Node node = cluster.node();
        IssuedKey revoked = Cluster.issue(node);
        Cluster.revoke(node, revoked);
        IssuedKey key = Cluster.issue(node);
        String none = "0".repeat(24);
        Set<String> ids = Set.of(revoked.key().publicId(), key.key().publicId(), none);

        assertThat(store.findMissing(ids)).containsExactly(none);
        node.time().pass(Duration.ofDays(400));
        store.maintain(Instant.now().plus(Duration.ofDays(4_000)), Instant.EPOCH, 10);
        assertThat(store.findMissing(ids)).isEqualTo(ids);
    }
}
