package dev.apikeys.spring;

import dev.apikeys.Scope;
import org.springframework.security.authorization.AuthorizationManager;

/**
 * API keys in the language of Spring Security, for static imports:
 *
 * <pre>{@code
 * http.with(apiKeys(), withDefaults())
 *         .authorizeHttpRequests(rules -> rules
 *                 .requestMatchers("/systems/**").access(hasScope("read:systems"))
 *                 .anyRequest().authenticated());
 * }</pre>
 */
public final class ApiKeySecurity {
    private ApiKeySecurity() {}

    /** Authenticates requests by API keys, next to what else the filter chain has. */
    public static ApiKeysConfigurer apiKeys() {
        return new ApiKeysConfigurer();
    }

    /**
     * Allows keys that have a scope, also by a wildcard, and whatever else has an authority {@code SCOPE_} with it.
     *
     * @param scope {@code verb:resource}; a wildcard requires everything that it stands for
     * @param <T> what is asked for: a request, a method call
     * @throws IllegalArgumentException when it is no scope
     */
    public static <T> AuthorizationManager<T> hasScope(String scope) {
        return new ScopeDecider<>(Scope.parse(scope));
    }
}
