package dev.apikeys.spring;

import static dev.apikeys.spring.ReactiveApiKeys.hasScope;
import static dev.apikeys.spring.test.WebTestClientApiKey.apiKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers.springSecurity;

import dev.apikeys.spring.test.AutoConfigureApiKeys;
import dev.apikeys.testkit.TestKeys;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.csrf.CsrfWebFilter;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.config.EnableWebFlux;

/** A key for WebTestClient, without a server. */
@SpringJUnitConfig
class ReactiveSupportTest {
    @Autowired
    private ApplicationContext application;

    @Configuration(proxyBeanMethods = false)
    @AutoConfigureApiKeys
    static class InMemory {}

    @Configuration(proxyBeanMethods = false)
    @EnableWebFlux
    @EnableWebFluxSecurity
    static class Slice {
        @Bean
        SecurityWebFilterChain chain(ServerHttpSecurity http) {
            return http.authorizeExchange(rules -> rules.anyExchange().access(hasScope("read:systems")))
                    .build();
        }

        @Bean
        ReactiveTest.Systems systems() {
            return new ReactiveTest.Systems();
        }
    }

    @Test
    void mutator_givesAKey() {
        WebTestClient client = WebTestClient.bindToApplicationContext(application)
                .apply(springSecurity())
                .configureClient()
                .build();

        client.mutateWith(apiKey().scopes("read:*").user("frank"))
                .get()
                .uri("/systems")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .isEqualTo("ApiKeyAuthentication frank");
        client.mutateWith(apiKey().scopes("read:orders"))
                .get()
                .uri("/systems")
                .exchange()
                .expectStatus()
                .isForbidden();
        client.get().uri("/systems").exchange().expectStatus().isUnauthorized();
    }

    @Test
    void key_needsNoCsrfToken() {
        WebTestClient client = WebTestClient.bindToApplicationContext(application)
                .apply(springSecurity())
                .configureClient()
                .build();

        client.mutateWith(apiKey())
                .post()
                .uri("/systems")
                .exchange()
                .expectStatus()
                .isOk();
        client.post().uri("/systems").exchange().expectStatus().isForbidden();
        WebTestClient.bindToController(new ReactiveTest.Systems())
                .webFilter(new CsrfWebFilter())
                .apply(springSecurity())
                .apply(apiKey())
                .build()
                .post()
                .uri("/systems")
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void slice_hasWhatAChainNeeds() {
        new ReactiveWebApplicationContextRunner()
                .withUserConfiguration(InMemory.class)
                .run(context ->
                        assertThat(context).hasSingleBean(ReactiveApiKeys.class).hasSingleBean(TestKeys.class));
    }
}
