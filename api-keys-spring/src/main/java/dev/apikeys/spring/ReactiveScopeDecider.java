package dev.apikeys.spring;

import dev.apikeys.Scope;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import reactor.core.publisher.Mono;

/**
 * Allows what has a scope, wildcards included.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <T> what is asked for; not looked at
 */
final class ReactiveScopeDecider<T> implements ReactiveAuthorizationManager<T> {
    private final Scope scope;

    ReactiveScopeDecider(Scope scope) {
        this.scope = scope;
    }

    /** What Spring Security 6.5 asks by; version 7 has {@link #authorize} alone. */
    @Override
    @Deprecated
    public Mono<AuthorizationDecision> check(Mono<Authentication> authentication, T object) {
        return decide(authentication).cast(AuthorizationDecision.class);
    }

    @Override
    public Mono<AuthorizationResult> authorize(Mono<Authentication> authentication, T object) {
        return decide(authentication).cast(AuthorizationResult.class);
    }

    private Mono<ScopeDecision> decide(Mono<Authentication> authentication) {
        return authentication
                .map(who -> new ScopeDecision(ScopeAuthorities.allow(who, scope), scope))
                .defaultIfEmpty(new ScopeDecision(false, scope));
    }
}
