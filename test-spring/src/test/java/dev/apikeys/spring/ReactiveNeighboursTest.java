package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testkit.FaultyStore;
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
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Keys in a chain of WebFlux change nothing for what else is in it. */
class ReactiveNeighboursTest {
    private static final String PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static ConfigurableApplicationContext application;

    private final Client client =
            Client.withoutKeepAlive(application.getEnvironment().getProperty("local.server.port"));

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Neighbours {
        @Bean
        FaultyStore store() {
            return new FaultyStore();
        }

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(User.withUsername("alice")
                    .password("{noop}pw")
                    .roles("USER")
                    .build());
        }

        /** Below {@code /keys}, as it is below {@code /plain}, but with keys. */
        @Bean
        @Order(1)
        SecurityWebFilterChain withKeys(ServerHttpSecurity http, ReactiveApiKeys apiKeys) {
            return apiKeys.addTo(open(http, "/keys/**")).build();
        }

        @Bean
        @Order(2)
        SecurityWebFilterChain withoutKeys(ServerHttpSecurity http) {
            return open(http, "/plain/**").build();
        }

        private static ServerHttpSecurity open(ServerHttpSecurity http, String paths) {
            return http.securityMatcher(new PathPatternParserServerWebExchangeMatcher(paths))
                    .csrf(ServerHttpSecurity.CsrfSpec::disable)
                    .authorizeExchange(rules -> rules.anyExchange().permitAll())
                    .httpBasic(Customizer.withDefaults());
        }

        @Bean
        @Order(3)
        SecurityWebFilterChain withLogin(ServerHttpSecurity http, ReactiveApiKeys apiKeys) {
            return apiKeys.addTo(http)
                    .authorizeExchange(rules -> rules.anyExchange().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        Handlers handlers() {
            return new Handlers();
        }
    }

    @RestController
    static class Handlers {
        @GetMapping("/systems")
        Mono<String> list() {
            return Mono.just("all");
        }

        @PostMapping({"/keys/systems", "/plain/systems"})
        Mono<String> create() {
            return Mono.just("created");
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(Neighbours.class, Servers.Netty.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.main.web-application-type", "reactive",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID()));
        application = spring.run();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void csrfProtection_thatIsOff_staysOff() throws Exception {
        assertThat(client.post("/plain/systems", "").body()).isEqualTo("created");
        assertThat(client.post("/keys/systems", "").body()).isEqualTo("created");
    }

    @Test
    void browser_thatAsksForAPage_getsTheLoginPage_andOthersGet401() throws Exception {
        HttpResponse<String> page = client.get("/systems", "Accept", PAGE);
        HttpResponse<String> script =
                client.get("/systems", "Accept", PAGE, "X-Requested-With", "XMLHttpRequest");
        HttpResponse<String> program = client.get("/systems", "Accept", "*/*");

        assertThat(page.statusCode()).isEqualTo(302);
        assertThat(page.headers().firstValue("Location").orElseThrow()).endsWith("/login");
        assertThat(client.get("/login", "Accept", PAGE).body()).contains("_csrf");
        assertThat(script.statusCode()).isEqualTo(401);
        assertThat(program.statusCode()).isEqualTo(401);
        assertThat(program.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }

    @Test
    void person_whoIsLoggedIn_isLetIn() throws Exception {
        client.login("alice", "pw");

        assertThat(client.get("/systems").body()).isEqualTo("all");
    }
}
