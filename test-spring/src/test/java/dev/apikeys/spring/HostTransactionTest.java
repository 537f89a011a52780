package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyFilter;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** Keys beside transactions of the application: issued behind its commit, and never the one that commits for it. */
class HostTransactionTest {
    /** Somebody has signed up. */
    record SignedUp(String user) {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Host {
        @Bean(destroyMethod = "close")
        HikariDataSource pool() {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl(Databases.H2.url());
            pool.setUsername("sa");
            return pool;
        }

        /** What the rest of the application uses, and what the keys must not use. */
        @Bean
        @org.springframework.context.annotation.Primary
        DataSource joining(HikariDataSource pool) {
            return new TransactionAwareDataSourceProxy(pool);
        }

        @Bean
        DataSourceTransactionManager transactionManager(HikariDataSource pool) {
            return new DataSourceTransactionManager(pool);
        }

        @Bean
        Signups signups(KeyService keys) {
            return new Signups(keys);
        }
    }

    static class Signups {
        private final KeyService keys;
        private final List<IssuedKey> issued = new ArrayList<>();

        Signups(KeyService keys) {
            this.keys = keys;
        }

        // tag::listener[]
        @TransactionalEventListener
        void issueBehindTheCommit(SignedUp event) {
            issued.add(keys.issue(
                    KeySpec.forUser(event.user(), "org_1").named("first").mode(Mode.READ)));
        }
        // end::listener[]
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ApiKeysAutoConfiguration.class, ApiKeysScopesAutoConfiguration.class))
            .withUserConfiguration(Host.class);

    @Test
    void keyIssuedBehindTheCommit_isThereOnlyIfTheTransactionIs() {
        runner.run(context -> {
            TransactionTemplate transaction =
                    new TransactionTemplate(context.getBean(DataSourceTransactionManager.class));
            JdbcTemplate sql = new JdbcTemplate(context.getBean("joining", DataSource.class));
            ApplicationEventPublisher events = context;
            sql.execute("CREATE TABLE accounts (name VARCHAR(20))");
            KeyService keys = context.getBean(KeyService.class);
            Signups signups = context.getBean(Signups.class);

            transaction.executeWithoutResult(status -> {
                sql.update("INSERT INTO accounts VALUES ('alice')");
                events.publishEvent(new SignedUp("alice"));
                assertThat(signups.issued).isEmpty();
            });
            assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                        sql.update("INSERT INTO accounts VALUES ('bob')");
                        events.publishEvent(new SignedUp("bob"));
                        throw new IllegalStateException("the application changed its mind");
                    }))
                    .hasMessageContaining("changed its mind");

            assertThat(sql.queryForList("SELECT name FROM accounts", String.class))
                    .containsExactly("alice");
            assertThat(signups.issued).hasSize(1);
            assertThat(keys.verify(signups.issued.get(0).token().reveal()).orElseThrow().getName())
                    .isEqualTo("alice");
            assertThat(keys.listAll(KeyFilter.everything())).hasSize(1);
        });
    }

    /** The starter takes the proxy off, so that a call never commits what the application has not finished. */
    @Test
    void callInsideATransaction_commitsNothingOfTheApplication() {
        runner.run(context -> {
            TransactionTemplate transaction =
                    new TransactionTemplate(context.getBean(DataSourceTransactionManager.class));
            JdbcTemplate sql = new JdbcTemplate(context.getBean("joining", DataSource.class));
            sql.execute("CREATE TABLE accounts (name VARCHAR(20))");
            KeyService keys = context.getBean(KeyService.class);

            transaction.executeWithoutResult(status -> {
                sql.update("INSERT INTO accounts VALUES ('alice')");
                keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
                status.setRollbackOnly();
            });

            assertThat(sql.queryForObject("SELECT count(*) FROM accounts", Integer.class))
                    .isZero();
            assertThat(keys.listAll(KeyFilter.everything())).hasSize(1);
        });
    }
}
