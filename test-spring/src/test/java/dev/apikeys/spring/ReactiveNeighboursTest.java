package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** Keys in a chain of WebFlux change nothing for what else is in it, nor for other clients. */
class ReactiveNeighboursTest {
    private static final String PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static ConfigurableApplicationContext application;
    private static KeyService keys;
    private static FaultyStore store;

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
        SecurityWebFilterChain withKeysAlone(ServerHttpSecurity http, ReactiveApiKeys apiKeys) {
            return apiKeys.addTo(http)
                    .securityMatcher(new PathPatternParserServerWebExchangeMatcher("/alone/**"))
                    .authorizeExchange(rules -> rules.anyExchange().authenticated())
                    .build();
        }

        @Bean
        @Order(4)
        SecurityWebFilterChain withLogin(ServerHttpSecurity http, ReactiveApiKeys apiKeys) {
            return apiKeys.addTo(http)
                    .authorizeExchange(rules -> rules.anyExchange().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        Departures departures() {
            return new Departures();
        }

        @Bean
        @Order(Integer.MIN_VALUE)
        WebFilter departureFilter(Departures departures) {
            return (exchange, chain) -> chain.filter(exchange).doFinally(departures::note);
        }

        @Bean
        Handlers handlers() {
            return new Handlers();
        }
    }

    /** Notes when a client went away before it had its answer, and everything behind was told. */
    static final class Departures {
        private volatile CountDownLatch next = new CountDownLatch(1);

        CountDownLatch next() {
            next = new CountDownLatch(1);
            return next;
        }

        void note(SignalType signal) {
            if (signal == SignalType.CANCEL) {
                next.countDown();
            }
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

        @GetMapping({"/keys/wrong", "/plain/wrong"})
        Mono<String> wrong() {
            return Mono.error(new BadCredentialsException("of a service behind"));
        }

        @GetMapping({"/keys/away", "/plain/away"})
        Mono<String> away() {
            return Mono.error(new AuthenticationServiceException("the identity provider is away"));
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(Neighbours.class, Servers.Netty.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "server.forward-headers-strategy", "framework",
                "spring.main.banner-mode", "off",
                "spring.main.web-application-type", "reactive",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID(),
                "apikeys.keys.max-active-personal", "100"));
        application = spring.run();
        keys = application.getBean(KeyService.class);
        store = application.getBean(FaultyStore.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @AfterEach
    void heal() {
        store.heal();
    }

    private static KeySpec spec() {
        return KeySpec.forUser("alice", "org_1")
                .named("CRM " + UUID.randomUUID())
                .mode(Mode.READ);
    }

    private HttpResponse<String> getWith(IssuedKey key, String forwardedFor) throws Exception {
        return client.get("/systems", "X-API-Key", key.token().reveal(), "X-Forwarded-For", forwardedFor);
    }

    @Test
    void csrfProtection_thatIsOff_staysOff() throws Exception {
        assertThat(client.post("/plain/systems", "").body()).isEqualTo("created");
        assertThat(client.post("/keys/systems", "").body()).isEqualTo("created");
    }

    @Test
    void browser_thatAsksForAPage_getsTheLoginPage_andOthersGet401() throws Exception {
        HttpResponse<String> page = client.get("/systems", "Accept", PAGE);
        HttpResponse<String> script = client.get("/systems", "Accept", PAGE, "X-Requested-With", "XMLHttpRequest");
        HttpResponse<String> program = client.get("/systems", "Accept", "*/*");

        assertThat(page.statusCode()).isEqualTo(302);
        assertThat(page.headers().firstValue("Location").orElseThrow()).endsWith("/login");
        assertThat(client.get("/login", "Accept", PAGE).body()).contains("_csrf");
        assertThat(script.statusCode()).isEqualTo(401);
        assertThat(program.statusCode()).isEqualTo(401);
        assertThat(program.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }

    /** Where the chain has no way to log in, Spring Security takes HTTP Basic. */
    @Test
    void browser_inAChainOfKeysAlone_gets401() throws Exception {
        HttpResponse<String> page = client.get("/alone/systems", "Accept", PAGE);

        assertThat(page.statusCode()).isEqualTo(401);
        assertThat(page.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Basic");
        assertThat(client.get("/alone/systems").headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer");
    }

    @Test
    void person_whoIsLoggedIn_isLetIn() throws Exception {
        client.login("alice", "pw");

        assertThat(client.get("/systems").body()).isEqualTo("all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", "away"})
    void failedAuthentication_behindTheChain_endsAsWithoutKeys(String path) throws Exception {
        HttpResponse<String> plain = client.get("/plain/" + path);
        HttpResponse<String> withKeys = client.get("/keys/" + path);

        assertThat(withKeys.statusCode()).isEqualTo(plain.statusCode());
        assertThat(withKeys.headers().allValues("WWW-Authenticate"))
                .isEqualTo(plain.headers().allValues("WWW-Authenticate"));
        assertThat(withKeys.body().replaceAll("\"(path|timestamp|requestId)\":\"[^\"]*\"", ""))
                .isEqualTo(plain.body().replaceAll("\"(path|timestamp|requestId)\":\"[^\"]*\"", ""));
    }

    @Test
    void client_thatGoesAway_interruptsNoOtherWithTheSameKey() throws Exception {
        String token = keys.issue(spec()).token().reveal();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<String> read = new CompletableFuture<>();
        store.before(StoreCall.FIND_CREDENTIAL, call -> {
            reading.countDown();
            try {
                goOn.await();
                read.complete("to its end");
            } catch (InterruptedException interrupted) {
                read.complete("interrupted");
                throw new IllegalStateException(interrupted);
            }
        });
        CountDownLatch gone = application.getBean(Departures.class).next();
        int port = Integer.parseInt(application.getEnvironment().getProperty("local.server.port"));

        CompletableFuture<Integer> other;
        try (Socket impatient = new Socket("localhost", port)) {
            impatient
                    .getOutputStream()
                    .write(("GET /systems HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            reading.await();
            other = CompletableFuture.supplyAsync(() -> status(token));
        }
        gone.await();
        goOn.countDown();

        assertThat(read.get()).isEqualTo("to its end");
        assertThat(other.get()).isEqualTo(200);
    }

    private int status(String token) {
        try {
            return client.get("/systems", "X-API-Key", token).statusCode();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.7, 203.0.113.0/24", "2001:db8::7, 2001:db8::/32"})
    void addressThatTheFrameworkFound_isTheClients(String client, String range) throws Exception {
        IssuedKey limited = keys.issue(spec().allowedFrom(range));

        assertThat(getWith(limited, client).statusCode()).isEqualTo(200);
        assertThat(getWith(limited, "198.51.100.7").statusCode()).isEqualTo(401);
    }

    @Test
    void nameThatIsNoAddress_isInNoRange() throws Exception {
        IssuedKey limited = keys.issue(spec().allowedFrom("0.0.0.0/0", "::/0"));

        assertThat(getWith(limited, "localhost").statusCode()).isEqualTo(401);
        assertThat(getWith(keys.issue(spec()), "localhost").statusCode()).isEqualTo(200);
    }
}
