package dev.apikeys.spring;

import dev.apikeys.Scope;
import org.springframework.security.authorization.AuthorizationDecision;

/** A decision that names the scope it was about, so that the challenge of a 403 can name it too. Immutable. */
final class ScopeDecision extends AuthorizationDecision {
    private static final long serialVersionUID = 1L;

    private final transient Scope scope;

    ScopeDecision(boolean granted, Scope scope) {
        super(granted);
        this.scope = scope;
    }

    Scope scope() {
        return scope;
    }
}
