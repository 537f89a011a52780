package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** Every bad key gets the same answer, so an operator reads in the log why. */
@ExtendWith(OutputCaptureExtension.class)
class RefusalLogTest {
    private final LoggingSystem logging = LoggingSystem.get(RefusalLogTest.class.getClassLoader());

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Servlet {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Reactive {
        @Bean
        SecurityWebFilterChain chain(ServerHttpSecurity http, ReactiveApiKeys keys) {
            return keys.addTo(http)
                    .authorizeExchange(rules -> rules.anyExchange().authenticated())
                    .build();
        }
    }

    @AfterEach
    void beQuietAgain() {
        logging.setLogLevel("dev.apikeys", null);
    }

    @Test
    void revokedKey_isNamedSoInTheDebugLog_withoutItsToken(CapturedOutput output) throws Exception {
        assertReasonIsLogged("servlet", output, Servlet.class, Servers.Tomcat.class);
    }

    @Test
    void revokedKey_isNamedSoInTheDebugLog_withoutItsToken_inWebFlux(CapturedOutput output) throws Exception {
        assertReasonIsLogged("reactive", output, Reactive.class, Servers.Netty.class);
    }

    private void assertReasonIsLogged(String type, CapturedOutput output, Class<?>... host) throws Exception {
        SpringApplication spring = new SpringApplication(host);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.main.web-application-type", type,
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID()));
        try (ConfigurableApplicationContext application = spring.run()) {
            logging.setLogLevel("dev.apikeys", LogLevel.DEBUG);
            KeyService keys = application.getBean(KeyService.class);
            IssuedKey issued = keys.issue(KeySpec.forUser("alice").named("CRM").mode(Mode.READ));
            keys.revoke(KeyRef.of(issued.key().id()), Actor.of("alice"), "lost");

            assertThat(new Client(application.getEnvironment().getProperty("local.server.port"))
                            .get("/", "X-API-Key", issued.token().reveal())
                            .statusCode())
                    .isEqualTo(401);

            assertThat(output)
                    .contains("refused with 401: Rejected[reason=REVOKED]")
                    .doesNotContain(issued.token().reveal());
        }
    }
}
