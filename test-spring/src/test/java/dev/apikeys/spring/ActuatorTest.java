package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.KeyService;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** What operators see of keys, and the first key. */
@ExtendWith(OutputCaptureExtension.class)
class ActuatorTest {
    private static final String PEPPER =
            Base64.getEncoder().encodeToString("a pepper that nobody should see!".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    @TempDir
    static Path directory;

    private static ConfigurableApplicationContext application;

    private final Client client = new Client(application.getEnvironment().getProperty("local.server.port"));

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Systems.class)
    static class Operated {
        @Bean
        Spans spans() {
            return new Spans();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.requestMatchers("/actuator/**")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .build();
        }
    }

    private static Map<String, Object> properties(String url) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", "0");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.flyway.enabled", "false");
        properties.put("spring.datasource.url", url);
        properties.put("PEPPER", PEPPER);
        properties.put("apikeys.pepper.id", "2026");
        properties.put("apikeys.pepper.value", "${PEPPER}");
        properties.put("apikeys.request.observe-key-id", "true");
        properties.put("apikeys.bootstrap.file", directory.resolve("first-key").toString());
        properties.put("apikeys.bootstrap.user", "alice");
        properties.put("apikeys.bootstrap.organization", "org_1");
        properties.put("apikeys.lease.poll-interval", "100ms");
        properties.put("apikeys.lease.trust", "400ms");
        properties.put("apikeys.lease.grace", "1s");
        properties.put("management.endpoints.web.exposure.include", "*");
        properties.put("management.endpoint.health.show-details", "always");
        properties.put("management.endpoint.env.show-values", "always");
        properties.put("management.endpoint.configprops.show-values", "always");
        return properties;
    }

    @BeforeAll
    static void start() {
        application = run("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    private static ConfigurableApplicationContext run(String url, String... arguments) {
        SpringApplication spring = new SpringApplication(Operated.class, Servers.Tomcat.class);
        spring.setDefaultProperties(properties(url));
        return spring.run(arguments);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void firstKey_liesInAFileForTheOwnerAlone_andWorks() throws Exception {
        Path file = directory.resolve("first-key");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        HttpResponse<String> answer =
                client.get("/whoami", "X-API-Key", Files.readString(file).strip());
        assertThat(answer.body()).isEqualTo("ApiKeyAuthentication alice");
    }

    @Test
    void firstKey_isIssuedOnce_alsoWhenTheFileIsGone_andNoLogHasItsToken(CapturedOutput output)
            throws Exception {
        String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        Path file = directory.resolve("first-key");
        String before = Files.readString(file);
        run(url).close();
        assertThat(Files.readString(file)).isEqualTo(before);

        Path moved = Files.move(file, directory.resolve("moved"));
        run(url, "--logging.level.dev.apikeys=TRACE").close();
        String ofOtherDatabase = Files.readString(file);
        assertThat(ofOtherDatabase).isNotEqualTo(before);
        assertThat(output)
                .contains("Issued the first key")
                .contains(file.toString())
                .doesNotContain(ofOtherDatabase.strip().substring(ofOtherDatabase.indexOf('.') + 1));
        Files.delete(file);
        run(url).close();
        assertThat(file).doesNotExist();
        Files.move(moved, file);
    }

    @Test
    void endpoint_info_andMeters_showTheState() throws Exception {
        client.get("/whoami", "X-API-Key", "nonsense");

        assertThat(client.get("/actuator/apikeys").body()).contains("\"accepted\":", "\"MALFORMED\":");
        assertThat(client.get("/actuator/info").body()).contains("\"tokenPrefix\":\"myk_\"");
        assertThat(client.get("/actuator/prometheus").body())
                .contains("apikeys_verifications_total{reason=\"malformed\",result=\"rejected\"}");
    }

    @Test
    void keyId_isAnAttributeOfTheSpan_andOfNoMeter() throws Exception {
        String token = Files.readString(directory.resolve("first-key")).strip();
        String keyId = application
                .getBean(KeyService.class)
                .verify(token)
                .orElseThrow()
                .keyId()
                .toString();

        client.get("/whoami", "X-API-Key", token);

        // The client has its answer a moment before the observation ends.
        await().untilAsserted(() -> assertThat(application.getBean(Spans.class).attributes("api_key.id"))
                .contains(keyId));
        assertThat(client.get("/actuator/prometheus").body())
                .contains("http_server_requests")
                .doesNotContain(keyId);
    }

    @Test
    void pepper_isShownNowhere_alsoWhereValuesAre() throws Exception {
        String env = client.get("/actuator/env").body();
        String configprops = client.get("/actuator/configprops").body();

        assertThat(env).contains("apikeys.pepper.value").doesNotContain(PEPPER);
        assertThat(configprops).contains("apikeys").doesNotContain(PEPPER);
        assertThat(application.getBean(ApiKeysProperties.class).toString()).doesNotContain(PEPPER);
    }

    @Test
    void health_followsTheLease() throws Exception {
        ConfigurableApplicationContext other = run("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        Client there = new Client(other.getEnvironment().getProperty("local.server.port"));
        assertThat(there.get("/actuator/health").body()).contains("\"apikeys\":{", "\"leaseAge\"");
        assertThat(state(there)).isEqualTo("UP");
        new JdbcTemplate(other.getBean(javax.sql.DataSource.class)).execute("SHUTDOWN");

        await().atMost(Duration.ofSeconds(20)).until(() -> state(there).equals("OUT_OF_SERVICE"));
        await().atMost(Duration.ofSeconds(20)).until(() -> state(there).equals("DOWN"));
        other.close();
    }

    private static String state(Client client) throws Exception {
        String body = client.get("/actuator/health/apikeys").body();
        return body.replaceFirst(".*\"status\":\"([A-Z_]+)\".*", "$1");
    }
}
