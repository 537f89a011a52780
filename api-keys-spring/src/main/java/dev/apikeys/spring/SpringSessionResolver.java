package dev.apikeys.spring;

import dev.apikeys.management.Caller;
import dev.apikeys.management.SessionResolver;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Who calls a management endpoint, as Spring Security says: whoever is authenticated, by session or token. An API key, and
 * somebody whom the browser remembers, are known but not interactive.
 *
 * <p>Thread-safe.
 */
final class SpringSessionResolver implements SessionResolver {
    private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();
    private final SecurityContextHolderStrategy holder;
    private final OrganizationResolver organizations;
    private final String administratorAuthority;

    SpringSessionResolver(
            SecurityContextHolderStrategy holder, OrganizationResolver organizations, String administratorAuthority) {
        this.holder = holder;
        this.organizations = organizations;
        this.administratorAuthority = administratorAuthority;
    }

    @Override
    public Caller resolve(HttpServletRequest request) {
        Authentication authentication = holder.getContext().getAuthentication();
        if (authentication == null || !authentication.isAuthenticated() || trust.isAnonymous(authentication)) {
            return Caller.anonymous();
        }
        if (authentication instanceof ApiKeyAuthentication || trust.isRememberMe(authentication)) {
            return Caller.notInteractive();
        }
        Caller.Session session = Caller.session(authentication.getName());
        session = organizations
                .organizationOf(authentication)
                .map(session::inOrganization)
                .orElse(session);
        return isAdministrator(authentication) ? session.asAdministrator() : session;
    }

    private boolean isAdministrator(Authentication authentication) {
        return authentication.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .anyMatch(administratorAuthority::equals);
    }
}
