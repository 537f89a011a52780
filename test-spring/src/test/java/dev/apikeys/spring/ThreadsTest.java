package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.task.DelegatingSecurityContextAsyncTaskExecutor;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The key of a request on other threads of the application. */
class ThreadsTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableAsync
    @EnableMethodSecurity
    @Import({Application.Systems.class, Reports.class, Requests.class})
    static class Threaded {
        /** As Spring Security's documentation has it. */
        @Bean
        TaskExecutor taskExecutor() {
            return new DelegatingSecurityContextAsyncTaskExecutor(new SimpleAsyncTaskExecutor("report-"));
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    static class Reports {
        @Async
        @PreAuthorize("hasAuthority('SCOPE_read:reports')")
        public CompletableFuture<String> make() {
            return CompletableFuture.completedFuture(caller() + " on " + Thread.currentThread().getName());
        }
    }

    @RestController
    static class Requests {
        private final Reports reports;

        Requests(Reports reports) {
            this.reports = reports;
        }

        @GetMapping("/report")
        CompletableFuture<String> report() {
            return reports.make();
        }

        @GetMapping("/thread")
        String thread() {
            return caller() + " on " + (Thread.currentThread().toString().startsWith("Virtual") ? "virtual" : "platform");
        }
    }

    private static String caller() {
        return SecurityContextHolder.getContext().getAuthentication().getName();
    }

    private static ConfigurableApplicationContext run(String virtualThreads) {
        SpringApplication spring = new SpringApplication(Threaded.class, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.threads.virtual.enabled", virtualThreads,
                "apikeys.scopes", "read:reports",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID()));
        return spring.run();
    }

    private static IssuedKey issue(ConfigurableApplicationContext application, String scope) {
        return application
                .getBean(KeyService.class)
                .issue(KeySpec.forUser("alice", "org_1").named(scope).scopes(scope));
    }

    private static Client client(ConfigurableApplicationContext application) {
        return new Client(application.getEnvironment().getProperty("local.server.port"));
    }

    @Test
    void asyncMethod_knowsTheKey_andItsRulesHold() throws Exception {
        try (ConfigurableApplicationContext application = run("false")) {
            Client client = client(application);
            String mayRead = issue(application, "read:*").token().reveal();
            String mayNot = issue(application, "manage:reports").token().reveal();

            assertThat(client.get("/report", "X-API-Key", mayRead).body()).startsWith("alice on report-");
            assertThat(client.get("/report", "X-API-Key", mayNot).statusCode()).isEqualTo(403);
            assertThat(client.get("/report", "Accept", "application/json").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with Java 21")
    void virtualThreads_haveTheirOwnKeyEach() throws Exception {
        try (ConfigurableApplicationContext application = run("true")) {
            Client client = client(application);
            String token = issue(application, "read:*").token().reveal();

            for (int i = 0; i < 50; i++) {
                assertThat(client.get("/thread", "X-API-Key", token).body()).isEqualTo("alice on virtual");
                assertThat(client.get("/async", "X-API-Key", token).body()).isEqualTo("alice");
                assertThat(client.get("/thread", "Accept", "application/json").statusCode())
                        .isEqualTo(401);
            }
            assertThat(client.get("/report", "X-API-Key", token).body()).startsWith("alice on report-");
        }
    }
}
