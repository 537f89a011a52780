package dev.apikeys.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.GrantedAuthority;

/** Scopes as authorities; needs no database, so that slices of tests can have it. */
@AutoConfiguration
@ConditionalOnClass(GrantedAuthority.class)
@EnableConfigurationProperties(ApiKeysProperties.class)
public class ApiKeysScopesAutoConfiguration {
    /** The scopes that the application declares. */
    @Bean
    @ConditionalOnMissingBean
    public ScopeAuthorities apiKeyScopes(ApiKeysProperties properties) {
        return ScopeAuthorities.declaring(ModeProperties.scopes("apikeys.scopes", properties.scopes()));
    }
}
