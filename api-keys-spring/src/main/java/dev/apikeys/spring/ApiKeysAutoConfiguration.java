package dev.apikeys.spring;

import dev.apikeys.IdlePolicy;
import dev.apikeys.KeyService;
import dev.apikeys.KeyServiceBuilder;
import dev.apikeys.NoticePolicy;
import dev.apikeys.Pepper;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.TokenFormat;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.spi.AuditExport;
import dev.apikeys.spi.FeedSource;
import dev.apikeys.spi.KeyEventListener;
import dev.apikeys.spi.NoticeListener;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.PasswordHashing;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.StringUtils;

/**
 * Makes a {@link KeyService} over the application's {@link DataSource}, once Flyway, Liquibase or scripts have prepared it.
 * Every bean gives way to one of the application's own. The service is closed before the pool.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
            "org.springframework.boot.autoconfigure.liquibase.LiquibaseAutoConfiguration",
            "org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
            "org.springframework.boot.devtools.autoconfigure.DevToolsDataSourceAutoConfiguration"
        })
@ConditionalOnProperty(prefix = "apikeys", name = "enabled", havingValue = "true", matchIfMissing = true)
@EnableConfigurationProperties({
    ApiKeysProperties.class,
    KeyPolicyProperties.class,
    ModeProperties.class,
    LeaseProperties.class,
    CacheProperties.class
})
public class ApiKeysAutoConfiguration {
    private static final String DEVTOOLS_SHUTDOWN = "inMemoryDatabaseShutdownExecutor";

    /** The form of tokens. */
    @Bean
    @ConditionalOnMissingBean
    public TokenFormat apiKeyTokenFormat(ApiKeysProperties properties) {
        TokenFormat.Builder format = TokenFormat.builder();
        Setting.set("apikeys.token-prefix", format, to -> to.prefix(properties.tokenPrefix()));
        String environment = properties.environment();
        if (environment != null) {
            Setting.set("apikeys.environment", format, to -> to.environment(environment));
        }
        for (String earlier : properties.acceptedPrefixes()) {
            Setting.set("apikeys.accepted-prefixes", format, to -> to.alsoAccept(earlier));
        }
        return properties.tokenChecksum() ? format.checksum().build() : format.build();
    }

    /** The service. Made of the application's beans where there are some. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    public KeyService apiKeyService(ApiKeyStore store, ServiceSettings settings) {
        return settings.applyTo(KeyService.builder(store)).build();
    }

    /** What the properties and the application's beans say about the service. */
    @Bean
    @ConditionalOnMissingBean
    ServiceSettings apiKeyServiceSettings(ApplicationContext beans, TokenFormat format) {
        return new ServiceSettings(beans, format);
    }

    /** Applies properties, and the application's beans, to the builder of a service. */
    static final class ServiceSettings {
        private final ApplicationContext beans;
        private final TokenFormat format;

        ServiceSettings(ApplicationContext beans, TokenFormat format) {
            this.beans = beans;
            this.format = format;
        }

        KeyServiceBuilder applyTo(KeyServiceBuilder service) {
            ApiKeysProperties properties = beans.getBean(ApiKeysProperties.class);
            KeyPolicyProperties keys = beans.getBean(KeyPolicyProperties.class);
            CacheProperties cache = beans.getBean(CacheProperties.class);
            service.tokenFormat(format)
                    .policy(keys.toPolicy())
                    .scopePolicy(beans.getBean(ModeProperties.class).toPolicy())
                    .lease(beans.getBean(LeaseProperties.class).toPolicy());
            Setting.set("apikeys.keys.retention", service, to -> to.retention(keys.retention()));
            Setting.requireZeroOrAtLeast(
                    "apikeys.owner-max-age", Duration.ofMillis(100), properties.ownerMaxAge(), "10s");
            Setting.set("apikeys.owner-max-age", service, to -> to.ownerStateMaxAge(properties.ownerMaxAge()));
            Setting.set("apikeys.usage-interval", service, to -> to.usageInterval(properties.usageInterval()));
            Setting.set("apikeys.cache.keys", service, to -> to.cachedKeys(cache.keys()));
            Setting.set("apikeys.cache.concurrent-loads", service, to -> to.concurrentLoads(cache.concurrentLoads()));
            Setting.set("apikeys.cache.misses-per-second", service, to -> to.missesPerSecond(cache.missesPerSecond()));
            Setting.set("apikeys.cache.warm-up", service, to -> to.warmUp(cache.warmUp()));
            addPeppers(service, properties);
            // Of several, none may be left out silently: without its directory a service takes every owner for active.
            beans.getBeanProvider(OwnerDirectory.class).ifAvailable(service::ownerDirectory);
            beans.getBeanProvider(PasswordHashing.class).ifAvailable(service::passwordHashing);
            beans.getBeanProvider(FeedSource.class).ifAvailable(service::changes);
            beans.getBeanProvider(Clock.class).ifAvailable(service::clock);
            beans.getBeanProvider(KeyEventListener.class).orderedStream().forEach(service::listener);
            addChores(service, keys);
            return service;
        }

        /** What the service does by itself about keys that end or that nobody uses, and the end of the audit trail. */
        private void addChores(KeyServiceBuilder service, KeyPolicyProperties keys) {
            NoticePolicy notices = beans.getBeanProvider(NoticePolicy.class).getIfAvailable(() -> NoticePolicy.DEFAULT);
            beans.getBeanProvider(NoticeListener.class).ifAvailable(listener -> service.notices(notices, listener));
            beans.getBeanProvider(IdlePolicy.class).ifAvailable(service::idlePolicy);
            Duration kept = keys.auditRetention();
            AuditExport export = beans.getBeanProvider(AuditExport.class).getIfAvailable();
            if (kept == null && export != null) {
                throw new InvalidSettingException(
                        "apikeys.keys.audit-retention", "there is a bean of type AuditExport, and nothing says when");
            }
            if (kept != null) {
                AuditExport to = export == null ? AuditExport.NONE : export;
                Setting.set("apikeys.keys.audit-retention", service, of -> of.auditRetention(kept, to));
            }
        }

        private void addPeppers(KeyServiceBuilder service, ApiKeysProperties properties) {
            ApiKeysProperties.PepperProperties current = properties.pepper();
            Pepper bean = beans.getBeanProvider(Pepper.class).getIfAvailable();
            if (bean != null && current != null) {
                throw new InvalidSettingException(
                        "apikeys.pepper", "there is a bean of type Pepper too; remove one of them");
            }
            if (bean != null) {
                service.pepper(bean);
            }
            if (current != null) {
                Setting.set("apikeys.pepper", service, to -> to.pepper(pepper(current)));
            }
            for (ApiKeysProperties.PepperProperties old : properties.oldPeppers()) {
                Setting.set("apikeys.old-peppers", service, to -> to.oldPepper(pepper(old)));
            }
        }

        private static Pepper pepper(ApiKeysProperties.PepperProperties properties) {
            if (!StringUtils.hasText(properties.id())) {
                throw new IllegalArgumentException("a pepper needs an id, which names it in stored hashes");
            }
            return Pepper.ofBase64(properties.id(), properties.value());
        }
    }

    /** Devtools ends a database in memory before a restart: not before the service has written its last notes. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(name = ApiKeysAutoConfiguration.DEVTOOLS_SHUTDOWN)
    static class DevtoolsConfiguration {
        @Bean
        static AbstractDependsOnBeanFactoryPostProcessor apiKeysEndBeforeTheDatabase() {
            return new AbstractDependsOnBeanFactoryPostProcessor(KeyService.class, DEVTOOLS_SHUTDOWN) {};
        }
    }

    /** The store in the application's database. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JdbiApiKeyStore.class)
    @ConditionalOnMissingBean(ApiKeyStore.class)
    @EnableConfigurationProperties(StoreProperties.class)
    static class StoreConfiguration {
        /** Not before it is asked for: a service of the application's own may be on another store. */
        @Bean
        @Lazy
        @DependsOnDatabaseInitialization
        JdbiApiKeyStore apiKeyStore(
                ObjectProvider<DataSource> unique, ApplicationContext beans, StoreProperties store) {
            HostDataSource source = HostDataSource.of(choose(unique, beans, store));
            source.warnIfTooSmall(store.feed());
            JdbiApiKeyStore.Builder builder = JdbiApiKeyStore.builder(source.pool());
            if (store.feed() == StoreProperties.Feed.POOL) {
                builder.feedDataSource(source.pool());
            }
            Setting.requireAtLeast(
                    "apikeys.store.statement-timeout", Duration.ofSeconds(1), store.statementTimeout(), "5s");
            Setting.set(
                    "apikeys.store.statement-timeout", builder, to -> to.statementTimeout(store.statementTimeout()));
            if (store.schema() == StoreProperties.SchemaHandling.EXPECT) {
                builder.expectSchema();
            }
            try {
                return builder.build();
            } catch (StoreUnavailableException away) {
                throw away;
            } catch (IllegalStateException unfit) {
                throw new StoreSetupException(String.valueOf(unfit.getMessage()), unfit);
            }
        }

        private static DataSource choose(
                ObjectProvider<DataSource> unique, ApplicationContext beans, StoreProperties store) {
            Map<String, DataSource> all = BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, DataSource.class);
            if (StringUtils.hasText(store.dataSource())) {
                DataSource named = all.get(store.dataSource());
                if (named == null) {
                    throw new InvalidSettingException(
                            "apikeys.store.data-source",
                            "there is no DataSource bean " + store.dataSource() + ", only " + all.keySet());
                }
                return named;
            }
            if (all.isEmpty()) {
                throw new InvalidSettingException(
                        "spring.datasource.url",
                        "API keys need a DataSource, or a bean of type ApiKeyStore, and there is neither");
            }
            DataSource only = unique.getIfUnique();
            if (only == null) {
                throw new InvalidSettingException(
                        "apikeys.store.data-source", "there are several DataSource beans, " + all.keySet());
            }
            return only;
        }
    }
}
