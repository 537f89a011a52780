package dev.apikeys.spring;

import dev.apikeys.KeyService;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.RateLimit;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.web.server.ServerHttpSecurity;

/** What a filter chain of WebFlux needs for keys. */
@AutoConfiguration(after = {ApiKeysAutoConfiguration.class, ApiKeysScopesAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(ServerHttpSecurity.class)
@ConditionalOnBean(KeyService.class)
@EnableConfigurationProperties(RequestProperties.class)
public class ApiKeysReactiveAutoConfiguration {
    /** Authentication by key, to be added to a chain. */
    @Bean
    @ConditionalOnMissingBean
    public ReactiveApiKeys reactiveApiKeys(
            KeyService keys,
            ScopeAuthorities scopes,
            RequestProperties request,
            ObjectProvider<ClientAddress> address,
            ListableBeanFactory beans) {
        if (request.rateLimit() != null) {
            throw new InvalidSettingException(
                    "apikeys.request.rate-limit", "remove it: in WebFlux the library has no limit of requests");
        }
        String[] limits = beans.getBeanNamesForType(RateLimit.class, true, false);
        if (limits.length > 0) {
            throw new InvalidSettingException(
                    "apikeys.request.rate-limit",
                    "remove the bean " + limits[0] + ": in WebFlux the library has no limit of requests");
        }
        // Made here, and not as a bean: its class names the servlet API, which isn't there.
        PresentedKeyConverter converter = new PresentedKeyConverter(
                keys.tokenFormat(), address.getIfAvailable(request::toClientAddress), request.toCredentialPlaces());
        return new ReactiveApiKeys(
                keys, converter, scopes, request.observeKeyId() ? ObservedKey::observe : (exchange, principal) -> {});
    }
}
