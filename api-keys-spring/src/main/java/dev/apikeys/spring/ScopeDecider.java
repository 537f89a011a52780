package dev.apikeys.spring;

import dev.apikeys.Scope;
import java.util.function.Supplier;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;

/**
 * Allows what has a scope, wildcards included.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <T> what is asked for; not looked at
 */
final class ScopeDecider<T> implements AuthorizationManager<T> {
    private final ScopeDecision granted;
    private final ScopeDecision denied;
    private final Scope scope;

    ScopeDecider(Scope scope) {
        this.scope = scope;
        this.granted = new ScopeDecision(true, scope);
        this.denied = new ScopeDecision(false, scope);
    }

    /** What Spring Security 6.5 asks by; version 7 has {@link #authorize} alone. */
    @Override
    @Deprecated
    public AuthorizationDecision check(Supplier<Authentication> authentication, T object) {
        return decide(authentication);
    }

    @Override
    public AuthorizationResult authorize(Supplier<Authentication> authentication, T object) {
        return decide(authentication);
    }

    private ScopeDecision decide(Supplier<Authentication> supplier) {
        Authentication authentication = supplier.get();
        return authentication != null && ScopeAuthorities.allow(authentication, scope) ? granted : denied;
    }
}
