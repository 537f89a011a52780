package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static dev.apikeys.spring.ApiKeySecurity.hasScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.config.Customizer.withDefaults;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Keys next to signed tokens in one chain, next to a form in another, and in a chain that saves everything. */
class OtherCredentialsTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static ConfigurableApplicationContext application;
    private static IssuedKey key;

    private final Client client = new Client(application.getEnvironment().getProperty("local.server.port"));

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Systems.class)
    static class Chains {
        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice").password("{noop}pw").roles("USER").build());
        }

        @Bean
        Spans spans() {
            return new Spans();
        }

        @Bean
        JwtDecoder decoder() {
            return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(SECRET, "HmacSHA256")).build();
        }

        @Bean
        @Order(1)
        SecurityFilterChain tokens(HttpSecurity http) throws Exception {
            return http.securityMatcher("/systems/**", "/whoami", "/fail")
                    .with(apiKeys(), keys -> keys.require("GET", "/systems/**", "read:systems"))
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .oauth2ResourceServer(server -> server.jwt(withDefaults()))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain everythingSaved(HttpSecurity http) throws Exception {
            return http.securityMatcher("/async")
                    .with(apiKeys(), withDefaults())
                    .securityContext(context -> context.requireExplicitSave(false))
                    .authorizeHttpRequests(rules -> rules.anyRequest().access(hasScope("read:systems")))
                    .build();
        }

        @Bean
        @Order(3)
        SecurityFilterChain pages(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .formLogin(withDefaults())
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(Chains.class, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID()));
        application = spring.run();
        key = application
                .getBean(KeyService.class)
                .issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    static String jwt(String scope) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject("bob")
                        .claim("scope", scope)
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .build());
        token.sign(new MACSigner(SECRET));
        return token.serialize();
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return client.get(path, "Authorization", "Bearer " + token);
    }

    @Test
    void prefix_decidesBetweenKeyAndSignedToken() throws Exception {
        assertThat(get("/whoami", key.token().reveal()).body()).isEqualTo("ApiKeyAuthentication alice");
        assertThat(get("/whoami", jwt("read:systems")).body()).isEqualTo("JwtAuthenticationToken bob");
        assertThat(client.get("/whoami", "X-API-Key", key.token().reveal()).body())
                .isEqualTo("ApiKeyAuthentication alice");
    }

    @Test
    void ruleAboutAScope_holdsForBoth() throws Exception {
        assertThat(get("/systems", jwt("read:systems")).statusCode()).isEqualTo(200);
        assertThat(get("/systems", jwt("read:*")).statusCode()).isEqualTo(200);
        assertThat(get("/systems", jwt("read:orders")).statusCode()).isEqualTo(403);
        assertThat(get("/systems", key.token().reveal()).statusCode()).isEqualTo(200);
    }

    @Test
    void badTokens_areRefusedByWhomTheyAreMeantFor() throws Exception {
        HttpResponse<String> badKey = get("/whoami", key.token().reveal() + "0");
        HttpResponse<String> badJwt = get("/whoami", jwt("read:systems") + "0");

        assertThat(badKey.statusCode()).isEqualTo(401);
        assertThat(badKey.body()).contains("a valid API key is required");
        assertThat(badJwt.statusCode()).isEqualTo(401);
        assertThat(badJwt.headers().firstValue("WWW-Authenticate").orElseThrow()).contains("invalid_token");
    }

    @Test
    void keyAndSignedTokenTogether_areRefused() throws Exception {
        HttpResponse<String> both = client.get(
                "/whoami", "Authorization", "Bearer " + jwt("read:systems"), "X-API-Key", key.token().reveal());

        assertThat(both.statusCode()).isEqualTo(400);
    }

    @Test
    void errorPage_ofARequestWithAKey_comesFromAnotherChain() throws Exception {
        HttpResponse<String> failed =
                client.get("/fail", "X-API-Key", key.token().reveal(), "Accept", "application/json");

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).contains("\"path\":\"/fail\"");
    }

    @Test
    void key_isKnownToItsChainsAlone() throws Exception {
        HttpResponse<String> page = client.get(
                "/stream", "X-API-Key", key.token().reveal(), "Accept", "text/html");

        assertThat(page.statusCode()).isEqualTo(302);
    }

    @Test
    void chainThatSavesEveryContext_savesNoKey() throws Exception {
        assertThat(client.get("/async", "X-API-Key", key.token().reveal()).body()).isEqualTo("alice");
        assertThat(client.cookies().getCookieStore().getCookies()).isEmpty();
        assertThat(client.get("/async", "Accept", "application/json").statusCode()).isEqualTo(401);
    }

    @Test
    void keyId_isOnNoSpan_unlessTheApplicationAsksForIt() throws Exception {
        get("/whoami", key.token().reveal());

        Spans spans = application.getBean(Spans.class);
        // The client has its answer a moment before the observation ends.
        await().untilAsserted(() -> assertThat(spans.attributes("http.url")).contains("/whoami"));
        assertThat(spans.names()).doesNotContain("api_key.id");
    }
}
