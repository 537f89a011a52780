package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.ApiKey.Status;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.testkit.Race;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes of an application, each on another node of a MariaDB Galera cluster, all of which write. */
@Tag("endurance")
@Tag("tr-skip")
@ExtendWith(Figures.class)
class GaleraTest {
    private static final String DATABASE = "MARIADB, Galera";
    private static final LeasePolicy STRICT = LeasePolicy.DEFAULT.strict();
    private static final long Y = STRICT.trust().toNanos();
    private static final String CAUSAL = "&sessionVariables=wsrep_sync_wait=1";

    @TempDir
    Path directory;

    private GaleraCluster cluster;
    private final List<JdbiApiKeyStore> stores = new ArrayList<>();
    private final List<TestDatabase> databases = new ArrayList<>();
    private final List<Long> late = new ArrayList<>();
    private Nodes nodes;

    @BeforeEach
    void start() throws IOException {
        cluster = new GaleraCluster(directory);
        nodes = new Nodes();
        for (int member = 0; member < 3; member++) {
            TestDatabase database = cluster.app(CAUSAL, member);
            databases.add(database);
            HikariDataSource pool = database.pool(8, Duration.ofSeconds(2));
            pool.setValidationTimeout(1_000);
            stores.add(JdbiApiKeyStore.builder(pool)
                    .feedDataSource(database.plain())
                    .build());
            nodes.add(stores.get(member), STRICT);
        }
    }

    @AfterEach
    void stop() {
        nodes.close();
        databases.forEach(TestDatabase::close);
        cluster.close();
    }

    /** Every revocation raises the same counter, so that revocations on two members at once always conflict. */
    @Test
    void revocations_onAllMembersAtOnce_areAllSeenInTime(Figures figures) throws Exception {
        int times = 600;
        AtomicInteger left = new AtomicInteger(times);
        AtomicInteger refused = new AtomicInteger();
        List<IssuedKey> revoked = new ArrayList<>();
        Race.between(6, i -> () -> {
            KeyService node = nodes.get(i % 3);
            while (left.getAndDecrement() > 0) {
                IssuedKey key = Nodes.issue(node, "user" + i);
                try (Oracle one = Oracle.asking(
                                nodes.get((i + 1) % 3), key.token().reveal());
                        Oracle two = Oracle.asking(
                                nodes.get((i + 2) % 3), key.token().reveal())) {
                    await().atMost(60, TimeUnit.SECONDS)
                            .pollInterval(5, TimeUnit.MILLISECONDS)
                            .until(() -> one.hasAccepted() && two.hasAccepted());
                    if (!isRevoked(node, key)) {
                        refused.incrementAndGet();
                        continue;
                    }
                    long returned = System.nanoTime();
                    await().atMost(60, TimeUnit.SECONDS)
                            .pollInterval(5, TimeUnit.MILLISECONDS)
                            .until(() -> one.hasRefused() && two.hasRefused());
                    synchronized (late) {
                        revoked.add(key);
                        late.add(one.lastAcceptAfter(returned));
                        late.add(two.lastAcceptAfter(returned));
                    }
                }
            }
            return null;
        });
        assertKept(figures, "revocations on all members at once", revoked);
        long retries = stores.stream().mapToLong(JdbiApiKeyStore::retries).sum();
        figures.number("transactions run again after a conflict", DATABASE, times, retries);
        figures.count("revocations that a conflict refused", DATABASE, times, refused.get());
        assertThat(retries).isPositive();
        assertThat(refused).hasValue(0);
        assertThat(nodes.all().mapToLong(node -> node.stats().rewinds()).sum()).isZero();
    }

    private static boolean isRevoked(KeyService node, IssuedKey key) {
        try {
            Nodes.revoke(node, key);
            return true;
        } catch (StoreUnavailableException notAcknowledged) {
            return false;
        }
    }

    @Test
    void member_killed_costsItsNodeAlone(Figures figures) throws Exception {
        revokeWhile("a member killed", () -> cluster.kill(2), figures);
        assertThat(Nodes.ask(
                        nodes.get(2), Nodes.issue(nodes.get(0), "carol").token().reveal()))
                .as("its node can't tell")
                .isNull();
    }

    @Test
    void member_cutOffFromTheOthers_costsItsNodeAloneAndComesBack(Figures figures) throws Exception {
        revokeWhile("a member cut off", () -> cluster.isolate(2), figures);
        long back = System.nanoTime();
        cluster.rejoin(2);
        await().atMost(60, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .ignoreException(StoreUnavailableException.class)
                .until(() -> Nodes.accepts(
                        nodes.get(2), Nodes.issue(nodes.get(2), "carol").token().reveal()));
        figures.measured("recovery of a member that was cut off", DATABASE, new long[] {System.nanoTime() - back});
        assertThat(nodes.get(2).stats().rewinds()).isZero();
    }

    /** Revokes on the first member, watched on the other two, before, while and after something happens to the third. */
    private void revokeWhile(String what, Runnable happens, Figures figures) throws Exception {
        List<IssuedKey> keys = new ArrayList<>();
        List<Oracle> oracles = new ArrayList<>();
        List<IssuedKey> revoked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            IssuedKey key = Nodes.issue(nodes.get(0), "user" + i);
            keys.add(key);
            oracles.add(Oracle.asking(nodes.get(1), key.token().reveal()));
            oracles.add(Oracle.asking(nodes.get(2), key.token().reveal()));
        }
        try {
            await().atMost(60, TimeUnit.SECONDS).until(() -> oracles.stream().allMatch(Oracle::hasAccepted));
            long happened = 0;
            long recovered = 0;
            List<Long> moments = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                if (i == 10) {
                    happened = System.nanoTime();
                    happens.run();
                }
                // The group waits until it has decided who belongs to it.
                IssuedKey key = keys.get(i);
                await().atMost(60, TimeUnit.SECONDS)
                        .pollInterval(10, TimeUnit.MILLISECONDS)
                        .until(() -> isRevokedAtLast(nodes.get(0), key));
                if (i == 10) {
                    recovered = System.nanoTime() - happened;
                }
                moments.add(System.nanoTime());
                revoked.add(key);
                Nodes.letPass(Duration.ofMillis(100));
            }
            Nodes.letPass(Duration.ofNanos(Y).plusMillis(500));
            for (int i = 0; i < keys.size(); i++) {
                late.add(oracles.get(2 * i).lastAcceptAfter(moments.get(i)));
                late.add(oracles.get(2 * i + 1).lastAcceptAfter(moments.get(i)));
            }
            figures.measured("first revocation after " + what, DATABASE, new long[] {recovered});
        } finally {
            oracles.forEach(Oracle::close);
        }
        assertKept(figures, what, revoked);
    }

    /** Also when the answer to an earlier try is lost. */
    private static boolean isRevokedAtLast(KeyService node, IssuedKey key) {
        try {
            return node.find(key.key().id()).orElseThrow().status(node.now()) == Status.REVOKED || isRevoked(node, key);
        } catch (StoreUnavailableException away) {
            return false;
        }
    }

    private void assertKept(Figures figures, String what, List<IssuedKey> revoked) {
        long[] all = late.stream().mapToLong(n -> n).toArray();
        boolean kept = figures.within("late accepts, " + what, DATABASE, all, Y / 1e6);
        long lost = revoked.stream()
                .filter(key -> nodes.get(1)
                                .find(key.key().id())
                                .orElseThrow()
                                .status(nodes.get(1).now())
                        != Status.REVOKED)
                .count();
        figures.count("revocations lost, " + what, DATABASE, revoked.size(), lost);
        assertThat(revoked).isNotEmpty();
        assertThat(kept).isTrue();
        assertThat(lost).isZero();
    }

    @Test
    void doctor_onAMember_saysWhetherReadsWaitForTheOthers() {
        assertThat(clusterFindings(cluster.app("", 0)))
                .extracting(Finding::level, Finding::found)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        Finding.Level.PROBLEM,
                        "the server belongs to a Galera cluster, and reads don't wait for changes made on its other"
                                + " members"));
        assertThat(clusterFindings(cluster.app(CAUSAL, 0)))
                .extracting(Finding::level)
                .containsExactly(Finding.Level.OK);
        assertThat(clusterFindings(cluster.app("&sessionVariables=wsrep_sync_wait=1,wsrep_dirty_reads=ON", 0)))
                .extracting(Finding::advice)
                .containsExactly("set wsrep_dirty_reads = OFF in the server's configuration and in the JDBC URL");
    }

    private static List<Finding> clusterFindings(TestDatabase database) {
        return DatabaseDiagnosis.of(database.plain()).run().findings().stream()
                .filter(finding -> finding.check().equals("cluster"))
                .toList();
    }
}
