package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.gateway.Callers;
import dev.apikeys.gateway.VerificationServlet;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A resource server of Spring that asks another application about keys: it has nothing of this library. */
class IntrospectionClientTest {
    private static ConfigurableApplicationContext keysApplication;
    private static ConfigurableApplicationContext resourceServer;
    private static KeyService keys;
    private static IssuedKey reader;

    private final Client client = new Client(port(resourceServer));

    /** The application that has the keys. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Keys {
        @Bean
        ServletRegistrationBean<VerificationServlet> verification(KeyService service) {
            VerificationServlet servlet = VerificationServlet.builder(service)
                    .introspection(Callers.withScope("introspect:keys"))
                    .build();
            return new ServletRegistrationBean<>(servlet, "/keys/*");
        }

        /** The servlet authenticates its callers itself. */
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.csrf(csrf -> csrf.disable())
                    .authorizeHttpRequests(rules -> rules.anyRequest().permitAll())
                    .build();
        }
    }

    /** The application that asks. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ResourceServer {
        // tag::resource-server[]
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(rules -> rules.requestMatchers("/systems")
                            .hasAuthority("SCOPE_read:systems")
                            .anyRequest()
                            .denyAll())
                    .oauth2ResourceServer(server -> server.opaqueToken(withDefaults()))
                    .build();
        }
        // end::resource-server[]

        @RestController
        static class Systems {
            @GetMapping("/systems")
            String systems(Authentication caller) {
                return "systems of " + caller.getName();
            }
        }
    }

    @BeforeAll
    static void start() {
        keysApplication = run(
                Keys.class,
                Map.of("spring.flyway.enabled", "false", "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID()));
        keys = keysApplication.getBean(KeyService.class);
        reader = issue("read:systems");
        String introspection = "spring.security.oauth2.resourceserver.opaquetoken.";
        resourceServer = run(
                ResourceServer.class,
                Map.of(
                        "apikeys.enabled",
                        "false",
                        "spring.flyway.enabled",
                        "false",
                        "spring.datasource.url",
                        "jdbc:h2:mem:" + UUID.randomUUID(),
                        introspection + "introspection-uri",
                        "http://localhost:" + port(keysApplication) + "/keys/introspect",
                        introspection + "client-id",
                        issue("introspect:keys").token().reveal(),
                        introspection + "client-secret",
                        "unused"));
    }

    @AfterAll
    static void stop() {
        resourceServer.close();
        keysApplication.close();
    }

    private static ConfigurableApplicationContext run(Class<?> application, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("server.port", "0");
        all.put("spring.main.banner-mode", "off");
        SpringApplication spring = new SpringApplication(application, Servers.Tomcat.class);
        spring.setDefaultProperties(all);
        return spring.run();
    }

    private static String port(ConfigurableApplicationContext application) {
        return application.getEnvironment().getProperty("local.server.port");
    }

    private static IssuedKey issue(String scope) {
        return keys.issue(KeySpec.forUser("alice", "org_1").named(scope).scopes(scope));
    }

    private HttpResponse<String> get(IssuedKey key) throws Exception {
        return client.get("/systems", "Authorization", "Bearer " + key.token().reveal());
    }

    @Test
    void resourceServer_knowsWhoItIs_andWhatItMay() throws Exception {
        assertThat(get(reader).body()).isEqualTo("systems of alice");
        assertThat(get(issue("read:users")).statusCode()).isEqualTo(403);
    }

    @Test
    void resourceServer_refusesARevokedKey() throws Exception {
        IssuedKey revoked = issue("read:systems");
        assertThat(get(revoked).statusCode()).isEqualTo(200);
        keys.revoke(KeyRef.of(revoked.key().id()), Actor.of("admin"), "test");

        HttpResponse<String> refused = get(revoked);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("invalid_token");
    }
}
