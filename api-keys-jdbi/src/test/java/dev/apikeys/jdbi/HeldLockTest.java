package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.apikeys.ApiKey;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.SampleKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** T53: somebody holds a lock and does nothing. Others go on, and nothing piles up in the database. */
// The databases know nothing of the locale.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class HeldLockTest {
    private static final double SOON_MILLIS = 2_000;

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void process_stoppedBySignalInsideARevocation_blocksNobodyForLong(DatabaseServer server, Figures figures)
            throws Exception {
        stopBySignal(server, 1, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void process_stoppedBySignalManyTimes_blocksNobodyForLong(DatabaseServer server, Figures figures) throws Exception {
        stopBySignal(server, 10, figures);
    }

    private static void stopBySignal(DatabaseServer server, int times, Figures figures) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")) || Files.isExecutable(Path.of("/usr/bin/kill")), "no kill");
        long[] nanos = new long[times];
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = Nodes.of(1, database, LeasePolicy.DEFAULT);
                NodeProcess process = NodeProcess.start(database, "strict", Duration.ofSeconds(10))) {
            KeyService healthy = nodes.get(0);
            for (int i = 0; i < times; i++) {
                IssuedKey theirs = Nodes.issue(healthy, "alice");
                IssuedKey ours = Nodes.issue(healthy, "bob");
                assertThat(process.tell("stop " + theirs.key().id())).isEqualTo("inside");
                process.signal("STOP");
                long begin = System.nanoTime();
                healthy.revoke(Nodes.ref(ours), Nodes.ADMIN, "");
                nanos[i] = System.nanoTime() - begin;
                process.signal("CONT");
                assertThat(process.answer()).isEqualTo("revoked");
                assertThat(healthy.find(theirs.key().id()).orElseThrow().revocation())
                        .isNotNull();
            }
        }
        assertThat(figures.within("revoke, another process stopped inside a change", server, nanos, SOON_MILLIS))
                .isTrue();
    }

    /** 31 connections in 17 s were seen. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void epoch_lockedByARelease_pilesUpNoPolls(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Nodes nodes = Nodes.of(1, database, LeasePolicy.DEFAULT);
                Connection locking = database.connect()) {
            IssuedKey key = Nodes.issue(nodes.get(0), "alice");
            lock(server, locking, "api_key_epoch");
            assertThat(mostWaiting(server, database, Duration.ofSeconds(3))).isLessThanOrEqualTo(1);
            locking.rollback();
            locking.createStatement().execute(server == DatabaseServer.MARIADB ? "UNLOCK TABLES" : "SELECT 1");
            long polls = nodes.get(0).stats().polls();
            await().until(() -> nodes.get(0).stats().polls() > polls);
            assertThat(Nodes.accepts(nodes.get(0), key.token().reveal())).isTrue();
        }
    }

    /** 23 became 78, of one pool of 10. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "H2")
    void keys_lockedByARelease_pileUpNoMoreThanThePool(DatabaseServer server) throws Exception {
        int size = 4;
        ExecutorService threads = Executors.newFixedThreadPool(size);
        try (TestDatabase database = server.newDatabase();
                Connection locking = database.connect()) {
            ApiKeyStore store = JdbiApiKeyStore.builder(database.pool(size))
                    .statementTimeout(Duration.ofSeconds(1))
                    .build();
            ApiKey key = stored(store);
            lock(server, locking, "api_key");
            AtomicBoolean asking = new AtomicBoolean(true);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                all.add(CompletableFuture.runAsync(
                        () -> {
                            while (asking.get()) {
                                try {
                                    store.findCredential(key.publicId());
                                } catch (RuntimeException late) {
                                    // As it should be.
                                }
                            }
                        },
                        threads));
            }
            long most = mostWaiting(server, database, Duration.ofSeconds(5));
            asking.set(false);
            locking.rollback();
            locking.createStatement().execute(server == DatabaseServer.MARIADB ? "UNLOCK TABLES" : "SELECT 1");
            CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
            assertThat(most).isBetween(1L, (long) size);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void lock(DatabaseServer server, Connection connection, String table) throws Exception {
        connection.setAutoCommit(false);
        connection
                .createStatement()
                .execute(
                        server == DatabaseServer.MARIADB
                                ? "LOCK TABLES " + table + " WRITE"
                                : "LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
    }

    /** How many connections waited for a lock at once, at the most. */
    private static long mostWaiting(DatabaseServer server, TestDatabase database, Duration time) {
        String query = server == DatabaseServer.MARIADB
                ? "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting%'"
                : "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%api_key%'";
        long most = 0;
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            most = Math.max(most, database.number(query));
        }
        return most;
    }

    private static ApiKey stored(ApiKeyStore store) {
        ApiKey key = new SampleKey().build();
        store.insert(SampleKey.toAdd(key, 10));
        return key;
    }
}
