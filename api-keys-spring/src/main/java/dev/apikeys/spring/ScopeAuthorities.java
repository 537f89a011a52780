package dev.apikeys.spring;

import dev.apikeys.EffectiveScopes;
import dev.apikeys.Scope;
import dev.apikeys.Scopes;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Scopes as Spring Security's authorities: {@code SCOPE_read:systems}. Spring compares authorities as text, so a key with
 * {@code read:*} gets one for each scope that the application declares in {@code apikeys.scopes}.
 *
 * <p>Immutable and thread-safe.
 */
public final class ScopeAuthorities {
    /** What stands in front of a scope, as it does with Spring's own bearer tokens. */
    public static final String PREFIX = "SCOPE_";

    private final List<Scope> declared;

    private ScopeAuthorities(List<Scope> declared) {
        this.declared = declared;
    }

    /** Authorities of an application that asks for these scopes. */
    public static ScopeAuthorities declaring(Scopes scopes) {
        return new ScopeAuthorities(scopes.stream().toList());
    }

    /** The authorities of a key: one for each scope that it holds, and for each declared scope that it may use. */
    public Collection<GrantedAuthority> of(EffectiveScopes scopes) {
        return Stream.concat(scopes.asScopes().stream(), declared.stream())
                .filter(scopes::allows)
                .distinct()
                .<GrantedAuthority>map(scope -> new SimpleGrantedAuthority(PREFIX + scope))
                .toList();
    }

    /**
     * Tells whether an authentication of any kind allows a scope: a key by its scopes, others by their authorities, in
     * which a wildcard counts too.
     */
    static boolean allow(Authentication authentication, Scope scope) {
        if (!authentication.isAuthenticated()) {
            return false;
        }
        if (authentication instanceof ApiKeyAuthentication key) {
            return key.getPrincipal().scopes().allows(scope);
        }
        for (GrantedAuthority authority : authentication.getAuthorities()) {
            String name = authority.getAuthority();
            if (name != null && name.startsWith(PREFIX) && covers(name.substring(PREFIX.length()), scope)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String granted, Scope wanted) {
        try {
            return Scope.parse(granted).covers(wanted);
        } catch (IllegalArgumentException anotherKindOfScope) {
            return false;
        }
    }
}
