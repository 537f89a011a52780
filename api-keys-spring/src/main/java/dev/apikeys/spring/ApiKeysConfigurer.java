package dev.apikeys.spring;

import dev.apikeys.servlet.KeyAuthenticator;
import dev.apikeys.servlet.internal.RuleMethod;
import java.util.List;
import java.util.Set;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.ExceptionHandlingConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.resource.OAuth2ResourceServerConfigurer;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestHeaderRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.ClassUtils;

/**
 * Adds authentication by API key to a filter chain: {@code http.with(apiKeys(), withDefaults())}.
 *
 * <ul>
 *   <li>A request with a key is authenticated by it alone, whatever cookie comes along, and no session is made.
 *   <li>A bad key ends the request with 401, a store that can't be asked with 503. Another bearer token goes on to
 *       {@code oauth2ResourceServer()}: the prefix decides.
 *   <li>CSRF protection is off for requests with a key in a header, which a browser can't be made to send. It stays on for
 *       all others, those with a key in the query among them.
 *   <li>Requests without any credential get 401, or the login page where a browser asks for a page and the chain has one.
 * </ul>
 *
 * <p>Not thread-safe.
 */
public final class ApiKeysConfigurer extends AbstractHttpConfigurer<ApiKeysConfigurer, HttpSecurity> {
    private static final boolean HAS_RESOURCE_SERVER = ClassUtils.isPresent(
            "org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter",
            ApiKeysConfigurer.class.getClassLoader());

    ApiKeysConfigurer() {}

    /**
     * Lets in what has a scope; the same as {@code requestMatchers(method, pathPattern).access(hasScope(scope))} among the
     * chain's rules, behind those that are there already.
     *
     * @param method for example {@code GET}, which is for {@code HEAD} too, or {@code *} for every one
     * @param pathPattern as Spring Security reads it, for example {@code /systems/**}
     * @param scope {@code verb:resource}
     * @throws IllegalArgumentException when no request has such a method, it is {@code HEAD}, or the scope is none
     */
    public ApiKeysConfigurer require(String method, String pathPattern, String scope) {
        List<HttpMethod> methods = methods(method);
        try {
            getBuilder().authorizeHttpRequests(rules -> {
                if (methods.isEmpty()) {
                    rules.requestMatchers(pathPattern).access(ApiKeySecurity.hasScope(scope));
                }
                for (HttpMethod each : methods) {
                    rules.requestMatchers(each, pathPattern).access(ApiKeySecurity.hasScope(scope));
                }
            });
        } catch (RuntimeException refused) {
            throw refused;
        } catch (Exception declared) {
            throw new IllegalStateException(declared);
        }
        return this;
    }

    /** By the rules of the filter without Spring; none for every method. */
    private static List<HttpMethod> methods(String method) {
        if (RuleMethod.checked(method).equals(RuleMethod.ANY)) {
            return List.of();
        }
        return method.equals("GET") ? List.of(HttpMethod.GET, HttpMethod.HEAD) : List.of(HttpMethod.valueOf(method));
    }

    /** Registers the entry points at once: the first that fits counts, and those of login pages come later. */
    @Override
    @SuppressWarnings("unchecked")
    public void setBuilder(HttpSecurity http) {
        super.setBuilder(http);
        ExceptionHandlingConfigurer<HttpSecurity> handling = http.getConfigurer(ExceptionHandlingConfigurer.class);
        if (handling == null) {
            return;
        }
        KeyAuthenticator authenticator = authenticator(http);
        AuthenticationEntryPoint askForKey = (request, response, failure) -> authenticator.askForKey(request, response);
        List<ManagementEntryPoint> mounts = context(http)
                .getBeanProvider(ManagementEntryPoint.class)
                .orderedStream()
                .toList();
        // The first one is for requests that fit none, too: those for a page in a chain without a login page.
        handling.defaultAuthenticationEntryPointFor(pageOf(mounts, askForKey), fitsNone -> false);
        mounts.forEach(mount -> handling.defaultAuthenticationEntryPointFor(mount, mount::serves));
        handling.defaultAuthenticationEntryPointFor(askForKey, wantsNoPage());
        handling.defaultAccessDeniedHandlerFor(
                new KeyAccessDeniedHandler(authenticator, getSecurityContextHolderStrategy()),
                request -> KeyAuthenticationFilter.isByKey(getSecurityContextHolderStrategy()));
    }

    /** Before the filter for CSRF, so that requests with a key don't pay for that filter. */
    @Override
    public void configure(HttpSecurity http) {
        boolean hides = HAS_RESOURCE_SERVER && ResourceServer.isIn(http);
        http.addFilterBefore(
                new KeyAuthenticationFilter(
                        authenticator(http),
                        bean(http, ScopeAuthorities.class),
                        getSecurityContextHolderStrategy(),
                        hides ? HiddenCredential::new : request -> request,
                        bean(http, RequestProperties.class).observeKeyId()
                                ? ObservedKey::observe
                                : (request, principal) -> {}),
                CsrfFilter.class);
        if (hides) {
            ResourceServer.revealBehindIt(http);
        }
    }

    /** The page of the mount that has one there; others are asked for a key. */
    private static AuthenticationEntryPoint pageOf(
            List<ManagementEntryPoint> mounts, AuthenticationEntryPoint askForKey) {
        return (request, response, failure) -> {
            AuthenticationEntryPoint answering = askForKey;
            for (ManagementEntryPoint mount : mounts) {
                answering = mount.servesPage(request) ? mount : answering;
            }
            answering.commence(request, response, failure);
        };
    }

    private static RequestMatcher wantsNoPage() {
        MediaTypeRequestMatcher page =
                new MediaTypeRequestMatcher(MediaType.TEXT_HTML, MediaType.APPLICATION_XHTML_XML);
        page.setIgnoredMediaTypes(Set.of(MediaType.ALL));
        return new OrRequestMatcher(
                new RequestHeaderRequestMatcher("X-Requested-With", "XMLHttpRequest"), new NegatedRequestMatcher(page));
    }

    private static ApplicationContext context(HttpSecurity http) {
        return http.getSharedObject(ApplicationContext.class);
    }

    /** Only the service brings it, and without this a chain that asks for keys would accept none. */
    private static KeyAuthenticator authenticator(HttpSecurity http) {
        KeyAuthenticator authenticator =
                context(http).getBeanProvider(KeyAuthenticator.class).getIfAvailable();
        if (authenticator == null) {
            throw new InvalidSettingException(
                    "apikeys.enabled",
                    "a filter chain has apiKeys(), and there is no KeyService. Where it is false, leave apiKeys() out;"
                            + " a slice of a test needs @AutoConfigureApiKeys");
        }
        return authenticator;
    }

    private static <T> T bean(HttpSecurity http, Class<T> type) {
        return context(http).getBean(type);
    }

    /** Loaded only where the application has a resource server. */
    private static final class ResourceServer {
        private ResourceServer() {}

        @SuppressWarnings("unchecked")
        static boolean isIn(HttpSecurity http) {
            return http.getConfigurer(OAuth2ResourceServerConfigurer.class) != null;
        }

        static void revealBehindIt(HttpSecurity http) {
            http.addFilterAfter(new HiddenCredential.RevealFilter(), BearerTokenAuthenticationFilter.class);
        }
    }
}
