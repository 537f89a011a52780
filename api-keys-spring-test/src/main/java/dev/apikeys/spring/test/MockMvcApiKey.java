package dev.apikeys.spring.test;

import dev.apikeys.spring.ScopeAuthorities;
import org.jspecify.annotations.Nullable;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * A key for one request of MockMvc: {@code mvc.perform(get("/systems").with(apiKey().scopes("read:systems")))}. As with a
 * real key, no CSRF token is needed.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class MockMvcApiKey implements RequestPostProcessor {
    private final KeyHolder holder;

    private MockMvcApiKey(KeyHolder holder) {
        this.holder = holder;
    }

    /** A key that may do everything but what no key ever may, of a user called {@code user}. */
    public static MockMvcApiKey apiKey() {
        return new MockMvcApiKey(KeyHolder.DEFAULT);
    }

    /** The key may do this alone. */
    public MockMvcApiKey scopes(String... scopes) {
        return new MockMvcApiKey(holder.scopes(scopes));
    }

    /** The key acts for this user. */
    public MockMvcApiKey user(String user) {
        return new MockMvcApiKey(holder.user(user));
    }

    /** The user is in this organization. */
    public MockMvcApiKey organization(String organization) {
        return new MockMvcApiKey(holder.organization(organization));
    }

    @Override
    public MockHttpServletRequest postProcessRequest(MockHttpServletRequest request) {
        CsrfFilter.skipRequest(request);
        return SecurityMockMvcRequestPostProcessors.authentication(holder.authentication(declared(request)))
                .postProcessRequest(request);
    }

    private static @Nullable ScopeAuthorities declared(MockHttpServletRequest request) {
        WebApplicationContext beans = WebApplicationContextUtils.findWebApplicationContext(request.getServletContext());
        return beans == null
                ? null
                : beans.getBeanProvider(ScopeAuthorities.class).getIfUnique();
    }
}
