package dev.apikeys.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.jdbi.JdbiApiKeyStore;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.h2.tools.Server;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** An application whose database is away comes up, answers 503, and recovers by itself. */
class StartDuringOutageTest {
    private final String name = "mem:" + UUID.randomUUID();

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private IssuedKey issuedBefore() {
        DriverManagerDataSource direct =
                new DriverManagerDataSource("jdbc:h2:" + name + ";DB_CLOSE_DELAY=-1", "sa", "");
        try (KeyService before =
                KeyService.builder(JdbiApiKeyStore.create(direct)).build()) {
            return before.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
        }
    }

    private static ConfigurableApplicationContext start(String url) {
        SpringApplication spring = new SpringApplication(Application.class, Servers.Tomcat.class);
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", "0");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.flyway.enabled", "false");
        properties.put("spring.datasource.url", url);
        properties.put("spring.datasource.username", "sa");
        properties.put("spring.datasource.hikari.connection-timeout", "1000");
        properties.put("apikeys.store.schema", "expect");
        spring.setDefaultProperties(properties);
        return spring.run();
    }

    // The driver of H2 tries for seconds before it says that nobody is there.
    @Tag("endurance")
    @Test
    void application_whoseDatabaseIsAway_answers503AndRecovers() throws Exception {
        IssuedKey key = issuedBefore();
        int port = freePort();
        Server server = Server.createTcpServer("-tcpPort", String.valueOf(port));
        try (ConfigurableApplicationContext application = start("jdbc:h2:tcp://localhost:" + port + "/" + name)) {
            Client client = new Client(application.getEnvironment().getProperty("local.server.port"));
            String bearer = "Bearer " + key.token().reveal();
            assertThat(client.get("/systems", "Authorization", bearer).statusCode())
                    .isEqualTo(503);
            assertThat(application.getBean(KeyService.class).health().lastPoll())
                    .isNull();

            server.start();

            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            client.get("/systems", "Authorization", bearer).statusCode() == 200);
        } finally {
            server.stop();
        }
    }
}
