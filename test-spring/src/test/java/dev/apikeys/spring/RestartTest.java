package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** An application that devtools restarts leaves no thread and no connection of its earlier lives. */
class RestartTest {
    private static final int RESTARTS = 1;

    @TempDir
    Path directory;

    @Test
    void restarts_leaveNothingBehind() throws Exception {
        List<String> lives = lives("jdbc:h2:file:" + directory.resolve("keys").toAbsolutePath() + ";DB_CLOSE_ON_EXIT=FALSE");

        assertThat(lives).hasSize(RESTARTS + 1);
        assertThat(lives.stream().map(line -> line.substring("life 0".length())).distinct())
                .as("threads and connections of each life")
                .hasSize(1);
    }

    @Test
    void databaseInMemory_endsAfterTheLastNotes() throws Exception {
        // A write that comes too late would be among the lines, as a warning.
        lives("jdbc:h2:mem:keys;DB_CLOSE_ON_EXIT=FALSE");
    }

    private static List<String> lives(String database) throws Exception {
        String output = OtherProcess.run(Restarted.class, List.of("-Ddatabase=" + database));
        assertThat(output).contains("life 0: ", "life 1: ").doesNotContain("last write");
        return output.lines().filter(line -> line.startsWith("life ")).toList();
    }

    /** Started by the test and, in new class loaders, by devtools. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Servers.Tomcat.class)
    static class Restarted {
        private static final String LIFE = "life";

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }

        public static void main(String[] arguments) throws Exception {
            SpringApplication spring = new SpringApplication(Restarted.class);
            spring.setDefaultProperties(Map.of(
                    "server.port", "0",
                    "spring.main.banner-mode", "off",
                    "spring.flyway.enabled", "false",
                    "spring.datasource.hikari.maximum-pool-size", "4",
                    "spring.datasource.url", System.getProperty("database"),
                    "apikeys.keys.max-active-personal", "100"));
            ConfigurableApplicationContext application = spring.run(arguments);
            use(application);
            int life = Integer.getInteger(LIFE, 0);
            // Not in a field: each life has its own classes.
            System.setProperty(LIFE, String.valueOf(life + 1));
            System.out.println("life " + life + ": " + threads() + ", connections " + connections(application));
            if (life < RESTARTS) {
                // Not by this thread, which belongs to the life that ends.
                new Thread(Restarter.getInstance()::restart, "restart").start();
                return;
            }
            application.close();
            System.exit(0);
        }

        private static void use(ConfigurableApplicationContext application) throws IOException {
            KeyService keys = application.getBean(KeyService.class);
            IssuedKey key = keys.issue(
                    KeySpec.forUser("alice").named("CRM " + UUID.randomUUID()).mode(Mode.READ));
            URL url = URI.create("http://localhost:"
                    + application.getEnvironment().getProperty("local.server.port") + "/nothing").toURL();
            HttpURLConnection request = (HttpURLConnection) url.openConnection();
            request.setRequestProperty("X-API-Key", key.token().reveal());
            if (request.getResponseCode() != 404) {
                throw new IllegalStateException("the key was not accepted: " + request.getResponseCode());
            }
        }

        private static List<String> threads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("api-keys"))
                    .sorted()
                    .toList();
        }

        private static Integer connections(ConfigurableApplicationContext application) {
            JdbcTemplate sql = new JdbcTemplate(application.getBean(DataSource.class));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            // The pool fills itself in the background: four connections, and the one that asks for changes.
            Integer open;
            do {
                open = sql.queryForObject("SELECT count(*) FROM information_schema.sessions", Integer.class);
                Thread.onSpinWait();
            } while (open != null && open < 5 && System.nanoTime() < deadline);
            return open;
        }
    }
}
