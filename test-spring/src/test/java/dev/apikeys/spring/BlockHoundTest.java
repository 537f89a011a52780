package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.Actor;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;

/** In WebFlux with a real database, no request with a key blocks the event loop. */
class BlockHoundTest {
    @Test
    void eventLoop_neverBlocks() throws Exception {
        String output = OtherProcess.run(Watched.class, List.of("-XX:+AllowRedefinitionToAddDeleteMethods", "-Dspring.devtools.restart.enabled=false"));

        assertThat(output).contains("watching: true").contains("200 200 200 401 401 400 403").contains("blocked: []");
    }

    /** Its own process: what BlockHound changes can't be undone. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Watched {
        private static final Queue<String> BLOCKED = new ConcurrentLinkedQueue<>();

        @Bean
        SecurityWebFilterChain chain(ServerHttpSecurity http, ReactiveApiKeys apiKeys) {
            return apiKeys.addTo(http)
                    .authorizeExchange(rules -> rules.pathMatchers("/admin/**")
                            .access(ReactiveApiKeys.hasScope("manage:everything"))
                            .anyExchange()
                            .authenticated())
                    .build();
        }

        @Bean
        Handlers handlers() {
            return new Handlers();
        }

        public static void main(String[] arguments) throws Exception {
            BlockHound.install(builder -> builder.blockingMethodCallback(method -> BLOCKED.add(
                    method + " " + List.of(new Throwable().getStackTrace()).stream().skip(2).limit(14).toList())));
            SpringApplication spring = new SpringApplication(Watched.class, Servers.Netty.class);
            spring.setDefaultProperties(Map.of(
                    "server.port", "0",
                    "spring.main.banner-mode", "off",
                    "spring.main.web-application-type", "reactive",
                    "spring.flyway.enabled", "false",
                    "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID()));
            try (ConfigurableApplicationContext application = spring.run()) {
                check(application);
            }
            System.exit(0);
        }

        private static void check(ConfigurableApplicationContext application) throws Exception {
            Client client = Client.withoutKeepAlive(application.getEnvironment().getProperty("local.server.port"));
            KeyService keys = application.getBean(KeyService.class);
            IssuedKey key = keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
            String token = key.token().reveal();
            // A key that is not in memory is asked for, and its request answered, on a thread that may wait.
            client.get("/hello", "X-API-Key", token);
            client.get("/blocks", "X-API-Key", token);
            System.out.println("watching: " + !BLOCKED.isEmpty());
            // Other classes are loaded by now; what blocks from here on would block each time.
            BLOCKED.clear();
            int cached = client.get("/hello", "X-API-Key", token).statusCode();
            int bearer = client.get("/hello", "Authorization", "Bearer " + token).statusCode();
            String second = keys.issue(
                            KeySpec.forUser("bob", "org_1").named("CRM").mode(Mode.READ))
                    .token()
                    .reveal();
            int loaded = client.get("/hello", "X-API-Key", second).statusCode();
            int malformed = client.get("/hello", "X-API-Key", token + "0").statusCode();
            int several = client.get("/hello", "X-API-Key", token, "Authorization", "Bearer " + token)
                    .statusCode();
            int scope = client.get("/admin/hello", "X-API-Key", token).statusCode();
            keys.revoke(KeyRef.of(key.key().id()), Actor.of("test"), "");
            int revoked = client.get("/hello", "X-API-Key", token).statusCode();
            System.out.printf(
                    "%d %d %d %d %d %d %d%n", cached, bearer, loaded, malformed, revoked, several, scope);
            System.out.println("blocked: " + BLOCKED);
        }
    }

    @RestController
    static class Handlers {
        @GetMapping("/hello")
        Mono<String> hello() {
            return Mono.just("hello");
        }

        @GetMapping("/admin/hello")
        Mono<String> admin() {
            return Mono.just("hello");
        }

        @GetMapping("/blocks")
        Mono<String> blocks() {
            LockSupport.parkNanos(1);
            return Mono.just("blocked");
        }
    }
}
