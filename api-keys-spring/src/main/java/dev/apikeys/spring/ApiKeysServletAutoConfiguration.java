package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.ApiKeyFilterBuilder;
import dev.apikeys.servlet.Bucket4jRateLimit;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.KeyAuthenticator;
import dev.apikeys.servlet.RateLimit;
import dev.apikeys.servlet.RateQuota;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/** What {@link ApiKeySecurity#apiKeys()} needs in a servlet container. */
@AutoConfiguration(after = ApiKeysAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(HttpSecurity.class)
@ConditionalOnBean(KeyService.class)
@EnableConfigurationProperties({ApiKeysProperties.class, RequestProperties.class})
public class ApiKeysServletAutoConfiguration {
    /** How the address of a client is found. */
    @Bean
    @ConditionalOnMissingBean
    public ClientAddress apiKeyClientAddress(RequestProperties request) {
        return request.toClientAddress();
    }

    /** What verifies the keys of requests. */
    @Bean
    @ConditionalOnMissingBean
    public KeyAuthenticator apiKeyAuthenticator(
            KeyService keys, ClientAddress address, RequestProperties request, ObjectProvider<RateLimit> rateLimit) {
        ApiKeyFilterBuilder builder =
                ApiKeyFilter.builder(keys).clientAddress(address).credentials(request.toCredentialPlaces());
        RateLimit limit = rateLimit.getIfAvailable(() -> limitOf(request.rateLimit()));
        return (limit == null ? builder : builder.rateLimit(limit)).authenticator();
    }

    private static @Nullable RateLimit limitOf(RequestProperties.@Nullable RateLimitProperties limit) {
        if (limit == null) {
            return null;
        }
        Long requests = limit.requests();
        if (requests == null) {
            throw new InvalidSettingException(
                    "apikeys.request.rate-limit.requests", "a limit needs to know how many requests, such as 100");
        }
        long count = requests;
        Setting.requireAtLeast("apikeys.request.rate-limit.period", Duration.ofSeconds(1), limit.period(), "60s");
        RateQuota quota = Setting.apply(
                "apikeys.request.rate-limit",
                limit,
                from -> new RateQuota(count, from.period(), from.burst() == null ? count : from.burst()));
        try {
            return Bucket4jRateLimit.local(quota);
        } catch (NoClassDefFoundError noBucket4j) {
            throw new InvalidSettingException(
                    "apikeys.request.rate-limit", "add the dependency com.bucket4j:bucket4j_jdk17-core");
        }
    }
}
