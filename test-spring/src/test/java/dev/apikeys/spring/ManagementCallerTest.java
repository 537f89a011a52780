package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
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
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Who counts as logged in for the management endpoints, and in which organization. */
class ManagementCallerTest {
    private static final String BODY = "{\"name\":\"CRM\",\"mode\":\"read\",\"password\":\"correct horse\"}";

    private static ConfigurableApplicationContext application;

    private final Client client = new Client(application.getEnvironment().getProperty("local.server.port"));

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Systems.class)
    static class Remembering {
        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice").password("{noop}correct horse").build());
        }

        /** Instead of the one that is static. */
        @Bean
        SecurityContextHolderStrategy holder() {
            return new Holder();
        }

        @Bean
        OrganizationResolver organizations() {
            return person -> Optional.of("org_of_" + person.getName());
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .formLogin(withDefaults())
                    .rememberMe(remember -> remember.key("signs cookies").alwaysRemember(true))
                    .build();
        }
    }

    /** Knows nothing of the one that is static. */
    static final class Holder implements SecurityContextHolderStrategy {
        private final ThreadLocal<SecurityContext> contexts = ThreadLocal.withInitial(SecurityContextImpl::new);

        @Override
        public void clearContext() {
            contexts.remove();
        }

        @Override
        public SecurityContext getContext() {
            return contexts.get();
        }

        @Override
        public void setContext(SecurityContext context) {
            contexts.set(context);
        }

        @Override
        public SecurityContext createEmptyContext() {
            return new SecurityContextImpl();
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(Remembering.class, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID(),
                "apikeys.management.personal.path", "/me/api-keys"));
        application = spring.run();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void keyOfAPerson_isInTheOrganizationThatTheBeanTells() throws Exception {
        client.login("alice", "correct horse");

        HttpResponse<String> created = client.post(
                "/me/api-keys", BODY, "Content-Type", "application/json", "X-CSRF-TOKEN", client.csrf());

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.body()).contains("\"organization_id\":\"org_of_alice\"", "\"user_id\":\"alice\"");
    }

    @Test
    void key_isSeenWhereTheApplicationKeepsItsContexts() throws Exception {
        String token = application
                .getBean(KeyService.class)
                .issue(KeySpec.forUser("alice").named("holder").mode(Mode.READ))
                .token()
                .reveal();

        assertThat(client.get("/whoami", "X-API-Key", token).body()).isEqualTo("ApiKeyAuthentication alice");
        assertThat(client.get("/me/api-keys", "X-API-Key", token).statusCode()).isEqualTo(403);
    }

    @Test
    void browserThatIsRemembered_readsPages_andManagesNothing() throws Exception {
        client.login("alice", "correct horse");
        assertThat(client.get("/me/api-keys").statusCode()).isEqualTo(200);
        client.forget("JSESSIONID");

        assertThat(client.get("/whoami").body()).isEqualTo("RememberMeAuthenticationToken alice");
        client.forget("JSESSIONID");
        assertThat(client.get("/me/api-keys", "Accept", "application/json").statusCode())
                .isEqualTo(403);
    }
}
