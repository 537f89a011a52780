package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.ChangeFeed;
import dev.apikeys.testkit.SampleKey;
import java.sql.Connection;
import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** What the store makes of the host's pool, and which data sources it can't work with. */
class PoolTest {
    @ParameterizedTest
    @EnumSource
    void hikariPoolOfOne_isEnough(DatabaseServer server) throws Exception {
        try (TestDatabase database = server.newDatabase()) {
            HikariDataSource pool = database.pool(1);
            pool.setConnectionTimeout(2_000);
            worksOnAPoolOfOne(pool);
            worksOnAPoolOfOne(new LazyConnectionDataSourceProxy(pool));
            assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isEqualTo(1);
        }
    }

    private static void worksOnAPoolOfOne(DataSource pool) {
        try (KeyService keys = KeyService.builder(JdbiApiKeyStore.create(pool))
                .lease(LeasePolicy.DEFAULT.strict())
                .build()) {
            IssuedKey key = Nodes.issue(keys, "alice");
            assertThat(Nodes.accepts(keys, key.token().reveal())).isTrue();
            keys.revoke(KeyRef.of(key.key().id()), Nodes.ADMIN, "");
            assertThat(keys.stats().polls()).isPositive();
        }
    }

    /** The poller's connection is made as the pool makes its own. */
    @ParameterizedTest
    @ValueSource(strings = {"dataSource", "dataSourceClassName", "jdbcUrl"})
    void hikariPool_howeverConfigured_givesThePollerAPlainConnectionWithItsSettings(String way) throws Exception {
        String url = "jdbc:h2:mem:pool-" + way + ";DB_CLOSE_DELAY=-1";
        JdbcDataSource plain = new JdbcDataSource();
        plain.setURL(url);
        plain.setUser("sa");
        Consumer<HikariConfig> settings = switch (way) {
            case "dataSource" -> config -> config.setDataSource(plain);
            case "dataSourceClassName" ->
                config -> {
                    config.setDataSourceClassName(JdbcDataSource.class.getName());
                    config.addDataSourceProperty("url", url);
                };
            default -> config -> config.setJdbcUrl(url);
        };
        try (Connection open = plain.getConnection()) {
            open.createStatement().execute("CREATE SCHEMA keys");
            HikariConfig config = new HikariConfig();
            settings.accept(config);
            config.setUsername("sa");
            config.setMaximumPoolSize(1);
            config.setSchema("KEYS");
            config.setConnectionInitSql("SET @made_by = 'the pool'");
            try (HikariDataSource pool = new HikariDataSource(config)) {
                JdbiApiKeyStore store = JdbiApiKeyStore.create(pool);
                try (ChangeFeed feed = store.openChangeFeed(Duration.ofSeconds(1));
                        Connection likeIt = HikariSettings.plainConnection(pool)) {
                    assertThat(feed.read(null).position().epoch()).isZero();
                    assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .isZero();
                    assertThat(likeIt.getSchema()).isEqualTo("KEYS");
                    try (var row = likeIt.createStatement().executeQuery("SELECT @made_by")) {
                        row.next();
                        assertThat(row.getString(1)).isEqualTo("the pool");
                    }
                }
            }
            open.createStatement().execute("SHUTDOWN");
        }
    }

    /** Of another kind than HikariCP's. */
    @Test
    void otherPoolOfOne_saysThatThePollerKeepsAConnection() throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            HikariDataSource pool = database.pool(1);
            pool.setConnectionTimeout(250);
            JdbiApiKeyStore store = JdbiApiKeyStore.create(new DelegatingDataSource(pool) {
                @Override
                public boolean isWrapperFor(Class<?> type) {
                    return false;
                }
            });
            try (ChangeFeed feed = store.openChangeFeed(Duration.ofSeconds(1))) {
                assertThat(feed.read(null).position().epoch()).isZero();
                assertThatThrownBy(() -> store.insert(SampleKey.toAdd(new SampleKey().build(), 1)))
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageStartingWith("could not store the key: no connection is available")
                        .hasMessageContaining("at least two");
            }
        }
    }

    @Test
    void dataSource_thatJoinsTransactionsOfTheHost_isRefused() throws Exception {
        try (TestDatabase database = DatabaseServer.H2.newDatabase()) {
            DataSource joining = new TransactionAwareDataSourceProxy(database.plain());
            DataSource single = new SingleConnectionDataSource(database.connect(), true);
            for (DataSource refused : new DataSource[] {joining, new LazyConnectionDataSourceProxy(joining), single}) {
                assertThatThrownBy(() -> JdbiApiKeyStore.create(refused))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("transactions")
                        .hasMessageContaining("pool itself");
                assertThatThrownBy(() -> JdbiApiKeyStore.builder(database.plain())
                                .feedDataSource(refused)
                                .build())
                        .isInstanceOf(IllegalStateException.class);
            }
            JdbiApiKeyStore.create(new DelegatingDataSource(database.plain()));
        }
    }
}
