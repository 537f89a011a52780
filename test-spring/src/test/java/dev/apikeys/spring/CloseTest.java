package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.config.Customizer.withDefaults;

import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.testkit.Gate;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application ends in the order server, service, pool, and none of them misses the next. */
class CloseTest {
    private static final List<String> ENDED = new CopyOnWriteArrayList<>();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Closing {
        @Bean
        DataSource dataSource(Environment settings) {
            HikariDataSource pool = new HikariDataSource() {
                @Override
                public void close() {
                    ENDED.add("pool");
                    super.close();
                }
            };
            pool.setJdbcUrl(settings.getRequiredProperty("database"));
            pool.setUsername("sa");
            return pool;
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }

        @Bean
        Gate gate() {
            return new Gate();
        }

        @Bean
        Slow slow(KeyService keys, Gate gate) {
            return new Slow(keys, gate);
        }
    }

    @RestController
    static class Slow {
        private final KeyService keys;
        private final Gate gate;

        Slow(KeyService keys, Gate gate) {
            this.keys = keys;
            this.gate = gate;
        }

        @GetMapping("/slow")
        String slow() {
            gate.pass();
            IssuedKey later = keys.issue(KeySpec.forUser("alice").named("late").mode(Mode.READ));
            String name = keys.verify(later.token().reveal()).orElseThrow().keyName();
            ENDED.add("request");
            return name;
        }
    }

    @Test
    void requestInFlight_isAnswered_andUsageIsWritten_beforeThePoolEnds() throws Exception {
        String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        SpringApplication spring = new SpringApplication(Closing.class, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "server.shutdown", "graceful",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "apikeys.usage-interval", "1h",
                "database", database));
        ConfigurableApplicationContext application = spring.run();
        KeyService keys = application.getBean(KeyService.class);
        Gate gate = application.getBean(Gate.class);
        IssuedKey key = keys.issue(KeySpec.forUser("alice").named("CRM").mode(Mode.READ));
        int port = Integer.parseInt(application.getEnvironment().getProperty("local.server.port"));
        Client client = new Client(String.valueOf(port));
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return client.get("/slow", "X-API-Key", key.token().reveal());
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        gate.awaitReached();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(application::close);
        // The server takes no more requests; whoever is inside still needs the service.
        await().until(() -> !listens(port));
        gate.open();

        closed.get();
        assertThat(answer.get().body()).isEqualTo("late");
        assertThat(ENDED).containsExactly("request", "pool");
        assertThat(new JdbcTemplate(new DriverManagerDataSource(database, "sa", ""))
                        .queryForObject("SELECT count(*) FROM api_key_usage", Integer.class))
                .isEqualTo(2);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("localhost", port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
