package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent can do in the demo. */
class AgentTest {
    private Quickstart quickstart;

    @BeforeEach
    void start() throws Exception {
        quickstart = Quickstart.start(
                Settings.inDirectory(Path.of("never-used")).onPort(0).database("jdbc:h2:mem:" + UUID.randomUUID()));
    }

    @AfterEach
    void stop() {
        quickstart.close();
    }

    @Test
    void readOnlyKey_looksAtTheSystemsOfItsOrganization() {
        IssuedKey key = issue(McpPolicy.of(McpPreset.READ_ONLY)
                .allowlistMode(McpPolicy.AllowlistMode.LISTED)
                .tools(List.of("systems_*"))
                .permissions(List.of(McpPermission.TOOLS_CALL, McpPermission.RESOURCES_READ)));
        try (McpSyncClient client = connect(key)) {
            client.initialize();

            assertThat(client.listTools().tools())
                    .extracting(McpSchema.Tool::name)
                    .containsExactlyInAnyOrder("systems_list", "systems_get");
            assertThat(text(client, "systems_list")).isEqualTo("1: The first system of org_a");
            assertThat(text(client, "systems_get")).isEqualTo("1: The first system of org_a");
            assertThatThrownBy(() -> text(client, "systems_restart")).isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> text(client, "systems_delete")).isInstanceOf(RuntimeException.class);
            assertThat(text(client, "systems_list")).isEqualTo("1: The first system of org_a");
            assertThat(client.listResources().resources()).hasSize(1);
        }
    }

    @Test
    void standardKey_deletesASystem() {
        try (McpSyncClient client = connect(issue(McpPolicy.of(McpPreset.STANDARD)))) {
            client.initialize();
            assertThat(text(client, "systems_delete")).isEqualTo("deleted");
            assertThat(text(client, "systems_list")).isEmpty();
            assertThat(client.listPrompts().prompts()).hasSize(1);
        }
    }

    @Test
    void session_isNoKey() {
        Client.Answer refused = Client.of(quickstart).session("alice").post("/mcp", "{}");
        assertThat(refused.status()).isEqualTo(401);
    }

    private IssuedKey issue(McpPolicy policy) {
        return quickstart
                .keys()
                .issue(KeySpec.forUser("alice", "org_a")
                        .named("agent")
                        .mode(Mode.READ)
                        .with(KeyOptions.DEFAULT.with(policy)));
    }

    private McpSyncClient connect(IssuedKey key) {
        return McpClient.sync(HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + quickstart.port())
                        .endpoint("/mcp")
                        .addHttpRequestCustomizer((request, method, uri, body, context) -> request.setHeader(
                                "Authorization", "Bearer " + key.token().reveal()))
                        .build())
                .build();
    }

    private static String text(McpSyncClient client, String tool) {
        McpSchema.CallToolResult result = client.callTool(McpSchema.CallToolRequest.builder(tool)
                .arguments(Map.of("id", "1"))
                .build());
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }
}
