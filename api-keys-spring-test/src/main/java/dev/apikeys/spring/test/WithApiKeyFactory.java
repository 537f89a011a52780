package dev.apikeys.spring.test;

import dev.apikeys.spring.ScopeAuthorities;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.test.context.support.WithSecurityContextFactory;

/** Makes the context of a test with {@link WithApiKey}. Made by Spring. */
final class WithApiKeyFactory implements WithSecurityContextFactory<WithApiKey> {
    private final ObjectProvider<ScopeAuthorities> declared;

    WithApiKeyFactory(ObjectProvider<ScopeAuthorities> declared) {
        this.declared = declared;
    }

    @Override
    public SecurityContext createSecurityContext(WithApiKey key) {
        KeyHolder holder = KeyHolder.DEFAULT.user(key.user()).scopes(key.scopes());
        if (!key.organization().isEmpty()) {
            holder = holder.organization(key.organization());
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(holder.authentication(declared.getIfUnique()));
        return context;
    }
}
