package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.micrometer.ApiKeyMeters;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters, where the application has Micrometer. Spring Boot binds them to its registries. */
@AutoConfiguration(after = ApiKeysAutoConfiguration.class)
@ConditionalOnClass({MeterRegistry.class, ApiKeyMeters.class})
@ConditionalOnBean(KeyService.class)
public class ApiKeysMetricsAutoConfiguration {
    /** The meters of the service. */
    @Bean
    @ConditionalOnMissingBean
    public ApiKeyMeters apiKeyMeters(KeyService keys) {
        return new ApiKeyMeters(keys);
    }
}
