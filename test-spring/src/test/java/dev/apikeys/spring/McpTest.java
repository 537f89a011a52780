package dev.apikeys.spring;

import static dev.apikeys.spring.ApiKeySecurity.apiKeys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.apikeys.KeyOptions;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** The guard between Spring Security and an MCP server of the Java SDK. */
class McpTest {
    private static ConfigurableApplicationContext application;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Agents {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(apiKeys(), withDefaults())
                    .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .build();
        }

        @Bean
        HttpServletStreamableServerTransportProvider transport() {
            return HttpServletStreamableServerTransportProvider.builder()
                    .jsonMapper(McpJsonDefaults.getMapper())
                    .mcpEndpoint("/mcp")
                    .build();
        }

        @Bean
        ServletRegistrationBean<HttpServletStreamableServerTransportProvider> mcpServlet(
                HttpServletStreamableServerTransportProvider transport) {
            return new ServletRegistrationBean<>(transport, "/mcp/*");
        }

        @Bean(destroyMethod = "close")
        McpSyncServer server(HttpServletStreamableServerTransportProvider transport) {
            return McpServer.sync(transport)
                    .serverInfo("systems", "1.0.0")
                    .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
                    .toolCall(tool("systems_list", true), (exchange, call) -> said("all"))
                    .toolCall(tool("systems_delete", false), (exchange, call) -> said("deleted"))
                    .build();
        }

        private static McpSchema.Tool tool(String name, boolean readOnly) {
            return McpSchema.Tool.builder(name, Map.of("type", "object"))
                    .description(name)
                    .annotations(McpSchema.ToolAnnotations.builder()
                            .readOnlyHint(readOnly)
                            .build())
                    .build();
        }

        private static McpSchema.CallToolResult said(String text) {
            return McpSchema.CallToolResult.builder(
                            List.of(McpSchema.TextContent.builder(text).build()))
                    .build();
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
                "apikeys.mcp.path", "/mcp"));
        application = spring.run();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void readOnlyKey_seesAndCallsWhatOnlyReads() {
        try (McpSyncClient client = connect(application, McpPreset.READ_ONLY)) {
            client.initialize();

            assertThat(client.listTools().tools())
                    .extracting(McpSchema.Tool::name)
                    .containsExactly("systems_list");
            assertThat(text(client, "systems_list")).isEqualTo("all");
            assertThatThrownBy(() -> text(client, "systems_delete")).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void fullKey_callsEverything() {
        try (McpSyncClient client = connect(application, McpPreset.FULL)) {
            client.initialize();

            assertThat(client.listTools().tools()).hasSize(2);
            assertThat(text(client, "systems_delete")).isEqualTo("deleted");
        }
    }

    @Test
    void keyOfNoAgent_andNoKey_reachNothing() throws Exception {
        Client client = new Client(port());

        assertThat(client.get("/mcp/self", "X-API-Key", token(McpPreset.READ_ONLY)).body())
                .contains("read_only");
        assertThat(client.post("/mcp", "{}", "Accept", "application/json").statusCode())
                .isIn(401, 403);
        assertThatThrownBy(() -> {
                    try (McpSyncClient none = connect(application, McpPreset.NONE)) {
                        none.initialize();
                        none.listTools();
                    }
                })
                .isInstanceOf(RuntimeException.class);
    }

    private static String port() {
        return application.getEnvironment().getProperty("local.server.port");
    }

    private static String token(McpPreset preset) {
        return token(application, preset);
    }

    private static String token(ConfigurableApplicationContext server, McpPreset preset) {
        return server.getBean(KeyService.class)
                .issue(KeySpec.forUser("alice", "org_1")
                        .named("agent " + UUID.randomUUID())
                        .mode(Mode.READ)
                        .with(KeyOptions.DEFAULT.with(McpPolicy.of(preset))))
                .token()
                .reveal();
    }

    /** An agent with a new key. */
    static McpSyncClient connect(ConfigurableApplicationContext server, McpPreset preset) {
        String token = token(server, preset);
        String url = "http://localhost:" + server.getEnvironment().getProperty("local.server.port");
        return McpClient.sync(HttpClientStreamableHttpTransport.builder(url)
                        .endpoint("/mcp")
                        .addHttpRequestCustomizer((request, method, uri, body, context) ->
                                request.setHeader("Authorization", "Bearer " + token))
                        .build())
                .build();
    }

    static String text(McpSyncClient client, String tool) {
        McpSchema.CallToolResult result =
                client.callTool(McpSchema.CallToolRequest.builder(tool).build());
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }
}
