package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.annotation.web.configurers.LogoutConfigurer;
import org.springframework.security.config.annotation.web.configurers.RequestCacheConfigurer;
import org.springframework.security.config.annotation.web.configurers.SessionManagementConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The same request through Spring MVC without security, with Spring Security alone, with keys, and with signed tokens. The
 * five take short turns in one process, in an order that rotates, so that other work of the machine meets them all.
 */
@Tag("endurance")
class ThroughputTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int WARM_UP = 15;
    private static final int ROUNDS = 40;

    @RestController
    static class Hello {
        @GetMapping("/hello")
        String hello() {
            return "hello, world";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
                "org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration",
                "org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration",
                "org.springframework.boot.autoconfigure.security.oauth2.resource.servlet.OAuth2ResourceServerAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
                "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration"
            })
    static class Open {
        @Bean
        Hello hello() {
            return new Hello();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Keys {
        @Bean
        Hello hello() {
            return new Hello();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return stateless(http)
                    .with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    /** The filters that requests with a key need, and no other: for an API without browsers. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class KeysAlone {
        @Bean
        Hello hello() {
            return new Hello();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            // tag::keys-alone[]
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .csrf(CsrfConfigurer::disable)
                    .headers(HeadersConfigurer::disable)
                    .logout(LogoutConfigurer::disable)
                    .requestCache(RequestCacheConfigurer::disable)
                    .sessionManagement(SessionManagementConfigurer::disable)
                    .build();
            // end::keys-alone[]
        }
    }

    /** Spring Security that lets everybody in: what its own filters cost, whatever the credential. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class SecurityAlone {
        @Bean
        Hello hello() {
            return new Hello();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return stateless(http)
                    .authorizeHttpRequests(rules -> rules.anyRequest().permitAll())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Jwt {
        @Bean
        Hello hello() {
            return new Hello();
        }

        @Bean
        JwtDecoder decoder() {
            return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(SECRET, "HmacSHA256"))
                    .build();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return stateless(http)
                    .oauth2ResourceServer(server -> server.jwt(withDefaults()))
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    private static HttpSecurity stateless(HttpSecurity http) throws Exception {
        return http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }

    @Test
    void keys_costLessThanSignedTokens() throws Exception {
        try (Contender keys = new Contender("keys", () -> run(Keys.class));
                Contender open = new Contender("no security", () -> run(Open.class));
                Contender alone = new Contender("Spring Security that lets everybody in", () -> run(SecurityAlone.class));
                Contender few = new Contender("keys, without the filters for browsers", () -> run(KeysAlone.class));
                Contender jwt = new Contender("signed tokens", () -> run(Jwt.class))) {
            String token = issue(keys);
            List.of(open, alone, keys).forEach(contender -> contender.send(token));
            few.send(issue(few));
            jwt.send(OtherCredentialsTest.jwt("read:systems"));
            List<Contender> all = List.of(open, alone, keys, few, jwt);
            List<Contender> turns = new ArrayList<>(all);
            for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                if (round == WARM_UP) {
                    all.forEach(Contender::forget);
                }
                for (Contender contender : turns) {
                    contender.takeTurn();
                }
                Collections.rotate(turns, 1);
            }

            System.out.printf("Spring Boot %s, medians of %d rounds%n", SpringBootVersion.getVersion(), ROUNDS);
            all.forEach(contender -> System.out.println(contender.report(open, alone)));
            assertThat(keys.requestsBeside(jwt)).isGreaterThan(1.0);
        }
    }

    private static String issue(Contender keys) {
        return keys.application()
                .getBean(KeyService.class)
                .issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                .token()
                .reveal();
    }

    private static ConfigurableApplicationContext run(Class<?> application) {
        SpringApplication spring = new SpringApplication(application, Servers.Tomcat.class);
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", "0");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.flyway.enabled", "false");
        properties.put("spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID());
        properties.put("server.tomcat.max-keep-alive-requests", "-1");
        // All threads are there from the beginning, so that their times can be read.
        properties.put("server.tomcat.threads.min-spare", "16");
        properties.put("server.tomcat.threads.max", "16");
        // Or each of Spring Security's filters would be observed.
        properties.put(
                "spring.autoconfigure.exclude",
                "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration,"
                        + "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration");
        spring.setDefaultProperties(properties);
        return spring.run();
    }
}
