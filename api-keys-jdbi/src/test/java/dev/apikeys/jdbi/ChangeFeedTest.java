package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.Owner;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ChangeBatch;
import dev.apikeys.spi.ChangeBatch.Change.OfCredential;
import dev.apikeys.spi.ChangeBatch.Continuity;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.spi.FeedPosition;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.SampleKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the feed promises, where only the database itself can be made to misbehave. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
@ExtendWith(Figures.class)
class ChangeFeedTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource
    void feed_lateCommitter_comesAfterWhoCommittedBefore(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = database.store(4);
            EpochTable epochs = epochsOf(database);
            Jdbi jdbi = Jdbi.create(database.plain());
            try (Handle early = jdbi.open();
                    Handle late = jdbi.open();
                    ChangeFeed feed = store.openChangeFeed(TIMEOUT)) {
                FeedPosition start = feed.read(null).position();
                early.begin();
                late.begin();
                // The early one begins first and has its number first; the late one has to wait for its commit.
                long first = epochs.raise(early, List.of("aa"));
                CompletableFuture<Long> second = CompletableFuture.supplyAsync(() -> {
                    long epoch = epochs.raise(late, List.of("bb"));
                    late.commit();
                    return epoch;
                });
                assertThatThrownBy(() -> second.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
                assertThat(feed.read(start).position()).isEqualTo(start);
                early.commit();
                assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo(first + 1);
                assertThat(feed.read(start).changes()).containsExactly(new OfCredential("aa"), new OfCredential("bb"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void feed_writersWithRandomDelays_missesNothing(DatabaseServer server, Figures figures) throws Exception {
        writeWithDelays(server, 50, figures);
    }

    @Tag("endurance")
    @ParameterizedTest
    @EnumSource
    void feed_thousandsOfChangesWithRandomDelays_missesNothing(DatabaseServer server, Figures figures)
            throws Exception {
        writeWithDelays(server, 2_000, figures);
    }

    /** T19: eight writers whose transactions take their time before, between and after the statements. */
    private static void writeWithDelays(DatabaseServer server, int each, Figures figures) throws Exception {
        int writers = 8;
        AtomicInteger working = new AtomicInteger(writers);
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = database.store(4);
            EpochTable epochs = epochsOf(database);
            Jdbi jdbi = Jdbi.create(database.pool(writers));
            try (ChangeFeed feed = store.openChangeFeed(TIMEOUT)) {
                FeedPosition start = feed.read(null).position();
                CompletableFuture<List<ChangeBatch.Change>> told = CompletableFuture.supplyAsync(() -> {
                    List<ChangeBatch.Change> all = new ArrayList<>();
                    FeedPosition position = start;
                    boolean last;
                    do {
                        last = working.get() == 0;
                        ChangeBatch batch = feed.read(position);
                        assertThat(batch.continuity()).isEqualTo(Continuity.CONTINUOUS);
                        all.addAll(batch.changes());
                        position = batch.position();
                    } while (!last);
                    return all;
                });
                List<Set<ChangeBatch.Change>> written = Race.between(writers, writer -> () -> {
                    Set<ChangeBatch.Change> mine = new HashSet<>();
                    try {
                        for (int n = 0; n < each; n++) {
                            String publicId = SampleKey.randomPublicId();
                            jdbi.useTransaction(handle -> {
                                delay();
                                handle.execute("UPDATE api_key SET version = version WHERE id = 'none'");
                                delay();
                                epochs.raise(handle, List.of(publicId));
                                delay();
                            });
                            mine.add(new OfCredential(publicId));
                        }
                    } finally {
                        working.decrementAndGet();
                    }
                    return mine;
                });
                List<ChangeBatch.Change> all = told.get(60, TimeUnit.SECONDS);
                long missed = written.stream()
                        .flatMap(Set::stream)
                        .filter(change -> !new HashSet<>(all).contains(change))
                        .limit(10)
                        .count();
                figures.count("changes missed, 8 writers with random delays", server, (long) writers * each, missed);
                assertThat(missed).isZero();
                assertThat(all).hasSize(writers * each).doesNotHaveDuplicates();
            }
        }
    }

    private static void delay() {
        if (ThreadLocalRandom.current().nextInt(4) == 0) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000));
        }
    }

    @ParameterizedTest
    @EnumSource
    void feed_restoredToAnOlderState_isRewoundAlsoOnceTheCountHasOvertaken(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            JdbiApiKeyStore store = database.store(4);
            change(store, 3);
            database.execute(
                    "CREATE TABLE backup_epoch AS SELECT * FROM api_key_epoch",
                    "CREATE TABLE backup_change AS SELECT * FROM api_key_change");
            change(store, 5);
            try (ChangeFeed feed = store.openChangeFeed(TIMEOUT)) {
                FeedPosition before = feed.read(null).position();
                database.execute(
                        "DELETE FROM api_key_epoch",
                        "INSERT INTO api_key_epoch SELECT * FROM backup_epoch",
                        "DELETE FROM api_key_change",
                        "INSERT INTO api_key_change SELECT * FROM backup_change");

                assertThat(feed.read(before).continuity()).as("the count fell").isEqualTo(Continuity.REWOUND);
                change(store, 5);
                assertThat(feed.read(before).continuity())
                        .as("the count is the same")
                        .isEqualTo(Continuity.REWOUND);
                change(store, 3);
                ChangeBatch overtaken = feed.read(before);
                assertThat(overtaken.position().epoch()).isGreaterThan(before.epoch());
                assertThat(overtaken.continuity()).as("the count is higher").isEqualTo(Continuity.REWOUND);
                change(store, 1);
                assertThat(feed.read(overtaken.position()).continuity()).isEqualTo(Continuity.CONTINUOUS);
            }
        }
    }

    private static void change(JdbiApiKeyStore store, int times) {
        for (int i = 0; i < times; i++) {
            store.ownerChanged(Owner.user("alice"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void feed_ofAPool_givesTheConnectionBackAsItCame(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                HikariDataSource pool = database.pool(1)) {
            int usual;
            try (var connection = pool.getConnection()) {
                usual = connection.getNetworkTimeout();
                connection.setAutoCommit(false);
            }
            JdbiApiKeyStore store = JdbiApiKeyStore.create(pool);
            try (ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(200))) {
                feed.read(null);
            }
            try (var connection = pool.getConnection()) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(usual);
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.isClosed()).isFalse();
                if (server == DatabaseServer.POSTGRESQL) {
                    try (var statement = connection.createStatement();
                            var row = statement.executeQuery("SELECT COUNT(*) FROM pg_listening_channels()")) {
                        row.next();
                        assertThat(row.getInt(1)).isZero();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void feed_serverThatSaysNothing_failsWithinTheTimeout(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                TcpProxy proxy = TcpProxy.before(database)) {
            TestDatabase behind = proxy.over(database);
            JdbiApiKeyStore store = behind.store(2);
            try (ChangeFeed feed = store.openChangeFeed(Duration.ofMillis(200))) {
                FeedPosition start = feed.read(null).position();
                proxy.swallow();
                long began = System.nanoTime();
                assertThatThrownBy(() -> feed.read(start)).isInstanceOf(StoreUnavailableException.class);
                assertThat(System.nanoTime() - began)
                        .isBetween(TimeUnit.MILLISECONDS.toNanos(150), TimeUnit.MILLISECONDS.toNanos(1_000));
            }
            proxy.forward();
            try (ChangeFeed feed = store.openChangeFeed(TIMEOUT)) {
                assertThat(feed.read(null).continuity()).isEqualTo(Continuity.CONTINUOUS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void store_rowThatSomebodyKeepsLocked_isUnavailableAfterTheStatementTimeout(DatabaseServer server)
            throws Exception {
        try (TestDatabase database = server.newDatabase();
                HikariDataSource pool = database.pool(4)) {
            JdbiApiKeyStore store = JdbiApiKeyStore.builder(pool)
                    .statementTimeout(Duration.ofSeconds(1))
                    .build();
            try (var blocker = database.connect();
                    var statement = blocker.createStatement()) {
                blocker.setAutoCommit(false);
                statement.execute("UPDATE api_key_epoch SET epoch = epoch");
                long began = System.nanoTime();
                assertThatThrownBy(() -> store.ownerChanged(Owner.user("alice")))
                        .isInstanceOf(StoreUnavailableException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .isBetween(Duration.ofMillis(900), Duration.ofMillis(3_500));
                blocker.rollback();
            }
            assertThat(store.ownerChanged(Owner.user("alice"))).isEqualTo(1);
            await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        }
    }

    private static EpochTable epochsOf(TestDatabase database) throws Exception {
        try (var connection = database.connect()) {
            return new EpochTable(Database.of(connection));
        }
    }
}
