package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static dev.apikeys.spring.ApiKeySecurity.hasScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
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
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.web.SecurityFilterChain;

/** Keys next to tokens that another server is asked about. */
class OpaqueTokenTest {
    private static ConfigurableApplicationContext application;
    private static IssuedKey key;
    private static Introspection introspection;

    private final Client client = new Client(application.getEnvironment().getProperty("local.server.port"));

    /** The other server: it sees whatever it is asked about. */
    static final class Introspection implements OpaqueTokenIntrospector {
        private final List<String> asked = new CopyOnWriteArrayList<>();

        List<String> asked() {
            return List.copyOf(asked);
        }

        @Override
        public OAuth2AuthenticatedPrincipal introspect(String token) {
            asked.add(token);
            if (!token.equals("opaque-of-bob")) {
                throw new BadOpaqueTokenException("inactive");
            }
            return new DefaultOAuth2AuthenticatedPrincipal(
                    "bob", Map.of("sub", "bob"), AuthorityUtils.createAuthorityList("SCOPE_read:systems"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Systems.class)
    static class Introspecting {
        @Bean
        Introspection introspection() {
            return new Introspection();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.requestMatchers("/systems/**")
                            .access(hasScope("read:systems"))
                            .anyRequest()
                            .authenticated())
                    .oauth2ResourceServer(server -> server.opaqueToken(withDefaults()))
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(Introspecting.class, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID()));
        application = spring.run();
        introspection = application.getBean(Introspection.class);
        key = application
                .getBean(KeyService.class)
                .issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return client.get(path, "Authorization", "Bearer " + token);
    }

    @Test
    void prefix_decidesBetweenKeyAndOpaqueToken() throws Exception {
        assertThat(get("/whoami", key.token().reveal()).body()).isEqualTo("ApiKeyAuthentication alice");
        assertThat(get("/whoami", "opaque-of-bob").body()).isEqualTo("BearerTokenAuthentication bob");
        assertThat(get("/systems", key.token().reveal()).statusCode()).isEqualTo(200);
        assertThat(get("/systems", "opaque-of-bob").statusCode()).isEqualTo(200);
    }

    @Test
    void key_isShownToNobodyElse_alsoABadOne() throws Exception {
        String token = key.token().reveal();

        assertThat(get("/whoami", token).statusCode()).isEqualTo(200);
        assertThat(client.get("/whoami", "X-API-Key", token).statusCode()).isEqualTo(200);
        assertThat(get("/whoami", token + "0").statusCode()).isEqualTo(401);
        assertThat(get("/fail", token).statusCode()).isEqualTo(500);

        assertThat(introspection.asked()).noneMatch(asked -> asked.startsWith("myk_"));
    }

    @Test
    void badOpaqueToken_isRefusedByTheResourceServer() throws Exception {
        HttpResponse<String> refused = get("/whoami", "opaque-of-nobody");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("invalid_token");
        assertThat(introspection.asked()).contains("opaque-of-nobody");
    }
}
