package dev.apikeys.spring;

import dev.apikeys.KeyPrincipal;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.KeyAuthenticator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.web.filter.GenericFilterBean;

/**
 * Authenticates requests by their API key: once per request, and by the same outcome in each of its dispatches. The
 * authentication lies in the request alone, never in a session.
 *
 * <p>Thread-safe.
 */
final class KeyAuthenticationFilter extends GenericFilterBean {
    private static final String AUTHENTICATION = KeyAuthenticationFilter.class.getName() + ".AUTHENTICATION";
    private static final Object NONE = new Object();

    private final KeyAuthenticator authenticator;
    private final ScopeAuthorities scopes;
    private final UnaryOperator<HttpServletRequest> passedOn;
    private final BiConsumer<HttpServletRequest, KeyPrincipal> observer;
    private final SecurityContextRepository requestOnly = new RequestAttributeSecurityContextRepository();
    private final SecurityContextHolderStrategy holder;

    /**
     * A filter.
     *
     * @param holder where the filters behind this one look for the authentication
     * @param passedOn what the filters behind this one get of a request with a key
     * @param observer is told of each authenticated request
     */
    KeyAuthenticationFilter(
            KeyAuthenticator authenticator,
            ScopeAuthorities scopes,
            SecurityContextHolderStrategy holder,
            UnaryOperator<HttpServletRequest> passedOn,
            BiConsumer<HttpServletRequest, KeyPrincipal> observer) {
        this.authenticator = authenticator;
        this.scopes = scopes;
        this.holder = holder;
        this.passedOn = passedOn;
        this.observer = observer;
    }

    /** Tells whether the request was authenticated by a key. */
    static boolean isByKey(SecurityContextHolderStrategy holder) {
        return holder.getContext().getAuthentication() instanceof ApiKeyAuthentication;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest in = (HttpServletRequest) request;
        HttpServletResponse out = (HttpServletResponse) response;
        Object outcome = in.getAttribute(AUTHENTICATION);
        if (outcome == null) {
            KeyAuthenticator.Result result = authenticator.authenticate(in);
            if (result.isRefused()) {
                authenticator.refuse(result, in, out);
                return;
            }
            result.mark(out);
            KeyPrincipal principal = result.principal().orElse(null);
            outcome = principal == null ? NONE : begin(principal, in);
            in.setAttribute(AUTHENTICATION, outcome);
        }
        if (outcome instanceof ApiKeyAuthentication authentication) {
            authenticate(authentication, in, out);
            chain.doFilter(passedOn.apply(in), out);
        } else {
            chain.doFilter(in, out);
        }
    }

    /** No browser can be made to send a key in a header, so that such a request needs no CSRF token either. */
    private ApiKeyAuthentication begin(KeyPrincipal principal, HttpServletRequest request) {
        request.setAttribute(ApiKeyFilter.PRINCIPAL_ATTRIBUTE, principal);
        if (!authenticator.isInQuery(request)) {
            CsrfFilter.skipRequest(request);
        }
        observer.accept(request, principal);
        return new ApiKeyAuthentication(principal, scopes);
    }

    /** Runs in each dispatch. Otherwise a session cookie of the same request would count in later dispatches. */
    private void authenticate(
            ApiKeyAuthentication authentication, HttpServletRequest request, HttpServletResponse response) {
        SecurityContext context = holder.createEmptyContext();
        context.setAuthentication(authentication);
        holder.setContext(context);
        requestOnly.saveContext(context, request, response);
    }
}
