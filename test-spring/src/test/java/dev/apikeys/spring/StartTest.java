package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IdlePolicy;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyNotice;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Pepper;
import dev.apikeys.Rejection;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AuditExport;
import dev.apikeys.spi.NoticeListener;
import dev.apikeys.spi.OwnerDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** With what an application starts, and what it says when it doesn't. */
class StartTest {
    private static final String PEPPER = Base64.getEncoder().encodeToString(new byte[32]);

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ApiKeysAutoConfiguration.class, ApiKeysScopesAutoConfiguration.class));
    private final ApplicationContextRunner runner = bare.withUserConfiguration(OneDatabase.class);

    @Configuration(proxyBeanMethods = false)
    static class OneDatabase {
        @Bean
        DataSource dataSource() {
            return h2();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDatabases {
        @Bean
        DataSource orders() {
            return h2();
        }

        @Bean
        DataSource people() {
            return h2();
        }
    }

    private static JdbcDataSource h2() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        source.setUser("sa");
        return source;
    }

    @Test
    void withoutProperties_theDefaultsOfTheLibraryHold() {
        runner.run(context -> {
            KeyService keys = context.getBean(KeyService.class);
            assertThat(keys.policy().defaultLifetime()).hasDays(90);
            assertThat(issue(keys).token().reveal()).startsWith("myk_");
            assertThat(context).hasSingleBean(JdbiApiKeyStore.class);
        });
    }

    @Test
    void properties_reachTheService() {
        runner.withPropertyValues(
                        "apikeys.token-prefix=acme",
                        "apikeys.accepted-prefixes=old",
                        "apikeys.pepper.id=2026",
                        "apikeys.pepper.value=" + PEPPER,
                        "apikeys.keys.lifetime=30d",
                        "apikeys.keys.max-active-personal=1",
                        "apikeys.modes.read=read:systems",
                        "apikeys.lease.consistency=strict")
                .run(context -> {
                    KeyService keys = context.getBean(KeyService.class);
                    IssuedKey issued = issue(keys);
                    assertThat(issued.token().reveal()).startsWith("acme_");
                    assertThat(keys.policy().defaultLifetime()).hasDays(30);
                    assertThat(keys.verify(issued.token().reveal())
                                    .orElseThrow()
                                    .scopes()
                                    .asScopes())
                            .hasToString("read:systems");
                    assertThat(new JdbcTemplate(context.getBean(DataSource.class))
                                    .queryForObject("SELECT secret_hash FROM api_key_credential", String.class))
                            .contains("2026");
                });
    }

    /** Two applications on one database, one for each environment. */
    @Test
    void environment_standsInTokens_andThoseOfAnotherAreRefused() {
        runner.withPropertyValues("apikeys.token-prefix=acme", "apikeys.environment=test")
                .run(test -> {
                    String token = issue(test.getBean(KeyService.class)).token().reveal();
                    assertThat(token).startsWith("acme_test_");
                    DataSource database = test.getBean(DataSource.class);
                    bare.withBean(DataSource.class, () -> database)
                            .withPropertyValues("apikeys.token-prefix=acme", "apikeys.environment=live")
                            .run(live -> {
                                KeyService keys = live.getBean(KeyService.class);
                                assertThat(keys.verify(token))
                                        .isEqualTo(new Verification.Rejected(Rejection.OTHER_ENVIRONMENT));
                                assertThat(issue(keys).token().reveal()).startsWith("acme_live_");
                            });
                });
    }

    @Test
    void noticesIdlePolicyAndRetention_comeFromBeansAndAProperty() {
        List<KeyNotice> told = new ArrayList<>();
        IdlePolicy policy = IdlePolicy.reportAfter(Duration.ofDays(9));
        runner.withBean(NoticeListener.class, () -> told::add)
                .withBean(IdlePolicy.class, () -> policy)
                .withBean(AuditExport.class, () -> entries -> {})
                .withPropertyValues("apikeys.keys.audit-retention=30d")
                .run(context -> {
                    KeyService keys = context.getBean(KeyService.class);
                    keys.issue(KeySpec.forUser("alice")
                            .named("CRM")
                            .mode(Mode.READ)
                            .expiresIn(Duration.ofHours(1)));
                    keys.cleanUp().runDue();
                    assertThat(told).extracting(KeyNotice::kind).containsExactly(KeyNotice.Kind.EXPIRING);
                });
        runner.withBean(AuditExport.class, () -> entries -> {})
                .run(fails(analysis -> assertThat(analysis.getDescription()).contains("apikeys.keys.audit-retention")));
    }

    @Test
    void everyBean_givesWayToTheApplicationsOwn() {
        ApiKeyStore memory = new InMemoryApiKeyStore();
        TokenFormat format = TokenFormat.builder().prefix("mine").build();
        OwnerDirectory nobody = owner -> OwnerDirectory.State.inactive();
        bare.withBean(ApiKeyStore.class, () -> memory)
                .withBean(TokenFormat.class, () -> format)
                .withBean(OwnerDirectory.class, () -> nobody)
                .run(context -> {
                    assertThat(context).hasSingleBean(ApiKeyStore.class).doesNotHaveBean(JdbiApiKeyStore.class);
                    assertThat(context.getBean(KeyService.class).tokenFormat()).isSameAs(format);
                });
        runner.withBean(KeyService.class, () -> KeyService.builder(memory).build())
                .run(context -> assertThat(context).hasSingleBean(KeyService.class));
    }

    /** It has its own store: without a database it starts, and in one it makes no tables. */
    @Test
    void serviceOfTheApplication_needsNoStoreOfOurs() {
        KeyService own = KeyService.builder(new InMemoryApiKeyStore()).build();
        bare.withBean(KeyService.class, () -> own)
                .run(context -> assertThat(context).hasNotFailed());
        runner.withBean(KeyService.class, () -> own).run(context -> {
            assertThat(
                            new JdbcTemplate(context.getBean(DataSource.class))
                                    .queryForList(
                                            "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'API_KEY%'"))
                    .isEmpty();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnServiceOfOurStore {
        @Bean
        KeyService own(ApiKeyStore store) {
            return KeyService.builder(store).build();
        }
    }

    @Test
    void serviceOfTheApplication_mayUseOurStore() {
        runner.withUserConfiguration(OwnServiceOfOurStore.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(KeyService.class)
                        .hasBean("own")
                        .hasSingleBean(ApiKeyStore.class));
    }

    @Test
    void dataSourceOfAParent_isTaken() {
        new ApplicationContextRunner().withUserConfiguration(OneDatabase.class).run(parent -> {
            bare.withParent(parent).run(context -> assertThat(context).hasSingleBean(KeyService.class));
            bare.withParent(parent)
                    .withPropertyValues("apikeys.store.data-source=dataSource")
                    .run(context -> assertThat(context).hasSingleBean(KeyService.class));
        });
    }

    @Test
    void switchedOff_thereIsNothing() {
        runner.withPropertyValues("apikeys.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(KeyService.class));
    }

    @ParameterizedTest
    @CsvSource({
        "apikeys.token-prefix, 1",
        "apikeys.environment, Live",
        "apikeys.cache.keys, 0",
        "apikeys.cache.warm-up, -1",
        "apikeys.cache.concurrent-loads, 0",
        "apikeys.cache.misses-per-second, 0",
        "apikeys.usage-interval, 1ms",
        "apikeys.owner-max-age, 2h",
        "apikeys.keys.retention, 1s",
        "apikeys.keys.audit-retention, 1h",
        "apikeys.keys.lifetime, 400d",
        "apikeys.keys.rotation-grace, 8d",
        "apikeys.keys.max-active-personal, 0",
        "apikeys.lease.trust, 300ms",
        "apikeys.lease.grace, 2d",
        "apikeys.modes.read, nonsense",
        "apikeys.scopes, nonsense",
        "apikeys.store.statement-timeout, 1500ms"
    })
    void wrongValue_isExplainedByTheNameOfTheProperty(String property, String value) {
        runner.withPropertyValues(property + "=" + value).run(fails(analysis -> {
            assertThat(analysis.getDescription()).contains(property);
            assertThat(analysis.getAction()).contains(property);
        }));
    }

    @ParameterizedTest
    @CsvSource({
        "apikeys.keys.lifetime, 90, 90d",
        "apikeys.keys.max-lifetime, 365, 365d",
        "apikeys.keys.rotation-grace, 24, 24h",
        "apikeys.store.statement-timeout, 5, 5s"
    })
    void durationWithoutUnit_isRefused_andTheUnitIsShown(String property, String value, String instead) {
        runner.withPropertyValues(property + "=" + value)
                .run(fails(
                        analysis -> assertThat(analysis.getDescription()).contains(property, "milliseconds", instead)));
    }

    @Test
    void rotationWithoutGrace_isAllowed() {
        runner.withPropertyValues("apikeys.keys.rotation-grace=0")
                .run(context -> assertThat(
                                context.getBean(KeyService.class).policy().rotationGrace())
                        .isZero());
    }

    @Test
    void pepper_missingShortOrWithoutId_isExplainedWithoutItsValue() {
        String tooShort = Base64.getEncoder().encodeToString(new byte[16]);
        runner.withPropertyValues("apikeys.pepper.id=p", "apikeys.pepper.value=")
                .run(fails(analysis -> assertThat(analysis.getDescription()).contains("apikeys.pepper", "missing")));
        runner.withPropertyValues("apikeys.pepper.id=p", "apikeys.pepper.value=" + tooShort)
                .run(fails(analysis -> assertThat(analysis.getDescription())
                        .contains("16 bytes")
                        .doesNotContain(tooShort)));
        runner.withPropertyValues("apikeys.pepper.value=" + PEPPER)
                .run(fails(analysis -> assertThat(analysis.getDescription())
                        .contains("needs an id")
                        .doesNotContain(PEPPER)));
    }

    @Test
    void pepper_givenTwice_isExplained() {
        runner.withPropertyValues("apikeys.pepper.id=p", "apikeys.pepper.value=" + PEPPER)
                .withBean(Pepper.class, () -> Pepper.of("q", new byte[32]))
                .run(fails(analysis -> assertThat(analysis.getDescription()).contains("a bean of type Pepper too")));
        runner.withPropertyValues(
                        "apikeys.pepper.id=p",
                        "apikeys.pepper.value=" + PEPPER,
                        "apikeys.old-peppers[0].id=p",
                        "apikeys.old-peppers[0].value=" + PEPPER)
                .run(fails(analysis -> assertThat(analysis.getDescription()).contains("two peppers have the id p")));
    }

    @Test
    void noDataSource_orSeveral_isExplained() {
        bare.run(fails(analysis -> assertThat(analysis.getDescription()).contains("spring.datasource.url")));
        bare.withUserConfiguration(TwoDatabases.class)
                .run(fails(analysis -> assertThat(analysis.getDescription()).contains("orders", "people")));
        bare.withUserConfiguration(TwoDatabases.class)
                .withPropertyValues("apikeys.store.data-source=people")
                .run(context -> assertThat(new JdbcTemplate(context.getBean("people", DataSource.class))
                                .queryForObject("SELECT count(*) FROM api_key", Integer.class))
                        .isZero());
    }

    @Test
    void tablesThatArentThere_areExplained() {
        runner.withPropertyValues("apikeys.store.schema=expect").run(fails(analysis -> {
            assertThat(analysis.getDescription()).contains("there are no tables for API keys");
            assertThat(analysis.getAction()).contains("Flyway", "your own next version");
        }));
    }

    @Test
    void databaseThatCantBeReached_isExplained() {
        JdbcDataSource nowhere = new JdbcDataSource();
        nowhere.setURL("jdbc:h2:tcp://127.0.0.1:1/nowhere");
        bare.withBean(DataSource.class, () -> nowhere)
                .run(fails(analysis -> assertThat(analysis.getAction()).contains("spring.datasource.url")));
    }

    @Test
    void proxiesThatJoinTransactions_areTakenOff_andTheFeedHasItsOwnConnection() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(h2().getURL());
        pool.setUsername("sa");
        pool.setMaximumPoolSize(1);
        DataSource proxied = new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(pool));

        assertThat(HostDataSource.of(proxied).pool()).isSameAs(pool);
        // A pool of one would deadlock if the feed held its connection.
        bare.withBean(DataSource.class, () -> proxied).run(context -> {
            KeyService keys = context.getBean(KeyService.class);
            assertThat(keys.verify(issue(keys).token().reveal()).orElseThrow().getName())
                    .isEqualTo("alice");
        });
        pool.close();
    }

    @Test
    void service_isClosedBeforeThePool() {
        StringBuilder order = new StringBuilder();
        HikariDataSource pool = new HikariDataSource() {
            @Override
            public void close() {
                order.append("pool ");
                super.close();
            }
        };
        pool.setJdbcUrl(h2().getURL());
        pool.setUsername("sa");
        bare.withBean(DataSource.class, () -> pool).run(context -> {
            KeyService keys = context.getBean(KeyService.class);
            keys.verify(issue(keys).token().reveal());
            context.getSourceApplicationContext().close();
            // What was noted in memory went out while there was a pool.
            assertThat(keys.stats().usesWritten()).isEqualTo(1);
            assertThat(order).hasToString("pool ");
        });
    }

    private static IssuedKey issue(KeyService keys) {
        return keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
    }

    private static org.springframework.boot.test.context.runner.ContextConsumer<AssertableApplicationContext> fails(
            Consumer<FailureAnalysis> expected) {
        return context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = new ApiKeysFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            expected.accept(analysis);
        };
    }
}
