package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.StoreCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Loads that race with revocations, on the node that revokes and on another one. The nodes' clocks stand still, so that
 * a stale entry would be accepted for ever.
 */
@Tag("tr-skip") // A race knows no locale.
class ClusterRaceTest {
    private static final int KEYS_PER_ROUND = 500;
    private static final int LONGEST_SPIN = 400;

    @Test
    void load_racingWithARevocation_leavesNothingStale(TestReporter reporter) throws Exception {
        race(6, reporter);
    }

    @Test
    @Tag("endurance")
    void load_racingWithARevocationAHundredThousandTimes_leavesNothingStale(TestReporter reporter) throws Exception {
        race(200, reporter);
    }

    private static void race(int rounds, TestReporter reporter) throws Exception {
        int acceptedInTheRace = 0;
        for (int round = 0; round < rounds; round++) {
            try (Cluster cluster = new Cluster()) {
                acceptedInTheRace += race(cluster);
            }
        }
        Cluster.publish(
                reporter,
                "races",
                rounds * KEYS_PER_ROUND + " races, " + acceptedInTheRace + " loads were faster than the revocation");
        assertThat(acceptedInTheRace).isPositive();
    }

    private static int race(Cluster cluster) throws Exception {
        Cluster.Node here = cluster.node();
        Cluster.Node there = cluster.node();
        List<IssuedKey> keys = new ArrayList<>();
        for (int i = 0; i < KEYS_PER_ROUND; i++) {
            keys.add(Cluster.issue(here));
        }
        CyclicBarrier together = new CyclicBarrier(3);
        Future<Integer> loadsHere = cluster.start(() -> load(here, keys, together));
        Future<Integer> loadsThere = cluster.start(() -> load(there, keys, together));
        for (IssuedKey key : keys) {
            together.await();
            spin();
            Cluster.revoke(here, key);
            together.await();
            assertThat(here.verify(key)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
        }
        there.awaitPoll();
        for (IssuedKey key : keys) {
            assertThat(here.accepts(key)).isFalse();
            assertThat(there.accepts(key)).isFalse();
        }
        return loadsHere.get() + loadsThere.get();
    }

    private static int load(Cluster.Node node, List<IssuedKey> keys, CyclicBarrier together) throws Exception {
        node.faults().before(StoreCall.FIND_CREDENTIAL, arguments -> spin());
        node.faults().after(StoreCall.FIND_CREDENTIAL, arguments -> spin());
        int accepted = 0;
        for (IssuedKey key : keys) {
            together.await();
            accepted += node.accepts(key) ? 1 : 0;
            together.await();
        }
        return accepted;
    }

    private static void spin() {
        for (int i = ThreadLocalRandom.current().nextInt(LONGEST_SPIN); i > 0; i--) {
            Thread.onSpinWait();
        }
    }
}
