package dev.apikeys.spring;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.Scope;
import java.util.function.BiConsumer;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.csrf.CsrfWebFilter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * API keys in a {@link SecurityWebFilterChain} of WebFlux:
 *
 * <pre>{@code
 * SecurityWebFilterChain chain(ServerHttpSecurity http, ReactiveApiKeys apiKeys) {
 *     return apiKeys.addTo(http)
 *             .authorizeExchange(rules -> rules.pathMatchers("/systems/**").access(hasScope("read:systems")))
 *             .build();
 * }
 * }</pre>
 *
 * <p>A key that is in memory is verified on the event loop, which waits for nothing; any other on a thread of the bounded
 * elastic scheduler. Nothing is saved in a session.
 *
 * <p>Thread-safe.
 */
public final class ReactiveApiKeys {
    private final PresentedKeyConverter converter;
    private final ReactiveKeyVerification verification;
    private final BiConsumer<ServerWebExchange, KeyPrincipal> observer;

    /**
     * Keys for filter chains.
     *
     * @param observer is told of each authenticated request
     */
    ReactiveApiKeys(
            KeyService keys,
            PresentedKeyConverter converter,
            ScopeAuthorities scopes,
            BiConsumer<ServerWebExchange, KeyPrincipal> observer) {
        this.observer = observer;
        this.converter = converter;
        this.verification = new ReactiveKeyVerification(keys, scopes);
    }

    /**
     * Adds authentication by API key, and the answers of the contract: 400, 401, 403 and 503. CSRF protection is skipped for
     * requests with a key in a header, and is for all others what the chain says.
     *
     * <p>A request without a credential gets 401. One by which a browser asks for a page goes to the entry point of the
     * chain, such as a login page; an entry point of the application's own sees those alone.
     */
    public ServerHttpSecurity addTo(ServerHttpSecurity http) {
        AuthenticationWebFilter filter = new AuthenticationWebFilter(verification);
        filter.setServerAuthenticationConverter(converter);
        filter.setAuthenticationSuccessHandler((exchange, authentication) -> {
            if (authentication instanceof ApiKeyAuthentication key) {
                observer.accept(exchange.getExchange(), key.getPrincipal());
            }
            return HiddenHeader.hide(exchange, authentication);
        });
        // Failures of whatever is behind this filter come by here too, and go on.
        filter.setAuthenticationFailureHandler((exchange, failure) -> failure instanceof KeyRefusedException refused
                ? ProblemAnswer.send(exchange.getExchange(), refused.problem())
                : Mono.error(failure));
        return http.addFilterBefore(filter, SecurityWebFiltersOrder.AUTHENTICATION)
                .addFilterAfter(HiddenHeader::reveal, SecurityWebFiltersOrder.AUTHENTICATION)
                .addFilterBefore(this::skipCsrf, SecurityWebFiltersOrder.CSRF)
                .addFilterAfter(new ReactiveAnswers(), SecurityWebFiltersOrder.EXCEPTION_TRANSLATION);
    }

    /** Leaves the protection itself to the chain: to set its matcher here would undo what others set. */
    private Mono<Void> skipCsrf(ServerWebExchange exchange, WebFilterChain chain) {
        if (converter.findsInHeader(exchange)) {
            CsrfWebFilter.skipExchange(exchange);
        }
        return chain.filter(exchange);
    }

    /**
     * Allows keys that have a scope, also by a wildcard, and whatever else has an authority {@code SCOPE_} with it.
     *
     * @param scope {@code verb:resource}
     * @param <T> what is asked for
     * @throws IllegalArgumentException when it is no scope
     */
    public static <T> ReactiveAuthorizationManager<T> hasScope(String scope) {
        return new ReactiveScopeDecider<>(Scope.parse(scope));
    }
}
