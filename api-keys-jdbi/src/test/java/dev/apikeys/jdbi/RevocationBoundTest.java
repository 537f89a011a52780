package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Owner;
import dev.apikeys.Rejection;
import dev.apikeys.Scopes;
import dev.apikeys.Verification;
import dev.apikeys.spi.OwnerDirectory.State;
import dev.apikeys.testkit.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No node accepts a key later than Y after its revocation returned on another one. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class RevocationBoundTest {
    private static final LeasePolicy STRICT = LeasePolicy.DEFAULT.strict();
    private static final long Y = STRICT.trust().toNanos();

    /** Keys that are revoked and watched at a time. */
    static final int AT_ONCE = 16;

    /** A machine that is busy with other tests may take its time to answer; it may not accept. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The shortest lease that a loaded machine with two cores keeps alive. */
    private static final LeasePolicy SHORT = LeasePolicy.DEFAULT
            .timing(Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofMillis(60))
            .strict();

    @ParameterizedTest
    @EnumSource
    void revocation_nodesThatStallAtRandom_acceptNothingLaterThanY(DatabaseServer server, Figures figures)
            throws Exception {
        revokeWithStalls(server, 60, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource
    void revocation_aThousandTimes_acceptNothingLaterThanY(DatabaseServer server, Figures figures) throws Exception {
        revokeWithStalls(server, 1_000, figures);
        revokeWithoutStalls(server, 500, figures);
    }

    private static void revokeWithStalls(DatabaseServer server, int times, Figures figures) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = new Nodes()) {
            nodes.add(database.store(8), STRICT);
            nodes.add(new StallingStore(database.store(8), 0.1, Duration.ofMillis(2_500)), STRICT);
            nodes.add(new StallingStore(database.store(8), 0.05, Duration.ofMillis(400)), STRICT);
            revoke("late accepts, nodes stall at random", server, nodes, AT_ONCE, times, figures);
        }
    }

    private static void revokeWithoutStalls(DatabaseServer server, int times, Figures figures) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = Nodes.of(3, database, STRICT)) {
            revoke("revocation seen by another node", server, nodes, AT_ONCE, times, figures);
        }
    }

    /** Revokes keys on the first node, so many at once, and watches them on the others. */
    static void revoke(String claim, Object server, Nodes nodes, int atOnce, int times, Figures figures)
            throws Exception {
        KeyService revoking = nodes.get(0);
        List<KeyService> others = nodes.all().skip(1).toList();
        AtomicInteger left = new AtomicInteger(times);
        List<long[]> parts = Race.between(atOnce, i -> () -> {
            List<Long> mine = new ArrayList<>();
            while (left.getAndDecrement() > 0) {
                IssuedKey key = Nodes.issue(revoking, "user" + i);
                String token = key.token().reveal();
                List<Oracle> oracles =
                        others.stream().map(node -> Oracle.asking(node, token)).toList();
                try {
                    await().atMost(PATIENCE)
                            .pollInterval(5, TimeUnit.MILLISECONDS)
                            .until(() -> oracles.stream().allMatch(Oracle::hasAccepted));
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(50_000_000));
                    revoking.revoke(Nodes.ref(key), Nodes.ADMIN, "lost");
                    long returned = System.nanoTime();
                    assertThat(Nodes.answer(revoking, token)).isEqualTo(new Verification.Rejected(Rejection.REVOKED));
                    await().atMost(PATIENCE)
                            .pollInterval(5, TimeUnit.MILLISECONDS)
                            .until(() -> oracles.stream().allMatch(Oracle::hasRefused));
                    oracles.forEach(oracle -> mine.add(oracle.lastAcceptAfter(returned)));
                } finally {
                    oracles.forEach(Oracle::close);
                }
            }
            return mine.stream().mapToLong(n -> n).toArray();
        });
        long[] all = parts.stream().flatMapToLong(java.util.Arrays::stream).toArray();
        assertThat(all).hasSize(times * others.size());
        assertThat(figures.within(claim, server, all, Y / 1e6)).isTrue();
        java.util.Arrays.sort(all);
        assertThat(all[all.length / 2]).as("p50").isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    }

    @ParameterizedTest
    @EnumSource
    void revokeAndWait_returned_noNodeAccepts(DatabaseServer server, Figures figures) throws Exception {
        revokeAndWait(server, 200, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource
    void revokeAndWait_tenThousandTimes_noNodeAccepts(DatabaseServer server, Figures figures) throws Exception {
        revokeAndWait(server, 10_000, figures);
    }

    private static void revokeAndWait(DatabaseServer server, int times, Figures figures) throws Exception {
        int threads = 64;
        AtomicInteger left = new AtomicInteger(times);
        AtomicInteger cached = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = new Nodes()) {
            KeyService revoking = nodes.add(database.store(8), SHORT);
            KeyService other = nodes.add(new StallingStore(database.store(8), 0.1, Duration.ofMillis(100)), SHORT);
            Race.between(threads, i -> () -> {
                while (left.getAndDecrement() > 0) {
                    IssuedKey key = Nodes.issue(revoking, "user" + i);
                    String token = key.token().reveal();
                    if (Nodes.accepts(other, token)) {
                        cached.incrementAndGet();
                    }
                    revoking.revokeAndWait(Nodes.ref(key), Nodes.ADMIN, "");
                    if (Nodes.accepts(other, token) || Nodes.accepts(revoking, token)) {
                        wrong.incrementAndGet();
                    }
                }
                return null;
            });
        }
        figures.count("accepts after revokeAndWait", server, times, wrong.get());
        assertThat(wrong).hasValue(0);
        assertThat(cached.get()).as("tries in which the other node had the key").isGreaterThan(times / 4);
    }

    @ParameterizedTest
    @EnumSource
    void revocation_racingWithALoad_leavesNothingBehind(DatabaseServer server, Figures figures) throws Exception {
        raceLoads(server, 100, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource
    void revocation_racingWithManyLoads_leavesNothingBehind(DatabaseServer server, Figures figures) throws Exception {
        raceLoads(server, 2_000, figures);
    }

    /** T18: what a slow look-up brings must not outlive the revocation that overtook it. */
    private static void raceLoads(DatabaseServer server, int times, Figures figures) throws Exception {
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger overtaken = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(times);
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = new Nodes()) {
            KeyService issuing = nodes.add(database.store(8), SHORT);
            KeyService slow = nodes.add(new StallingStore(database.store(16), 0.7, Duration.ofMillis(30)), SHORT);
            Race.between(8, i -> () -> {
                while (left.getAndDecrement() > 0) {
                    IssuedKey key = Nodes.issue(issuing, "user" + i);
                    String token = key.token().reveal();
                    CyclicBarrier together = new CyclicBarrier(2);
                    Thread loading = new Thread(() -> {
                        meet(together);
                        if (Nodes.accepts(slow, token)) {
                            overtaken.incrementAndGet();
                        }
                    });
                    loading.start();
                    meet(together);
                    // Half of the time the node that is loading revokes by itself, and refuses at once.
                    boolean itself = ThreadLocalRandom.current().nextBoolean();
                    if (itself) {
                        slow.revoke(Nodes.ref(key), Nodes.ADMIN, "");
                    } else {
                        issuing.revokeAndWait(Nodes.ref(key), Nodes.ADMIN, "");
                    }
                    if (Nodes.accepts(slow, token)) {
                        wrong.incrementAndGet();
                    }
                    loading.join();
                    if (Nodes.accepts(slow, token)) {
                        wrong.incrementAndGet();
                    }
                }
                return null;
            });
        }
        figures.count("revoked keys put back by a slow look-up", server, times, wrong.get());
        assertThat(wrong).hasValue(0);
        assertThat(overtaken).as("look-ups that came first").hasPositiveValue();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ownerChanged_onOneNode_isTrueOnAllWithinY(DatabaseServer server) throws Exception {
        Set<String> suspended = ConcurrentHashMap.newKeySet();
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = new Nodes()) {
            for (int i = 0; i < 2; i++) {
                nodes.add(
                        database.store(4),
                        settings -> settings.lease(STRICT)
                                .ownerStateMaxAge(Duration.ofHours(1))
                                .ownerDirectory(owner -> suspended.contains(owner.user())
                                        ? State.inactive()
                                        : State.active(Scopes.ALL)));
            }
            String alices = Nodes.issue(nodes.get(0), "alice").token().reveal();
            String bobs = Nodes.issue(nodes.get(0), "bob").token().reveal();
            try (Oracle oracle = Oracle.asking(nodes.get(1), alices)) {
                await().until(() -> oracle.hasAccepted() && Nodes.accepts(nodes.get(1), bobs));
                suspended.add("alice");
                nodes.get(0).ownerChanged(Owner.user("alice"));
                long returned = System.nanoTime();

                await().until(oracle::hasRefused);
                assertThat(oracle.last()).isEqualTo(new Verification.Rejected(Rejection.OWNER_INACTIVE));
                assertThat(oracle.lastAcceptAfter(returned)).isLessThanOrEqualTo(Y);
                assertThat(Nodes.accepts(nodes.get(0), alices)).isFalse();
                assertThat(Nodes.answer(nodes.get(1), bobs)).isInstanceOf(Verification.Accepted.class);
            }
            suspended.clear();
            nodes.get(0).ownerChanged(Owner.user("alice"));
            await().atMost(2, TimeUnit.SECONDS).until(() -> Nodes.accepts(nodes.get(1), alices));
        }
    }
}
