package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.spi.KeyUse;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.Gate;
import dev.apikeys.testkit.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A service may begin with the keys that were used last; nobody waits for it, and no revocation is missed by it. */
@Tag("tr-skip") // What is cached depends on no locale.
class WarmUpTest {
    private final Cluster cluster = new Cluster();
    private final Cluster.Node issuer = cluster.node();

    @AfterEach
    void close() {
        cluster.close();
    }

    /** Keys of which each was used a second after the one before. */
    private List<IssuedKey> used(int count) {
        List<IssuedKey> keys = new ArrayList<>();
        List<KeyUse> uses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            IssuedKey key = Cluster.issue(issuer);
            keys.add(key);
            uses.add(new KeyUse(key.key().id(), new LastUse(ClusterTime.START.plusSeconds(i), null)));
        }
        issuer.faults().recordUses(uses);
        return keys;
    }

    private Cluster.Node warming(int keys, FaultyStore faults) {
        return cluster.node(builder -> builder.lease(Cluster.STRICT).warmUp(keys), faults);
    }

    private static void awaitCached(Cluster.Node node, long keys) {
        await().until(() -> node.keys().stats().cachedKeys() == keys);
    }

    @Test
    void keysThatWereUsedLast_areLoadedBeforeTheyAreAskedFor() {
        List<IssuedKey> keys = used(5);
        Cluster.issue(issuer);
        Cluster.revoke(issuer, keys.get(4));
        Cluster.Node node = warming(2, cluster.faults());
        awaitCached(node, 2);

        assertThat(node.accepts(keys.get(3))).isTrue();
        assertThat(node.accepts(keys.get(2))).isTrue();

        assertThat(node.faults().calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(2);
        assertThat(node.faults().calls(StoreCall.LATEST_USES)).isEqualTo(1);
    }

    @Test
    void manyUses_areLookedAtInParts_andNoMoreKeysAreLoadedThanTheCacheHolds() {
        used(2 * WarmUp.PART + 1);
        FaultyStore faults = cluster.faults();
        Cluster.Node node = cluster.node(builder -> builder.warmUp(100).cachedKeys(10), faults);
        awaitCached(node, 10);
        assertThat(faults.calls(StoreCall.LATEST_USES)).isEqualTo(3);
        assertThat(faults.calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(10);
    }

    @Test
    void walk_thatTakesTooLong_isFollowedByTheKeysThatItFound() {
        used(WarmUp.PART + 1);
        FaultyStore faults = cluster.faults();
        Gate walk = faults.holdBefore(StoreCall.LATEST_USES);
        Cluster.Node node = warming(3, faults);
        walk.awaitReached();
        node.time().pass(WarmUp.LONGEST);
        walk.open();
        awaitCached(node, 3);
        assertThat(faults.calls(StoreCall.LATEST_USES)).isEqualTo(1);
    }

    /** The store has read the key when it is revoked, and the node is told before the key is in its cache. */
    @Test
    void key_revokedWhileItIsLoaded_isNeverAccepted() {
        List<IssuedKey> keys = used(2);
        FaultyStore faults = cluster.faults();
        Gate loading = faults.holdAfter(StoreCall.FIND_CREDENTIAL);
        Cluster.Node node = warming(2, faults);
        loading.awaitReached();
        Cluster.revoke(issuer, keys.get(1));
        node.awaitPoll();
        loading.open();
        await().until(() -> faults.calls(StoreCall.FIND_CREDENTIAL) > 1);

        assertThat(node.verify(keys.get(1))).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
        assertThat(node.accepts(keys.get(0))).isTrue();
    }

    @Test
    void key_loadedByIt_isUsedNoLongerThanAnyOther() {
        List<IssuedKey> keys = used(1);
        Cluster.Node node = warming(1, cluster.faults());
        awaitCached(node, 1);
        node.faults().cutOff();
        node.awaitFailedPoll();
        Cluster.revoke(issuer, keys.get(0));

        node.time().pass(Cluster.Y.plus(Cluster.BLINK));

        assertThatThrownBy(() -> node.verify(keys.get(0))).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void service_whoseWalkHangs_startsServesAndCloses() {
        List<IssuedKey> keys = used(1);
        FaultyStore faults = cluster.faults();
        Gate walk = faults.holdBefore(StoreCall.LATEST_USES);
        Cluster.Node node = warming(1, faults);
        walk.awaitReached();
        assertThat(node.accepts(keys.get(0))).isTrue();
        node.keys().close();
        walk.open();
        assertThat(faults.calls(StoreCall.FIND_CREDENTIAL)).isEqualTo(1);
    }

    @Test
    void store_thatIsAway_endsItAndNothingElse() {
        List<IssuedKey> keys = used(1);
        FaultyStore faults = cluster.faults();
        faults.failBefore(StoreCall.LATEST_USES, new StoreUnavailableException("away"));
        Cluster.Node node = warming(1, faults);
        await().until(() -> faults.calls(StoreCall.LATEST_USES) == 1);
        assertThat(node.accepts(keys.get(0))).isTrue();
        assertThat(faults.calls(StoreCall.LATEST_USES)).isEqualTo(1);
    }

    @Test
    void warmUp_unset_asksNothing() {
        used(1);
        Cluster.Node node = cluster.node();
        node.awaitPoll();
        assertThat(node.faults().calls(StoreCall.LATEST_USES)).isZero();
        assertThat(node.keys().stats().cachedKeys()).isZero();
    }

    @Test
    void warmUp_isNoneToAHundredThousandKeys() {
        KeyServiceBuilder builder = KeyService.builder(new InMemoryApiKeyStore());
        for (int wrong : new int[] {-1, 100_001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.warmUp(wrong))
                    .withMessageContaining(Integer.toString(wrong));
        }
        assertThat(builder.warmUp(0).warmUp(100_000)).isSameAs(builder);
        assertThat(WarmUp.LONGEST).isEqualTo(Duration.ofMinutes(1));
    }
}
