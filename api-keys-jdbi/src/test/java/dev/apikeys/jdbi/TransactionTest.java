package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.ApiKey;
import dev.apikeys.AuditFilter;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.Owner;
import dev.apikeys.PageRequest;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.SampleKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("tr-skip") // A transaction knows no locale.
class TransactionTest {
    private final H2Database database = H2Database.inMemory();

    @BeforeEach
    void createTables() {
        JdbiApiKeyStore.create(database.dataSource());
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource({"40001, 0", "40P01, 0", "40001, 1213", "HY000, 1205", "HYT00, 50200"})
    void transaction_losesADeadlockThreeTimes_isRunAgain(String state, int code) {
        AtomicInteger commits = new AtomicInteger();
        ApiKeyStore store = storeOn(failingCommits(commits, 3, state, code));

        ApiKey key = stored(store);

        assertThat(commits).hasValue(4);
        assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
        assertThat(store.audit(AuditFilter.everything(), PageRequest.first(10)).total())
                .isEqualTo(1);
    }

    @Test
    void transaction_losesADeadlockFourTimes_isGivenUp() {
        AtomicInteger commits = new AtomicInteger();
        ApiKeyStore store = storeOn(failingCommits(commits, 4, "40001", 0));

        assertThatThrownBy(() -> stored(store))
                .isInstanceOf(StoreUnavailableException.class)
                .hasCauseInstanceOf(SQLException.class);

        assertThat(commits).hasValue(4);
        assertThat(store.list(KeyFilter.everything(), PageRequest.first(1)).total())
                .isZero();
    }

    /** As in a Galera cluster, where changes on other members win again and again. */
    @Test
    void transaction_losesAgainstOthersManyTimes_isRunAgainUntilItWins_andCounted() {
        AtomicInteger commits = new AtomicInteger();
        JdbiApiKeyStore conflicting = storeOn(failingCommits(commits, 8, "40001", 1213));
        long before = conflicting.retries();

        ApiKey key = stored(conflicting);

        assertThat(conflicting.retries() - before).isEqualTo(8);
        assertThat(conflicting.find(key.id(), KeyFilter.everything())).contains(key);
    }

    @Test
    void transaction_failsForAnotherReason_isNotRunAgain() {
        AtomicInteger tries = new AtomicInteger();
        ApiKeyStore store = storeOn(InterceptedDataSource.of(database.dataSource(), call -> {
            if (call.name().equals("prepareStatement")) {
                tries.incrementAndGet();
                throw new SQLException("as if", "42000");
            }
            return call.proceed();
        }));

        assertThatThrownBy(() -> stored(store)).isInstanceOf(StoreUnavailableException.class);

        assertThat(tries).hasValue(1);
    }

    /** Without a commit there is nothing that could be done twice. */
    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "25P03"})
    void transaction_losesItsConnection_isRunAgainOnAnotherOne(String state) {
        AtomicBoolean started = new AtomicBoolean();
        AtomicInteger tries = new AtomicInteger();
        ApiKeyStore store = storeOn(InterceptedDataSource.of(database.dataSource(), call -> {
            if (started.get() && call.name().equals("prepareStatement") && tries.incrementAndGet() == 2) {
                throw new SQLException("as if", state);
            }
            return call.proceed();
        }));
        started.set(true);

        ApiKey key = stored(store);

        assertThat(tries).hasValueGreaterThan(2);
        assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
    }

    /** Whatever becomes of the connection afterwards. */
    @ParameterizedTest
    @ValueSource(strings = {"close", "setAutoCommit", "setNetworkTimeout"})
    void transaction_committedOnAConnectionThatCannotBeGivenBack_isDone(String failing) {
        boolean[] committed = new boolean[1];
        ApiKeyStore store = storeOn(InterceptedDataSource.of(database.dataSource(), call -> {
            if (committed[0] && call.name().equals(failing)) {
                committed[0] = false;
                throw new SQLException("as if", "08006");
            }
            committed[0] |= call.name().equals("commit");
            return call.proceed();
        }));

        ApiKey key = stored(store);

        assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
    }

    @Test
    void transaction_losesADeadlockOnAnInterruptedThread_isNotRunAgain() {
        AtomicInteger commits = new AtomicInteger();
        ApiKeyStore store = storeOn(failingCommits(commits, 1, "40001", 0));

        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> store.ownerChanged(Owner.user("alice")))
                    .isInstanceOf(StoreUnavailableException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(commits).hasValue(1);
    }

    @Test
    void transaction_rowStaysLocked_isGivenUpInTime() throws Exception {
        try (Connection other = database.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("UPDATE api_key_epoch SET epoch = epoch + 1");
            database.execute("SET DEFAULT_LOCK_TIMEOUT 50");
            ApiKeyStore store = storeOn(database.dataSource());

            assertThatThrownBy(() -> store.ownerChanged(Owner.user("alice")))
                    .isInstanceOf(StoreUnavailableException.class);

            other.rollback();
            assertThat(store.ownerChanged(Owner.user("alice"))).isEqualTo(1);
        }
    }

    @Test
    void transaction_poolOfSerializableConnectionsWithoutAutoCommit_isReadCommittedAndCommitted() throws Exception {
        Set<Integer> isolations = new HashSet<>();
        try (Connection only = database.dataSource().getConnection()) {
            only.setAutoCommit(false);
            only.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            ApiKeyStore store = storeOn(poolOf(only, isolations));
            isolations.clear();

            ApiKey key = stored(store);
            assertThat(JdbiApiKeyStore.create(database.dataSource()).find(key.id(), KeyFilter.everything()))
                    .contains(key);
            assertThatThrownBy(() -> stored(store)).isInstanceOf(KeyLimitExceededException.class);
            store.list(KeyFilter.everything(), PageRequest.first(1));
            assertThat(isolations).containsExactly(Connection.TRANSACTION_READ_COMMITTED);
            store.findCredential(key.publicId());

            assertThat(only.getAutoCommit()).isFalse();
            assertThat(only.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
        }
    }

    @Test
    void transaction_connectionWithAutoCommit_comesBackWithIt() throws Exception {
        try (Connection only = database.dataSource().getConnection()) {
            ApiKeyStore store = storeOn(poolOf(only, new HashSet<>()));
            stored(store);
            assertThat(only.getAutoCommit()).isTrue();
            assertThatThrownBy(() -> stored(store)).isInstanceOf(KeyLimitExceededException.class);
            assertThat(only.getAutoCommit()).isTrue();
        }
    }

    @Test
    void transaction_connectionThatCannotRollBack_isNotSwitchedToAutoCommit() {
        List<String> calls = new ArrayList<>();
        DataSource broken = InterceptedDataSource.of(database.dataSource(), call -> {
            calls.add(call.name() + (call.name().equals("setAutoCommit") ? call.argument(0) : ""));
            if (call.name().equals("commit") || call.name().equals("rollback")) {
                throw new SQLException("gone", "08006");
            }
            return call.proceed();
        });
        ApiKeyStore store = storeOn(broken);
        calls.clear();

        assertThatThrownBy(() -> stored(store)).isInstanceOf(StoreUnavailableException.class);

        assertThat(calls).contains("setAutoCommitfalse", "rollback").doesNotContain("setAutoCommittrue");
        assertThat(database.value("SELECT COUNT(*) FROM api_key")).isEqualTo("0");
    }

    @Test
    void read_onAConnectionWithoutAutoCommit_leavesNoTransactionOpen() {
        List<String> calls = new ArrayList<>();
        boolean[] failing = new boolean[1];
        DataSource watched = InterceptedDataSource.of(database.dataSource(), call -> {
            calls.add(call.name());
            if (failing[0] && call.name().equals("prepareStatement")) {
                throw new SQLException("as if", "08006");
            }
            return call.name().equals("getAutoCommit") ? false : call.proceed();
        });
        ApiKeyStore store = storeOn(watched);
        calls.clear();

        assertThat(store.findCredential(SampleKey.randomPublicId())).isEmpty();
        assertThat(calls).containsOnlyOnce("rollback").doesNotContain("commit");
        failing[0] = true;
        assertThatThrownBy(() -> store.findCredential(SampleKey.randomPublicId()))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(calls.stream().filter(call -> call.equals("rollback"))).hasSize(2);
    }

    @Test
    void connection_duringACall_isGivenUpAfterSilence() {
        List<Object> limits = new ArrayList<>();
        DataSource watched = InterceptedDataSource.of(database.dataSource(), call -> {
            if (call.name().equals("setNetworkTimeout")) {
                limits.add(call.argument(1));
            }
            return call.proceed();
        });
        ApiKeyStore store = storeOn(watched);
        assertThat(limits).as("while the tables are checked").containsExactly(31_000, 0);
        limits.clear();

        store.findCredential(SampleKey.randomPublicId());
        store.list(KeyFilter.everything(), PageRequest.first(1));

        assertThat(limits).containsExactly(6_000, 0, 6_000, 0);
    }

    private static JdbiApiKeyStore storeOn(DataSource dataSource) {
        return JdbiApiKeyStore.builder(dataSource).expectSchema().build();
    }

    private static ApiKey stored(ApiKeyStore store) {
        ApiKey key = new SampleKey().build();
        store.insert(SampleKey.toAdd(key, 1));
        return key;
    }

    /** Connections of which the first few commits fail like this. */
    private DataSource failingCommits(AtomicInteger commits, int failures, String state, int code) {
        return InterceptedDataSource.of(database.dataSource(), call -> {
            if (call.name().equals("commit") && commits.incrementAndGet() <= failures) {
                throw new SQLException("as if", state, code);
            }
            return call.proceed();
        });
    }

    /** A pool of one connection that resets nothing; notes the isolation level of each statement. */
    private static DataSource poolOf(Connection only, Set<Integer> isolations) {
        DataSource source = InterceptedDataSource.answering(only);
        return InterceptedDataSource.of(source, call -> {
            if (call.name().equals("close")) {
                return null;
            }
            if (call.name().equals("prepareStatement")) {
                isolations.add(only.getTransactionIsolation());
            }
            return call.proceed();
        });
    }
}
