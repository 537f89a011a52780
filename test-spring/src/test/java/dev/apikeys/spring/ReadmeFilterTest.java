package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.servlet.ApiKeyFilter;
import jakarta.servlet.DispatcherType;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The filter of the README in front of an application that has Spring Boot's error page, and no rule for it. */
class ReadmeFilterTest {
    private static final Map<String, ConfigurableApplicationContext> HOSTS = new HashMap<>();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableMethodSecurity
    static class Host {
        @Bean
        FilterRegistrationBean<ApiKeyFilter> filter(KeyService keys) {
            ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                    .permitAll("GET", "/health/**")
                    .require("GET", "/systems/**", "read:systems")
                    .require("*", "/systems/**", "manage:systems")
                    .build();
            FilterRegistrationBean<ApiKeyFilter> registration = new FilterRegistrationBean<>(filter);
            registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }

        /** The filter has decided; Spring Security only serves the annotations. */
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(rules -> rules.anyRequest().permitAll())
                    .build();
        }

        @Bean
        Pages pages() {
            return new Pages();
        }
    }

    @RestController
    static class Pages {
        @GetMapping({"/systems/failing", "/health/failing"})
        String failing() {
            throw new IllegalStateException("on purpose");
        }

        @GetMapping({"/systems/denied", "/health/denied"})
        @PreAuthorize("hasAuthority('nobody has it')")
        String denied() {
            return "shown";
        }

        @GetMapping({"/systems/later", "/health/later"})
        Callable<String> later() {
            return () -> {
                throw new IllegalStateException("on purpose");
            };
        }
    }

    @BeforeAll
    static void start() {
        HOSTS.put("Tomcat", run(Servers.Tomcat.class));
        HOSTS.put("Jetty", run(Servers.Jetty.class));
    }

    private static ConfigurableApplicationContext run(Class<?> server) {
        SpringApplication spring = new SpringApplication(Host.class, server);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "apikeys.scopes", "read:systems,manage:systems",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID()));
        return spring.run();
    }

    @AfterAll
    static void stop() {
        HOSTS.values().forEach(ConfigurableApplicationContext::close);
    }

    static Stream<Arguments> errors() {
        return Stream.of("nowhere 404 Not Found", "failing 500 Internal Server Error", "denied 403 Forbidden",
                        "later 500 Internal Server Error")
                .map(line -> line.split(" ", 3))
                .flatMap(words -> Stream.of("Tomcat", "Jetty")
                        .map(server -> Arguments.of(server, words[0], Integer.parseInt(words[1]), words[2])));
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext host, String path, String... headers)
            throws Exception {
        return new Client(host.getEnvironment().getProperty("local.server.port")).get(path, headers);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void error_ofARequestThatWasLetIn_isTheHosts(
            String server, String path, int status, String text) throws Exception {
        ConfigurableApplicationContext host = HOSTS.get(server);
        String token = host.getBean(KeyService.class)
                .issue(KeySpec.forUser("alice", "org_1")
                        .named("reader " + UUID.randomUUID())
                        .mode(Mode.READ))
                .token()
                .reveal();

        HttpResponse<String> byKey =
                get(host, "/systems/" + path, "X-API-Key", token, "Accept", "application/json");
        HttpResponse<String> open = get(host, "/health/" + path, "Accept", "application/json");
        HttpResponse<String> refused = get(host, "/systems/" + path, "Accept", "application/json");

        assertThat(byKey.statusCode()).isEqualTo(status);
        assertThat(byKey.body()).contains("\"path\":\"/systems/" + path + "\"", "\"error\":\"" + text + "\"");
        assertThat(byKey.headers().allValues("WWW-Authenticate")).isEmpty();
        assertThat(open.statusCode()).isEqualTo(status);
        assertThat(open.body()).contains("\"path\":\"/health/" + path + "\"", "\"error\":\"" + text + "\"");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).startsWith("{\"error\":\"unauthorized\"");
    }
}
