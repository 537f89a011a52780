package dev.apikeys.spring;

import dev.apikeys.Scope;
import dev.apikeys.servlet.KeyAuthenticator;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ExpressionAuthorizationDecision;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.AccessDeniedHandlerImpl;

/**
 * Answers a key that may not do something by the challenge of RFC 6750, which names the scope where the refused rule does.
 * Others are answered as Spring does.
 *
 * <p>Thread-safe.
 */
final class KeyAccessDeniedHandler implements AccessDeniedHandler {
    /** What stands in {@code @PreAuthorize} most of the time. */
    private static final Pattern HAS_AUTHORITY = Pattern.compile("\\s*hasAuthority\\(\\s*'([^']+)'\\s*\\)\\s*");

    private final KeyAuthenticator authenticator;
    private final SecurityContextHolderStrategy holder;
    private final AccessDeniedHandler others = new AccessDeniedHandlerImpl();

    KeyAccessDeniedHandler(KeyAuthenticator authenticator, SecurityContextHolderStrategy holder) {
        this.authenticator = authenticator;
        this.holder = holder;
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException, ServletException {
        if (KeyAuthenticationFilter.isByKey(holder)) {
            authenticator.forbid(neededScope(denied), request, response);
        } else {
            others.handle(request, response, denied);
        }
    }

    private static @Nullable Scope neededScope(AccessDeniedException denied) {
        if (!(denied instanceof AuthorizationDeniedException decided)) {
            return null;
        }
        AuthorizationResult result = decided.getAuthorizationResult();
        if (result instanceof ScopeDecision decision) {
            return decision.scope();
        }
        if (result instanceof ExpressionAuthorizationDecision decision) {
            Matcher asked = HAS_AUTHORITY.matcher(decision.getExpression().getExpressionString());
            return asked.matches() ? scopeOf(asked.group(1)) : null;
        }
        return result instanceof AuthorityAuthorizationDecision decision ? onlyScope(decision.getAuthorities()) : null;
    }

    /** Of several authorities one would do, and a challenge that names them all would ask for too much. */
    private static @Nullable Scope onlyScope(Collection<GrantedAuthority> authorities) {
        return authorities.size() == 1
                ? scopeOf(String.valueOf(authorities.iterator().next().getAuthority()))
                : null;
    }

    private static @Nullable Scope scopeOf(String name) {
        try {
            return name.startsWith(ScopeAuthorities.PREFIX)
                    ? Scope.parse(name.substring(ScopeAuthorities.PREFIX.length()))
                    : null;
        } catch (IllegalArgumentException anotherKindOfScope) {
            return null;
        }
    }
}
