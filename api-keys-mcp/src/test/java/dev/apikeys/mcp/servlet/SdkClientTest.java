package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer.Container;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guard between the official SDK's client and its server. */
class SdkClientTest {
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final HttpServletStreamableServerTransportProvider transport =
            HttpServletStreamableServerTransportProvider.builder()
                    .jsonMapper(McpJsonDefaults.getMapper())
                    .mcpEndpoint("/mcp")
                    .build();
    private final McpSyncServer server = McpServer.sync(transport)
            .serverInfo("demo", "1")
            .capabilities(McpSchema.ServerCapabilities.builder()
                    .tools(true)
                    .resources(false, false)
                    .prompts(false)
                    .build())
            .toolCall(tool("systems_list", true), (exchange, call) -> ran(call))
            .toolCall(tool("systems_get", true), (exchange, call) -> ran(call))
            .toolCall(tool("systems_delete", false), (exchange, call) -> ran(call))
            .resources(new SyncResourceSpecification(
                    McpSchema.Resource.builder("demo://about", "about").build(),
                    (exchange, request) -> McpSchema.ReadResourceResult.builder(
                                    List.of(McpSchema.TextResourceContents.builder(request.uri(), "about")
                                            .build()))
                            .build()))
            .prompts(new SyncPromptSpecification(
                    McpSchema.Prompt.builder("check").build(),
                    (exchange, request) ->
                            McpSchema.GetPromptResult.builder(List.of()).build()))
            .build();

    private static McpSchema.Tool tool(String name, boolean readOnly) {
        return McpSchema.Tool.builder(name, Map.of("type", "object"))
                .annotations(McpSchema.ToolAnnotations.builder()
                        .readOnlyHint(readOnly)
                        .build())
                .build();
    }

    private McpSchema.CallToolResult ran(McpSchema.CallToolRequest call) {
        ran.add(call.name());
        return McpSchema.CallToolResult.builder(List.of(
                        McpSchema.TextContent.builder(call.name() + " ran").build()))
                .build();
    }

    private static McpSyncClient client(GuardWorld world, IssuedKey key) {
        return McpClient.sync(HttpClientStreamableHttpTransport.builder(
                                world.server().uri("").toString())
                        .endpoint("/mcp")
                        .customizeClient(client -> client.connectTimeout(Duration.ofSeconds(10)))
                        .addHttpRequestCustomizer((request, method, uri, body, context) -> request.setHeader(
                                "Authorization", "Bearer " + key.token().reveal()))
                        .build())
                .requestTimeout(Duration.ofSeconds(20))
                .build();
    }

    private static McpSchema.CallToolResult call(McpSyncClient client, String tool) {
        return client.callTool(
                McpSchema.CallToolRequest.builder(tool).arguments(Map.of()).build());
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void readOnlyListedKey_seesAndCallsWhatIsAllowed_throughPauseAndResume(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container, guard -> {}, transport)) {
            IssuedKey key = world.issue(McpPolicy.of(McpPreset.READ_ONLY)
                    .allowlistMode(McpPolicy.AllowlistMode.LISTED)
                    .tools(List.of("systems_l*", "systems_delete"))
                    .permissions(List.of(McpPermission.TOOLS_CALL, McpPermission.RESOURCES_READ)));
            try (McpSyncClient client = client(world, key)) {
                client.initialize();
                assertThat(client.listTools().tools())
                        .extracting(McpSchema.Tool::name)
                        .containsExactly("systems_list");
                assertThat(call(client, "systems_list").content()).hasSize(1);
                for (String refused : List.of("systems_get", "systems_delete", "systems_List")) {
                    assertThatThrownBy(() -> call(client, refused))
                            .isInstanceOf(McpError.class)
                            .hasMessageContaining("API key");
                }
                assertThat(client.readResource(McpSchema.ReadResourceRequest.builder("demo://about")
                                        .build())
                                .contents())
                        .hasSize(1);
                assertThat(client.listResources().resources()).hasSize(1);
                assertThat(client.getServerCapabilities().prompts()).isNull();

                world.change(key, McpPolicy::pause);
                assertThatThrownBy(() -> call(client, "systems_list")).isInstanceOf(RuntimeException.class);
                world.change(key, McpPolicy::resume);
                assertThat(call(client, "systems_list").content()).hasSize(1);
            }
            assertThat(ran).containsExactly("systems_list", "systems_list");
        } finally {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void key_forEverythingOrForNothing_seesTheServerOrIsToldWhyNot(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container, guard -> {}, transport)) {
            try (McpSyncClient client = client(world, world.issue(McpPreset.FULL))) {
                client.initialize();
                assertThat(client.listTools().tools()).hasSize(3);
                assertThat(call(client, "systems_delete").content()).hasSize(1);
                assertThat(client.listPrompts().prompts()).hasSize(1);
            }
            try (McpSyncClient client = client(world, world.issue(McpPreset.NONE))) {
                assertThatThrownBy(client::initialize)
                        .rootCause()
                        .hasMessageContaining("this API key is not open to agents");
            }
        } finally {
            server.close();
        }
    }
}
