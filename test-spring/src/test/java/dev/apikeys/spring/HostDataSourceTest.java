package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.Freshness;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What the pool and the wrappers of an application do to connections, the service has too. */
class HostDataSourceTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ApiKeysAutoConfiguration.class, ApiKeysScopesAutoConfiguration.class));
    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final JdbcTemplate database = new JdbcTemplate(h2());

    private static final class OtherSchema extends DelegatingDataSource {
        OtherSchema(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            connection.setSchema("KEYS");
            return connection;
        }
    }

    private JdbcDataSource h2() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser("sa");
        return source;
    }

    private HikariDataSource pool(String user, String password) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setConnectionTimeout(2000);
        return pool;
    }

    private List<String> schemasWithKeys() {
        return database.queryForList(
                "SELECT table_schema FROM information_schema.tables WHERE table_name = 'API_KEY'", String.class);
    }

    @Test
    void initialStatementOfThePool_isForTheFeedToo() {
        database.execute("CREATE SCHEMA keys");
        try (HikariDataSource pool = pool("sa", "")) {
            pool.setConnectionInitSql("SET SCHEMA keys");
            runner.withBean(DataSource.class, () -> pool).run(context -> {
                KeyService keys = context.getBean(KeyService.class);
                IssuedKey key = keys.issue(KeySpec.forUser("alice").named("CRM").mode(Mode.READ));
                assertThat(keys.verify(key.token().reveal()).orElseThrow().getName())
                        .isEqualTo("alice");
                assertThat(schemasWithKeys()).containsExactly("KEYS");
            });
        }
    }

    @Test
    void newPasswordOfThePool_isForTheFeedToo() {
        database.execute("CREATE USER app PASSWORD 'one' ADMIN");
        try (HikariDataSource pool = pool("app", "one")) {
            runner.withBean(DataSource.class, () -> pool).run(context -> {
                KeyService keys = context.getBean(KeyService.class);
                database.execute("ALTER USER app SET PASSWORD 'two'");
                pool.getHikariConfigMXBean().setPassword("two");
                long failures = keys.stats().failedPolls();
                endSessionsOfTheUser();
                await().until(() -> keys.stats().failedPolls() > failures);
                Instant noticed = keys.now();

                await().untilAsserted(() -> {
                    assertThat(keys.health().lastPoll()).isAfter(noticed);
                    assertThat(keys.health().state()).isEqualTo(Freshness.CONFIRMED);
                });
            });
        }
    }

    private void endSessionsOfTheUser() {
        database.queryForList(
                        "SELECT session_id FROM information_schema.sessions WHERE user_name = 'APP'", Integer.class)
                .forEach(session -> database.queryForObject("CALL ABORT_SESSION(" + session + ")", Boolean.class));
    }

    @Test
    void wrapperOfTheApplication_isNotTakenOff() {
        database.execute("CREATE SCHEMA keys");
        runner.withBean(DataSource.class, () -> new OtherSchema(h2())).run(context -> {
            assertThat(context).hasSingleBean(KeyService.class);
            assertThat(schemasWithKeys()).containsExactly("KEYS");
        });
    }
}
