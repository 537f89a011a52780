package dev.apikeys.spring;

import dev.apikeys.KeyService;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health, info and the endpoint {@code apikeys} for Spring Boot's actuator. */
@AutoConfiguration(after = ApiKeysAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(KeyService.class)
public class ApiKeysActuatorAutoConfiguration {
    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = ApiKeysEndpoint.class)
    ApiKeysEndpoint apiKeysEndpoint(KeyService keys) {
        return new ApiKeysEndpoint(keys);
    }

    @Bean
    @ConditionalOnEnabledInfoContributor("apikeys")
    ApiKeysInfo apiKeysInfoContributor(KeyService keys) {
        return new ApiKeysInfo(keys);
    }

    @Bean
    SecretSettings apiKeysSecretSettings(ApiKeysProperties properties) {
        return new SecretSettings(properties);
    }

    /** Health in Spring Boot 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(org.springframework.boot.actuate.health.HealthIndicator.class)
    @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator("apikeys")
    static class Boot3Health {
        @Bean
        org.springframework.boot.actuate.health.HealthIndicator apikeysHealthIndicator(KeyService keys) {
            return () -> {
                ServiceHealth health = ServiceHealth.of(keys);
                return org.springframework.boot.actuate.health.Health.status(health.status())
                        .withDetails(health.details())
                        .build();
            };
        }
    }

    /** Health in Spring Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(org.springframework.boot.health.contributor.HealthIndicator.class)
    @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator("apikeys")
    static class Boot4Health {
        @Bean
        org.springframework.boot.health.contributor.HealthIndicator apikeysHealthIndicator(KeyService keys) {
            return () -> {
                ServiceHealth health = ServiceHealth.of(keys);
                return org.springframework.boot.health.contributor.Health.status(health.status())
                        .withDetails(health.details())
                        .build();
            };
        }
    }
}
