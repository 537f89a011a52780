package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
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
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** A key in the query is no protection against requests of other sites: any page can send a form to such an address. */
class QueryKeyTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    private static ConfigurableApplicationContext application;
    private static String keyOfMallory;

    private final Client client = new Client(application.getEnvironment().getProperty("local.server.port"));

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Systems.class)
    static class WithForms {
        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice").password("{noop}pw").build(),
                    User.withUsername("mallory").password("{noop}pw").build());
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .formLogin(withDefaults())
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(WithForms.class, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID(),
                "apikeys.request.query-parameter", "api_key"));
        application = spring.run();
        keyOfMallory = application
                .getBean(KeyService.class)
                .issue(KeySpec.forUser("mallory").named("CRM").mode(Mode.WRITE))
                .token()
                .reveal();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void formOfAnotherSite_endsNobodysSession() throws Exception {
        client.login("alice", "pw");

        assertThat(client.post("/logout?api_key=" + keyOfMallory, "", "Content-Type", FORM)
                        .statusCode())
                .isEqualTo(403);

        assertThat(client.get("/whoami").body()).endsWith(" alice");
    }

    @Test
    void formOfAnotherSite_logsNobodyIn() throws Exception {
        assertThat(client.post(
                                "/login?api_key=" + keyOfMallory,
                                "username=mallory&password=pw",
                                "Content-Type",
                                FORM)
                        .statusCode())
                .isEqualTo(403);

        assertThat(client.get("/whoami", "Accept", "application/json").statusCode())
                .isEqualTo(401);
    }

    @Test
    void keyInAHeader_needsNoToken_andOneInTheQueryReads() throws Exception {
        assertThat(client.post("/whoami", "", "X-API-Key", keyOfMallory).statusCode())
                .isNotEqualTo(403);
        assertThat(client.get("/whoami?api_key=" + keyOfMallory).body()).isEqualTo("ApiKeyAuthentication mallory");
    }
}
