package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.mcp.McpPreset;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** The guard in front of an MCP server of Spring AI. */
class SpringAiTest {
    private static ConfigurableApplicationContext application;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Agents {
        @Bean
        Tools tools() {
            return new Tools();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }
    }

    static class Tools {
        @McpTool(
                name = "systems_list",
                description = "Lists systems",
                annotations = @McpTool.McpAnnotations(readOnlyHint = true))
        public String list() {
            return "all";
        }

        @McpTool(
                name = "systems_delete",
                description = "Deletes a system",
                annotations = @McpTool.McpAnnotations(readOnlyHint = false))
        public String delete() {
            return "deleted";
        }
    }

    @BeforeAll
    static void start() {
        SpringApplication spring = new SpringApplication(Agents.class, Servers.Tomcat.class);
        spring.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.flyway.enabled", "false",
                "spring.datasource.url", "jdbc:h2:mem:" + UUID.randomUUID(),
                "spring.ai.mcp.server.protocol", "STREAMABLE",
                "apikeys.mcp.path", "/mcp"));
        application = spring.run(
                "--spring.ai.mcp.server.enabled=true", "--spring.ai.mcp.server.annotation-scanner.enabled=true");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void readOnlyKey_seesAndCallsWhatOnlyReads() {
        try (McpSyncClient client = McpTest.connect(application, McpPreset.READ_ONLY)) {
            client.initialize();

            assertThat(client.listTools().tools())
                    .extracting(McpSchema.Tool::name)
                    .containsExactly("systems_list");
            assertThat(McpTest.text(client, "systems_list")).contains("all");
            assertThatThrownBy(() -> McpTest.text(client, "systems_delete")).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void fullKey_callsEverything_andNoKeyReachesNothing() throws Exception {
        try (McpSyncClient client = McpTest.connect(application, McpPreset.FULL)) {
            client.initialize();

            assertThat(client.listTools().tools()).hasSize(2);
            assertThat(McpTest.text(client, "systems_delete")).contains("deleted");
        }
        Client stranger = new Client(application.getEnvironment().getProperty("local.server.port"));
        assertThat(stranger.post("/mcp", "{}", "Accept", "application/json").statusCode())
                .isIn(401, 403);
    }
}
