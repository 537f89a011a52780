package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.KeyFilter;
import dev.apikeys.KeyLimitExceededException;
import dev.apikeys.PageRequest;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.SampleKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds during a transaction on a real server, and what is left of it on the connection afterwards. */
// The databases know nothing of the locale, and H2 alone does for the rest.
@Tag("tr-skip")
class ServerTransactionTest {
    @ParameterizedTest
    @EnumSource
    void transaction_onASerializableConnectionWithoutAutoCommit_isReadCommittedAndLeavesItSo(DatabaseServer server)
            throws Exception {
        try (TestDatabase database = server.newDatabase();
                Connection only = database.connect()) {
            JdbiApiKeyStore.create(database.plain());
            only.setAutoCommit(false);
            only.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            List<String> isolations = new ArrayList<>();
            ApiKeyStore store = storeOn(only, () -> isolations.add(isolation(server, only)));

            insert(store, 2);
            insert(store, 2);
            assertThatThrownBy(() -> insert(store, 2)).isInstanceOf(KeyLimitExceededException.class);
            store.list(KeyFilter.everything(), PageRequest.first(1));

            assertThat(isolations).hasSize(3).containsOnly("READ COMMITTED");
            assertThat(only.getAutoCommit()).isFalse();
            assertThat(only.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            assertThat(database.number("SELECT COUNT(*) FROM api_key")).isEqualTo(2);
        }
    }

    @Test
    void transaction_inPostgres_limitsEachStatementAndLeavesTheLimitOfTheConnection() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                Connection only = database.connect()) {
            JdbiApiKeyStore.create(database.plain());
            value(only, "SELECT set_config('statement_timeout', '1min', false)");
            List<String> limits = new ArrayList<>();
            ApiKeyStore store = storeOn(only, () -> limits.add(value(only, "SHOW statement_timeout")));

            insert(store, 2);
            insert(store, 2);
            store.list(KeyFilter.everything(), PageRequest.first(1));

            assertThat(limits).containsExactly("5s", "5s", "5s");
            assertThat(value(only, "SHOW statement_timeout")).isEqualTo("1min");
        }
    }

    /** The statement that waits stands behind the one that limits it, in the same message to the server. */
    @Test
    void insert_inPostgresWhileTheOwnerStaysLocked_isEndedByTheServerInTime() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                Connection only = database.connect();
                Connection other = database.connect()) {
            insert(database.store(1), 2);
            value(only, "SELECT set_config('statement_timeout', '1min', false)");
            other.setAutoCommit(false);
            value(other, "SELECT owner_id FROM api_key_owner FOR UPDATE");
            ApiKeyStore store = JdbiApiKeyStore.builder(InterceptedDataSource.of(
                            InterceptedDataSource.answering(only),
                            call -> call.name().equals("close") ? null : call.proceed()))
                    .expectSchema()
                    .statementTimeout(Duration.ofSeconds(1))
                    .build();

            assertThatThrownBy(() -> insert(store, 2))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageEndingWith("in time")
                    .cause()
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            ended -> assertThat(ended.getSQLState()).isEqualTo("57014"));

            other.rollback();
            insert(store, 2);
        }
    }

    /** What the driver says of rows with a hash is left out, but not that the line was given up. */
    @Test
    void insert_inPostgresOverALineThatFallsSilent_isKnownAsATimeout() throws Exception {
        try (TestDatabase database = DatabaseServer.POSTGRESQL.newDatabase();
                TcpProxy line = TcpProxy.before(database);
                TestDatabase behind = line.over(database)) {
            insert(database.store(1), 2);
            AtomicInteger statements = new AtomicInteger();
            ApiKeyStore store = JdbiApiKeyStore.builder(InterceptedDataSource.of(behind.plain(), call -> {
                        if (call.name().equals("prepareStatement") && statements.incrementAndGet() == 3) {
                            line.swallow();
                        }
                        return call.proceed();
                    }))
                    .expectSchema()
                    .statementTimeout(Duration.ofSeconds(1))
                    .build();
            statements.set(0);

            assertThatThrownBy(() -> insert(store, 2))
                    .isInstanceOfSatisfying(
                            StoreUnavailableException.class,
                            late -> assertThat(late.isTimeout()).isTrue())
                    .cause()
                    .hasMessage("a row with a hash could not be stored, SQL state 08006");
        }
    }

    /** On one connection that nothing resets; tells when a transaction is about to be committed. */
    private static ApiKeyStore storeOn(Connection only, Runnable beforeCommit) {
        boolean[] watching = new boolean[1];
        DataSource source = InterceptedDataSource.of(InterceptedDataSource.answering(only), call -> {
            if (call.name().equals("close")) {
                return null;
            }
            if (watching[0] && call.name().equals("commit")) {
                beforeCommit.run();
            }
            return call.proceed();
        });
        ApiKeyStore store = JdbiApiKeyStore.builder(source).expectSchema().build();
        watching[0] = true;
        return store;
    }

    private static void insert(ApiKeyStore store, int maxActive) {
        store.insert(SampleKey.toAdd(new SampleKey().build(), maxActive));
    }

    private static String isolation(DatabaseServer server, Connection connection) {
        return switch (server) {
            case H2 ->
                value(
                        connection,
                        "SELECT isolation_level FROM information_schema.sessions WHERE session_id = SESSION_ID()");
            case POSTGRESQL -> value(connection, "SELECT upper(current_setting('transaction_isolation'))");
            case MARIADB ->
                value(
                        connection,
                        "SELECT trx_isolation_level FROM information_schema.innodb_trx"
                                + " WHERE trx_mysql_thread_id = CONNECTION_ID()");
        };
    }

    private static String value(Connection connection, String query) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }
}
