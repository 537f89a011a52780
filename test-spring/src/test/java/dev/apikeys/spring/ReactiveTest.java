package dev.apikeys.spring;

import static dev.apikeys.spring.ReactiveApiKeys.hasScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Keys in WebFlux, next to signed tokens. */
class ReactiveTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static ConfigurableApplicationContext application;
    private static KeyService keys;
    private static FaultyStore store;

    private final Client client =
            Client.withoutKeepAlive(application.getEnvironment().getProperty("local.server.port"));

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Reactive {
        @Bean
        FaultyStore store() {
            return new FaultyStore();
        }

        @Bean
        ReactiveJwtDecoder decoder() {
            return NimbusReactiveJwtDecoder.withSecretKey(new SecretKeySpec(SECRET, "HmacSHA256"))
                    .build();
        }

        // tag::chain[]
        @Bean
        SecurityWebFilterChain chain(ServerHttpSecurity http, ReactiveApiKeys apiKeys) {
            return apiKeys.addTo(http)
                    .authorizeExchange(rules -> rules.pathMatchers("/admin/**")
                            .access(hasScope("manage:everything"))
                            .pathMatchers("/systems/**")
                            .access(hasScope("read:systems"))
                            .anyExchange()
                            .authenticated())
                    .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
                    .build();
        }
        // end::chain[]

        @Bean
        ClientAddress address() {
            return ClientAddress.behindProxies("127.0.0.0/8", "::1");
        }

        @Bean
        Systems systems() {
            return new Systems();
        }

        @Bean
        Spans spans() {
            return new Spans();
        }
    }

    @RestController
    static class Systems {
        @GetMapping("/systems")
        Mono<String> list(Authentication who, @RequestHeader(name = "Authorization", required = false) String header) {
            return Mono.just(who.getClass().getSimpleName() + " " + who.getName() + (header == null ? "" : " sent it"));
        }

        @GetMapping("/thread")
        Mono<String> thread() {
            return Mono.just(Schedulers.isInNonBlockingThread() ? "may not wait" : "may wait");
        }

        @PostMapping("/systems")
        Mono<String> create() {
            return Mono.just("created");
        }

        @GetMapping("/admin/systems")
        Mono<String> all() {
            return Mono.just("all");
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(Reactive.class, Servers.Netty.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.main.web-application-type", "reactive",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID(),
                "apikeys.request.observe-key-id", "true",
                "apikeys.request.query-parameter", "api_key",
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

    /** By the bean of the application. */
    @Test
    void addressOfAClientBehindAProxy_isFound() throws Exception {
        IssuedKey key = keys.issue(KeySpec.forUser("alice", "org_1")
                .named("CRM " + UUID.randomUUID())
                .mode(Mode.READ)
                .allowedFrom("203.0.113.0/24"));
        String token = key.token().reveal();

        assertThat(client.get("/systems", "X-API-Key", token, "X-Forwarded-For", "203.0.113.9")
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.get("/systems", "X-API-Key", token).statusCode()).isEqualTo(401);
    }

    private static IssuedKey issue() {
        return keys.issue(KeySpec.forUser("alice", "org_1")
                .named("CRM " + UUID.randomUUID())
                .mode(Mode.READ));
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return client.get(path, "Authorization", "Bearer " + token);
    }

    @Test
    void key_isAccepted_andTheApplicationSeesTheWholeRequest() throws Exception {
        String token = issue().token().reveal();

        assertThat(get("/systems", token).body()).isEqualTo("ApiKeyAuthentication alice sent it");
        assertThat(client.get("/systems", "X-API-Key", token).body()).isEqualTo("ApiKeyAuthentication alice");
        assertThat(client.post("/systems", "", "X-API-Key", token).body()).isEqualTo("created");
        assertThat(client.get("/systems?api_key=" + token).body()).isEqualTo("ApiKeyAuthentication alice");
        assertThat(client.post("/systems?api_key=" + token, "").statusCode())
                .as("any page can send a form to such an address")
                .isEqualTo(403);
        assertThat(client.cookies().getCookieStore().getCookies()).isEmpty();
    }

    @Test
    void refusals_areThoseOfTheContract() throws Exception {
        IssuedKey key = issue();
        String token = key.token().reveal();

        HttpResponse<String> scopeMissing = get("/admin/systems", token);
        HttpResponse<String> none = client.get("/systems");
        HttpResponse<String> several = client.get("/systems", "X-API-Key", token, "Authorization", "Bearer " + token);
        keys.revoke(KeyRef.of(key.key().id()), Actor.of("test"), "");
        HttpResponse<String> revoked = get("/systems", token);

        assertThat(scopeMissing.statusCode()).isEqualTo(403);
        assertThat(scopeMissing.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer error=\"insufficient_scope\"");
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(several.statusCode()).isEqualTo(400);
        assertThat(revoked.statusCode()).isEqualTo(401);
        assertThat(revoked.headers().firstValue("WWW-Authenticate")).hasValue("Bearer error=\"invalid_token\"");
        assertThat(revoked.body()).contains("a valid API key is required");
    }

    @Test
    void storeThatCantBeAsked_isA503() throws Exception {
        String token = issue().token().reveal();
        store.failBefore(StoreCall.FIND_CREDENTIAL, new IllegalStateException("away"));

        HttpResponse<String> answer = get("/systems", token);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void requestWithoutKey_needsACsrfToken() throws Exception {
        assertThat(client.post("/systems", "").statusCode()).isEqualTo(403);
    }

    @Test
    void signedToken_isForTheResourceServer() throws Exception {
        assertThat(get("/systems", OtherCredentialsTest.jwt("read:systems")).body())
                .isEqualTo("JwtAuthenticationToken bob sent it");
        assertThat(get("/systems", OtherCredentialsTest.jwt("read:orders")).statusCode())
                .isEqualTo(403);
        assertThat(get("/systems", "nonsense").statusCode()).isEqualTo(401);
    }

    @Test
    void signedToken_needsNoCsrfToken_andIsToldWhatItLacks() throws Exception {
        HttpResponse<String> created =
                client.post("/systems", "", "Authorization", "Bearer " + OtherCredentialsTest.jwt("read:systems"));
        HttpResponse<String> denied = get("/systems", OtherCredentialsTest.jwt("read:orders"));

        assertThat(created.body()).isEqualTo("created");
        assertThat(denied.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("error=\"insufficient_scope\"", "error_description");
    }

    @Test
    void keyId_isAnAttributeOfTheSpan() throws Exception {
        IssuedKey key = issue();

        get("/systems", key.token().reveal());

        // The client has its answer a moment before the observation ends.
        await().untilAsserted(() -> assertThat(application.getBean(Spans.class).attributes("api_key.id"))
                .contains(key.key().id().toString()));
    }

    @Test
    void store_isAskedOnThreadsThatMayWait_andACachedKeyAsksNothing() throws Exception {
        List<Boolean> mayNotWait = new CopyOnWriteArrayList<>();
        store.before(StoreCall.FIND_CREDENTIAL, call -> mayNotWait.add(Schedulers.isInNonBlockingThread()));
        String token = issue().token().reveal();

        for (int i = 0; i < 20; i++) {
            assertThat(get("/systems", token).statusCode()).isEqualTo(200);
        }

        assertThat(client.get("/thread", "X-API-Key", token).body()).isEqualTo("may not wait");
        assertThat(mayNotWait).containsExactly(false);
    }
}
