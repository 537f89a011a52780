package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** A chain that has management endpoints and no login page, and a browser that asks for a page without a credential. */
class NoLoginPageTest {
    private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
    private static ConfigurableApplicationContext application;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {
        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice").password("{noop}pw").build());
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(Host.class, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID(),
                "apikeys.management.personal.path", "/me/api-keys",
                "apikeys.management.admin.path", "/api/admin/api-keys",
                "apikeys.management.page", "true"));
        application = spring.run();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return new Client(application.getEnvironment().getProperty("local.server.port")).get(path, "Accept", BROWSER);
    }

    @Test
    void requestForAnotherPage_isAskedForAKey_inTheWordsOfTheFilter() throws Exception {
        HttpResponse<String> answer = get("/systems");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(answer.body()).contains("\"error\":\"unauthorized\"").doesNotContain("\"code\"");
    }

    @Test
    void managementEndpoint_answersInTheEnvelopeOfItsFamily() throws Exception {
        assertThat(get("/me/api-keys").body()).contains("\"code\":401");
        assertThat(get("/api/admin/api-keys").body())
                .contains("unauthorized")
                .isNotEqualTo(get("/me/api-keys").body());
    }

    @Test
    void pageOfEachFamily_isShown() throws Exception {
        assertThat(get("/me/api-keys/page/").body()).contains("<api-keys");
        assertThat(get("/api/admin/api-keys/page/").body()).contains("<api-keys");
    }
}
