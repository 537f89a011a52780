package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.apikeys.management.CsrfTokens;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
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
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.csrf.CsrfTokenRequestHandler;
import org.springframework.security.web.csrf.DeferredCsrfToken;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;

/** The page for people in a whole application: who gets it, with which headers, and the token of Spring Security. */
class PageTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MOUNT = "/me/api-keys";
    private static final String BODY = "{\"name\":\"CRM\",\"mode\":\"read\",\"password\":\"correct horse\"}";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {
        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice").password("{noop}correct horse").build());
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .formLogin(withDefaults())
                    .build();
        }
    }

    /** An application whose own front end reads the token from a cookie, as Spring Security's documentation shows. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class SinglePageHost {
        @Bean
        UserDetailsService users() {
            return new Host().users();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .csrf(csrf -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                            .csrfTokenRequestHandler(new SinglePageHandler()))
                    .formLogin(withDefaults())
                    .build();
        }

        // tag::csrf[]
        @Bean
        CsrfTokens csrfTokens() {
            return request -> Optional.ofNullable(request.getAttribute(DeferredCsrfToken.class.getName()))
                    .map(deferred -> ((DeferredCsrfToken) deferred).get())
                    .map(token -> new CsrfTokens.CsrfToken(token.getHeaderName(), token.getToken()));
        }
        // end::csrf[]
    }

    /** A token in a header comes from the cookie and is plain; one of a form is masked. */
    static final class SinglePageHandler implements CsrfTokenRequestHandler {
        private final CsrfTokenRequestHandler plain = new CsrfTokenRequestAttributeHandler();
        private final CsrfTokenRequestHandler masked = new XorCsrfTokenRequestAttributeHandler();

        @Override
        public void handle(HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> token) {
            masked.handle(request, response, token);
            Objects.requireNonNull(token.get(), "token");
        }

        @Override
        public String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
            return (request.getHeader(token.getHeaderName()) == null ? masked : plain)
                    .resolveCsrfTokenValue(request, token);
        }
    }

    private static ConfigurableApplicationContext start(Class<?> host) {
        SpringApplication spring = new SpringApplication(host, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID(),
                "apikeys.management.personal.path", MOUNT,
                "apikeys.management.page", "true"));
        return spring.run();
    }

    /** What holds with every way in which the application protects itself. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Contract {
        private final Class<?> host;
        private ConfigurableApplicationContext application;

        Contract(Class<?> host) {
            this.host = host;
        }

        @BeforeAll
        void startHost() {
            application = start(host);
        }

        @AfterAll
        void stopHost() {
            application.close();
        }

        private Client client() {
            return new Client(application.getEnvironment().getProperty("local.server.port"));
        }

        private static String[] tokenOf(HttpResponse<String> settings) throws Exception {
            JsonNode csrf = JSON.readTree(settings.body()).at("/data/csrf");
            return new String[] {
                "Content-Type",
                "application/json",
                csrf.path("header").asText(),
                csrf.path("token").asText()
            };
        }

        @Test
        void changes_withTheTokenOfTheSettings_areMade_andWithAnotherOneNot() throws Exception {
            Client alice = client();
            alice.login("alice", "correct horse");
            Client other = client();
            other.login("alice", "correct horse");
            String[] token = tokenOf(alice.get(MOUNT + "/settings", "Accept", "application/json"));
            String[] foreign = tokenOf(other.get(MOUNT + "/settings", "Accept", "application/json"));

            assertThat(alice.post(MOUNT, BODY, "Content-Type", "application/json").statusCode())
                    .isEqualTo(403);
            assertThat(alice.post(MOUNT, BODY, foreign).statusCode()).isEqualTo(403);
            HttpResponse<String> created = alice.post(MOUNT, BODY, token);
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);

            String id = JSON.readTree(created.body()).at("/data/id").asText();
            String rotation = "{\"password\":\"correct horse\"}";
            assertThat(alice.post(MOUNT + "/" + id + "/rotate", rotation, "Content-Type", "application/json")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(alice.post(MOUNT + "/" + id + "/rotate", rotation, token).statusCode())
                    .isEqualTo(200);
            assertThat(alice.delete(MOUNT + "/" + id).statusCode()).isEqualTo(403);
            assertThat(alice.delete(MOUNT + "/" + id, token[2], token[3]).statusCode())
                    .isEqualTo(200);
        }

        @Test
        void page_withoutSession_asksToLogIn_andComesBack() throws Exception {
            Client visitor = client();

            HttpResponse<String> sent = visitor.get(MOUNT + "/page/", "Accept", "text/html,*/*;q=0.8");
            assertThat(sent.statusCode()).isEqualTo(302);
            assertThat(sent.headers().firstValue("Location").orElseThrow()).endsWith("/login");

            HttpResponse<String> loggedIn = visitor.login("alice", "correct horse");
            assertThat(loggedIn.headers().firstValue("Location").orElseThrow()).contains(MOUNT + "/page/");
            assertThat(visitor.get(MOUNT + "/settings").statusCode()).isEqualTo(200);
        }

        @Test
        void filesOfThePage_haveTheirHeadersOnce() throws Exception {
            Client alice = client();
            alice.login("alice", "correct horse");
            for (String file : List.of("", "api-keys.js", "api-keys.css")) {
                HttpResponse<String> response = alice.get(MOUNT + "/page/" + file);
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.headers().allValues("Content-Security-Policy"))
                        .singleElement()
                        .asString()
                        .startsWith("default-src 'none'; script-src 'self';");
                assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-cache");
                assertThat(response.headers().allValues("X-Frame-Options")).containsExactly("DENY");
                assertThat(response.headers().allValues("X-Content-Type-Options"))
                        .containsExactly("nosniff");
                assertThat(response.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
                assertThat(alice.get(
                                        MOUNT + "/page/" + file,
                                        "If-None-Match",
                                        response.headers().firstValue("ETag").orElseThrow())
                                .statusCode())
                        .isEqualTo(304);
            }
        }

        @Test
        void settings_withoutSession_areRefusedAsJson() throws Exception {
            HttpResponse<String> refused = client().get(MOUNT + "/settings", "Accept", "text/html");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).isEqualTo("{\"code\":401,\"message\":\"invalid token\",\"data\":null}");
        }
    }

    /** The token in the session, masked. */
    @Nested
    class TokenInTheSession extends Contract {
        TokenInTheSession() {
            super(Host.class);
        }
    }

    /** The token in a cookie, for scripts. */
    @Nested
    class TokenInACookie extends Contract {
        TokenInACookie() {
            super(SinglePageHost.class);
        }
    }
}
