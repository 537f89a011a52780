package dev.apikeys.spring;

import dev.apikeys.KeyService;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Issues the first key into a file, where {@code apikeys.bootstrap.file} names one. */
@AutoConfiguration(after = ApiKeysAutoConfiguration.class)
@ConditionalOnBean(KeyService.class)
@ConditionalOnProperty("apikeys.bootstrap.file")
@EnableConfigurationProperties(BootstrapProperties.class)
public class ApiKeysBootstrapAutoConfiguration {
    @Bean
    FirstKey apiKeyBootstrap(KeyService keys, BootstrapProperties bootstrap) {
        return new FirstKey(keys, bootstrap);
    }
}
