package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.spi.StoredCredential;
import dev.apikeys.testkit.SampleKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Pools whose connections have no auto-commit, and another isolation level than the store. */
@Tag("tr-skip")
class PoolWithoutAutoCommitTest {
    /** A connection that nothing resets, as a pool of one. */
    private static DataSource poolOf(Connection only, int isolation) throws SQLException {
        only.setAutoCommit(false);
        only.setTransactionIsolation(isolation);
        return InterceptedDataSource.of(
                InterceptedDataSource.answering(only), call -> call.name().equals("close") ? null : call.proceed());
    }

    private static JdbiApiKeyStore storeOn(DataSource pool) {
        return JdbiApiKeyStore.builder(pool)
                .expectSchema()
                .statementTimeout(Duration.ofSeconds(1))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void lookUp_onASerializableConnection_waitsForNoChange(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Connection only = database.connect();
                Connection changing = database.connect();
                Statement change = changing.createStatement()) {
            JdbiApiKeyStore.create(database.plain());
            JdbiApiKeyStore store = storeOn(poolOf(only, Connection.TRANSACTION_SERIALIZABLE));
            ApiKey key = new SampleKey().build();
            store.insert(SampleKey.toAdd(key, 1));
            changing.setAutoCommit(false);
            change.execute("UPDATE api_key SET version = version + 1");

            assertThat(store.findCredential(key.publicId()))
                    .map(StoredCredential::key)
                    .contains(key);
            assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);

            changing.rollback();
            assertThat(only.getAutoCommit()).isFalse();
            assertThat(only.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
        }
    }

    /** Such a query begins a transaction, and some pools don't end it. */
    @ParameterizedTest
    @EnumSource
    void transaction_onAConnectionThatThePoolHasCheckedByAQuery_works(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase();
                Connection only = database.connect()) {
            JdbiApiKeyStore.create(database.plain());
            DataSource checked = new DelegatingDataSource(poolOf(only, Connection.TRANSACTION_REPEATABLE_READ)) {
                @Override
                public Connection getConnection() throws SQLException {
                    try (Statement check = only.createStatement()) {
                        check.execute("SELECT id FROM api_key_epoch");
                    }
                    return super.getConnection();
                }
            };
            JdbiApiKeyStore store = storeOn(checked);
            ApiKey key = new SampleKey().build();

            store.insert(SampleKey.toAdd(key, 1));

            assertThat(store.find(key.id(), KeyFilter.everything())).contains(key);
            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isEqualTo(1);
        }
    }
}
