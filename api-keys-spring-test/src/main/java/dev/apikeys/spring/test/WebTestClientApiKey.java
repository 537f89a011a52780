package dev.apikeys.spring.test;

import org.jspecify.annotations.Nullable;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers;
import org.springframework.security.web.server.csrf.CsrfWebFilter;
import org.springframework.test.web.reactive.server.MockServerConfigurer;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClientConfigurer;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/**
 * A key for the requests of a WebTestClient: {@code client.mutateWith(apiKey().scopes("read:systems"))}. As with a real
 * key, no CSRF token is needed. Declared scopes are not known here, so name each scope that a rule compares as text.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class WebTestClientApiKey implements WebTestClientConfigurer, MockServerConfigurer {
    private final KeyHolder holder;

    private WebTestClientApiKey(KeyHolder holder) {
        this.holder = holder;
    }

    /** A key that may do everything but what no key ever may, of a user called {@code user}. */
    public static WebTestClientApiKey apiKey() {
        return new WebTestClientApiKey(KeyHolder.DEFAULT);
    }

    /** The key may do this alone. */
    public WebTestClientApiKey scopes(String... scopes) {
        return new WebTestClientApiKey(holder.scopes(scopes));
    }

    /** The key acts for this user. */
    public WebTestClientApiKey user(String user) {
        return new WebTestClientApiKey(holder.user(user));
    }

    /** The user is in this organization. */
    public WebTestClientApiKey organization(String organization) {
        return new WebTestClientApiKey(holder.organization(organization));
    }

    @Override
    public void beforeServerCreated(WebHttpHandlerBuilder server) {
        serverSide().beforeServerCreated(server);
        withoutCsrf(server);
    }

    @Override
    public void afterConfigureAdded(WebTestClient.MockServerSpec<?> server) {
        serverSide().afterConfigureAdded(server);
    }

    @Override
    public void afterConfigurerAdded(
            WebTestClient.Builder client,
            @Nullable WebHttpHandlerBuilder server,
            @Nullable ClientHttpConnector connector) {
        WebTestClientConfigurer clientSide =
                SecurityMockServerConfigurers.mockAuthentication(holder.authentication(null));
        clientSide.afterConfigurerAdded(client, server, connector);
        if (server != null) {
            withoutCsrf(server);
        }
    }

    /** In front of Spring Security. */
    private static void withoutCsrf(WebHttpHandlerBuilder server) {
        server.filters(filters -> filters.add(0, (exchange, chain) -> {
            CsrfWebFilter.skipExchange(exchange);
            return chain.filter(exchange);
        }));
    }

    private MockServerConfigurer serverSide() {
        return SecurityMockServerConfigurers.mockAuthentication(holder.authentication(null));
    }
}
