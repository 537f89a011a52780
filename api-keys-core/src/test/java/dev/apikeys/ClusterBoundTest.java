package dev.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * The promise itself, in real time: no node accepts a key later than Y after its revocation returned. Both ends are
 * measured by one clock: when {@code revoke} returned, and what the deciding thread last read of elapsed time.
 */
@Tag("tr-skip") // Seconds of real time that no locale changes.
class ClusterBoundTest {
    private static final int NODES = 3;
    private static final int WINDOW = 250;

    private final Cluster cluster = new Cluster();
    private final ThreadLocal<long[]> lastLook = ThreadLocal.withInitial(() -> new long[1]);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void keys_revokedAmongStallsAndOutages_areNeverAcceptedLaterThanY(TestReporter reporter) throws Exception {
        revokeAndWatch(1_000, Duration.ofMillis(7), reporter);
    }

    @Test
    @Tag("endurance")
    void keys_revokedForMinutesAmongStallsAndOutages_areNeverAcceptedLaterThanY(TestReporter reporter)
            throws Exception {
        revokeAndWatch(9_000, Duration.ofMillis(20), reporter);
    }

    private void revokeAndWatch(int revocations, Duration pace, TestReporter reporter) throws Exception {
        LeasePolicy policy = LeasePolicy.DEFAULT.strict();
        List<Cluster.Node> nodes = nodes(policy);
        List<IssuedKey> keys = new ArrayList<>();
        for (int i = 0; i < revocations; i++) {
            keys.add(Cluster.issue(nodes.get(0)));
        }
        nodes.forEach(node -> disturb(node.faults()));
        Watch watch = new Watch(keys, nodes, policy.trust().toNanos());
        List<Future<?>> watchers = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            watchers.add(cluster.start(watch::watch));
        }

        for (int i = 0; i < revocations; i++) {
            Cluster.revoke(nodes.get(i % NODES), keys.get(i));
            watch.revoked(i);
            LockSupport.parkNanos(pace.toNanos());
        }
        LockSupport.parkNanos(policy.trust().multipliedBy(3).dividedBy(2).toNanos());
        watch.over.set(true);
        for (Future<?> watcher : watchers) {
            watcher.get();
        }

        Cluster.publish(reporter, "bound", watch.report());
        assertThat(watch.tooLate).hasValue(0);
        // Else nothing was put to the test.
        assertThat(watch.latest.get()).isPositive();
        assertThat(watch.refusedElsewhere()).isGreaterThan(revocations / 2);
    }

    private List<Cluster.Node> nodes(LeasePolicy policy) {
        List<Cluster.Node> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(cluster.node(
                    settings -> settings.lease(policy).clock(Clock.systemUTC()).ticker(this::look)));
        }
        return nodes;
    }

    /** Elapsed time, at times after a stall; notes what it told. */
    private long look() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(5_000) == 0) {
            LockSupport.parkNanos(random.nextLong(50_000_000));
        }
        long now = System.nanoTime();
        lastLook.get()[0] = now;
        return now;
    }

    /** Readings and loads that take their time on the way there and back, and now and then no answer for long. */
    private static void disturb(FaultyStore faults) {
        AtomicLong downUntil = new AtomicLong(System.nanoTime());
        faults.before(StoreCall.READ_FEED, arguments -> {
            stall(30, 90);
            ThreadLocalRandom random = ThreadLocalRandom.current();
            if (random.nextInt(25) == 0) {
                downUntil.set(System.nanoTime() + random.nextLong(1_300_000_000));
            }
            if (System.nanoTime() < downUntil.get()) {
                throw new StoreUnavailableException("an outage of the test");
            }
        });
        faults.after(StoreCall.READ_FEED, arguments -> stall(30, 90));
        faults.before(StoreCall.FIND_CREDENTIAL, arguments -> stall(20, 20));
        faults.after(StoreCall.FIND_CREDENTIAL, arguments -> stall(20, 20));
    }

    private static void stall(int percent, int atMostMillis) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextInt(100) < percent) {
            LockSupport.parkNanos(random.nextLong(atMostMillis * 1_000_000L));
        }
    }

    /** Verifies, on all nodes, the keys that were revoked lately and a few that are next. */
    private final class Watch {
        private final List<IssuedKey> keys;
        private final List<Cluster.Node> nodes;
        private final long boundNanos;
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger revoked = new AtomicInteger();
        private final AtomicLongArray revokedAt;
        private final AtomicLongArray refusedAfter;
        private final AtomicLong latest = new AtomicLong();
        private final AtomicLong tooLate = new AtomicLong();
        private final AtomicLong verifications = new AtomicLong();
        private final AtomicLong unavailable = new AtomicLong();

        Watch(List<IssuedKey> keys, List<Cluster.Node> nodes, long boundNanos) {
            this.keys = keys;
            this.nodes = nodes;
            this.boundNanos = boundNanos;
            this.revokedAt = new AtomicLongArray(keys.size());
            this.refusedAfter = new AtomicLongArray(keys.size() * NODES);
        }

        void revoked(int index) {
            revokedAt.set(index, System.nanoTime());
            revoked.set(index + 1);
        }

        private Void watch() {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            while (!over.get()) {
                int newest = revoked.get();
                int key = random.nextInt(Math.max(0, newest - WINDOW), Math.min(keys.size(), newest + 5));
                look(key, random.nextInt(NODES));
                verifications.incrementAndGet();
            }
            return null;
        }

        private void look(int key, int node) {
            Verification verification;
            try {
                verification = nodes.get(node).verify(keys.get(key));
            } catch (StoreUnavailableException neither) {
                unavailable.incrementAndGet();
                return;
            }
            long decidedAt = lastLook.get()[0];
            long returnedAt = revokedAt.get(key);
            if (returnedAt == 0) {
                return;
            }
            long after = decidedAt - returnedAt;
            if (verification instanceof Verification.Accepted) {
                latest.accumulateAndGet(after, Math::max);
                if (after > boundNanos) {
                    tooLate.incrementAndGet();
                }
            } else if (key % NODES != node) {
                refusedAfter.compareAndSet(key * NODES + node, 0, Math.max(1, after));
            }
        }

        private long[] refusals() {
            long[] all = new long[refusedAfter.length()];
            Arrays.setAll(all, refusedAfter::get);
            return Arrays.stream(all).filter(after -> after > 0).sorted().toArray();
        }

        int refusedElsewhere() {
            return refusals().length;
        }

        String report() {
            long[] sorted = refusals();
            return keys.size() + " revocations, " + verifications + " verifications, " + unavailable
                    + " without an answer; last accepted " + latest.get() / 1_000_000
                    + " ms after the return; refused on other nodes after p50 "
                    + sorted[sorted.length / 2] / 1_000_000 + " ms, p99 "
                    + sorted[sorted.length * 99 / 100] / 1_000_000 + " ms";
        }
    }

    /** So it can be repeated when the one before was interrupted, or its outcome was unknown. */
    @Test
    void revokeAndWait_keyThatIsRevokedAlready_waitsAndChangesNothing() throws Exception {
        LeasePolicy policy = LeasePolicy.DEFAULT
                .timing(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(150))
                .balanced(Duration.ofMillis(300));
        Cluster.Node issuing = nodes(policy).get(0);
        KeyService keys = issuing.keys();
        IssuedKey key = Cluster.issue(issuing);
        ApiKey revoked = keys.revoke(Cluster.ref(key), Cluster.ADMIN, "first").key();
        long before = System.nanoTime();

        RevocationReceipt receipt = keys.revokeAndWait(Cluster.ref(key), Cluster.ADMIN, "second");

        assertThat(System.nanoTime() - before)
                .isGreaterThanOrEqualTo(policy.bound().toNanos());
        assertThat(receipt.key()).isEqualTo(revoked);
        assertThat(keys.audit(AuditFilter.everything().event(AuditEvent.REVOKED), PageRequest.first(5))
                        .total())
                .isEqualTo(1);
    }

    @Test
    void revokeAndWait_returned_meansThatNobodyAcceptsAnyMore() throws Exception {
        LeasePolicy policy = LeasePolicy.DEFAULT
                .timing(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(150))
                .balanced(Duration.ofMillis(300));
        List<Cluster.Node> nodes = nodes(policy);
        IssuedKey key = Cluster.issue(nodes.get(0));
        for (Cluster.Node node : nodes) {
            assertThat(node.accepts(key)).isTrue();
        }
        nodes.get(2).faults().cutOff();

        RevocationReceipt receipt = nodes.get(0).keys().revokeAndWait(Cluster.ref(key), Cluster.ADMIN, "test");

        assertThat(receipt.key().revocation()).isNotNull();
        int accepted = 0;
        for (int i = 0; i < 10_000; i++) {
            try {
                accepted += nodes.get(i % NODES).accepts(key) ? 1 : 0;
            } catch (StoreUnavailableException cutOff) {
                assertThat(i % NODES).isEqualTo(2);
            }
        }
        assertThat(accepted).isZero();
    }
}
