package dev.apikeys.spring;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.Scope;
import dev.apikeys.servlet.internal.Problem;
import java.util.function.BiConsumer;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authorization.HttpStatusServerAccessDeniedHandler;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.security.web.server.csrf.CsrfWebFilter;
import org.springframework.security.web.server.util.matcher.AndServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.web.server.ServerWebExchange;

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
    private final ServerAccessDeniedHandler others = new HttpStatusServerAccessDeniedHandler(HttpStatus.FORBIDDEN);

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
     * Adds authentication by API key, and the answers of the contract: 400, 401, 403 and 503. CSRF protection stays on for
     * requests without a key in a header.
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
        filter.setAuthenticationFailureHandler((exchange, failure) ->
                ProblemAnswer.send(exchange.getExchange(), KeyRefusedException.problem(failure)));
        return http.addFilterBefore(filter, SecurityWebFiltersOrder.AUTHENTICATION)
                .addFilterAfter(HiddenHeader::reveal, SecurityWebFiltersOrder.AUTHENTICATION)
                .csrf(csrf -> csrf.requireCsrfProtectionMatcher(new AndServerWebExchangeMatcher(
                        CsrfWebFilter.DEFAULT_CSRF_MATCHER,
                        new NegatedServerWebExchangeMatcher(converter::matchesInHeader))))
                .exceptionHandling(answers -> answers.authenticationEntryPoint(
                                (exchange, none) -> ProblemAnswer.send(exchange, Problem.NO_CREDENTIAL))
                        .accessDeniedHandler(accessDenied()));
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

    private ServerAccessDeniedHandler accessDenied() {
        return (exchange, denied) -> ReactiveSecurityContextHolder.getContext()
                .map(context -> context.getAuthentication() instanceof ApiKeyAuthentication)
                .defaultIfEmpty(false)
                .flatMap(isKey -> {
                    if (!isKey) {
                        return others.handle(exchange, denied);
                    }
                    return ProblemAnswer.send(
                            exchange,
                            denied instanceof AuthorizationDeniedException decided
                                            && decided.getAuthorizationResult() instanceof ScopeDecision decision
                                    ? Problem.scopeMissing(decision.scope())
                                    : Problem.NO_RULE);
                });
    }
}
