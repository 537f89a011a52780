package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/** Jackson 2 and 3 stand side by side: whichever the application writes with, the library reads and writes with its own. */
class JacksonTest {
    @ParameterizedTest
    @ValueSource(strings = {"jackson", "jackson2"})
    void managementAndActuator_workNextToEither(String mapper) throws Exception {
        assertThat(ClassUtils.isPresent("com.fasterxml.jackson.databind.ObjectMapper", null)).isTrue();
        assertThat(ClassUtils.isPresent("tools.jackson.databind.ObjectMapper", null)).isTrue();
        // In Spring Boot 3.5 the one that is called jackson is Jackson 2.
        assumeThat(mapper.equals("jackson")
                        || ClassUtils.isPresent(
                                "org.springframework.boot.jackson2.autoconfigure.Jackson2AutoConfiguration", null))
                .as("this Spring Boot has a choice")
                .isTrue();
        SpringApplication spring = new SpringApplication(Application.class, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID(),
                "spring.sql.init.schema-locations", "classpath:org/springframework/session/jdbc/schema-h2.sql",
                "spring.http.converters.preferred-json-mapper", mapper,
                "management.endpoints.web.exposure.include", "apikeys",
                "apikeys.management.personal.path", "/me/api-keys"));
        try (ConfigurableApplicationContext application = spring.run()) {
            Client client = new Client(application.getEnvironment().getProperty("local.server.port"));
            String token = application
                    .getBean(KeyService.class)
                    .issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                    .token()
                    .reveal();
            client.login("alice", "correct horse");
            HttpResponse<String> created = client.post(
                    "/me/api-keys",
                    "{\"name\":\"from the page\",\"mode\":\"read\",\"password\":\"correct horse\"}",
                    "Content-Type",
                    "application/json",
                    "X-CSRF-TOKEN",
                    client.csrf());

            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(created.body()).contains("\"token\":\"myk_", "\"expires_at\":\"20");
            assertThat(client.get("/actuator/apikeys").body()).startsWith("{").contains("\"accepted\":");
            assertThat(client.get("/systems", "X-API-Key", token).body()).contains("\"owner\":\"alice\"");
            assertThat(client.get("/principal", "X-API-Key", token).body())
                    .contains("\"keyName\":\"CRM\"")
                    .doesNotContain(token.substring(token.indexOf('.') + 1));
        }
    }
}
