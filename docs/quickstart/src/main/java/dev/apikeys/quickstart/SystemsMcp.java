package dev.apikeys.quickstart;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code /mcp}: the systems for agents, an MCP server made with the official Java SDK. Like the rest of the demo it
 * knows nothing of keys. It declares which tools are read-only, as any MCP server does.
 */
final class SystemsMcp implements AutoCloseable {
    private static final String ORGANIZATION = "organization";
    private static final Map<String, Object> NO_ARGUMENTS = Map.of("type", "object");
    private static final Map<String, Object> AN_ID =
            Map.of("type", "object", "properties", Map.of("id", Map.of("type", "string")), "required", List.of("id"));

    private final Systems systems;
    private final HttpServletStreamableServerTransportProvider transport;
    private final McpSyncServer server;

    SystemsMcp(Systems systems) {
        this.systems = systems;
        this.transport = HttpServletStreamableServerTransportProvider.builder()
                .jsonMapper(McpJsonDefaults.getMapper())
                .mcpEndpoint("/mcp")
                .contextExtractor(request -> McpTransportContext.create(
                        Map.of(ORGANIZATION, systems.organization(request.getUserPrincipal()))))
                .build();
        this.server = McpServer.sync(transport)
                .serverInfo("systems", "1.0.0")
                .capabilities(McpSchema.ServerCapabilities.builder()
                        .tools(false)
                        .resources(false, false)
                        .prompts(false)
                        .build())
                .toolCall(reading("systems_list", "Lists the systems.", NO_ARGUMENTS), this::list)
                .toolCall(reading("systems_get", "Shows one system.", AN_ID), this::get)
                .toolCall(writing("systems_restart", "Restarts a system.", AN_ID), this::restart)
                .toolCall(writing("systems_delete", "Deletes a system.", AN_ID), this::delete)
                .resources(about())
                .prompts(check())
                .build();
    }

    /** Map it to {@code /mcp}, with support for asynchronous requests. */
    HttpServlet servlet() {
        return transport;
    }

    private static McpSchema.Tool reading(String name, String description, Map<String, Object> input) {
        return tool(
                name, description, input, McpSchema.ToolAnnotations.builder().readOnlyHint(true));
    }

    private static McpSchema.Tool writing(String name, String description, Map<String, Object> input) {
        return tool(
                name, description, input, McpSchema.ToolAnnotations.builder().destructiveHint(true));
    }

    private static McpSchema.Tool tool(
            String name, String description, Map<String, Object> input, McpSchema.ToolAnnotations.Builder hints) {
        return McpSchema.Tool.builder(name, input)
                .description(description)
                .annotations(hints.build())
                .build();
    }

    private static SyncResourceSpecification about() {
        return new SyncResourceSpecification(
                McpSchema.Resource.builder("systems://about", "about").build(),
                (exchange, request) -> McpSchema.ReadResourceResult.builder(
                                List.of(McpSchema.TextResourceContents.builder(
                                                request.uri(), "Systems that aren't real, to try keys with.")
                                        .build()))
                        .build());
    }

    private static SyncPromptSpecification check() {
        return new SyncPromptSpecification(
                McpSchema.Prompt.builder("systems_check").build(),
                (exchange, request) -> McpSchema.GetPromptResult.builder(List.of(McpSchema.PromptMessage.builder(
                                        McpSchema.Role.USER, text("List the systems and tell me which look odd."))
                                .build()))
                        .build());
    }

    private CallToolResult list(McpSyncServerExchange exchange, CallToolRequest call) {
        return said(systems.all(organization(exchange)).stream()
                .map(system -> system.id() + ": " + system.name())
                .collect(Collectors.joining("\n")));
    }

    private CallToolResult get(McpSyncServerExchange exchange, CallToolRequest call) {
        return systems.find(organization(exchange), id(call))
                .map(system -> said(system.id() + ": " + system.name()))
                .orElseGet(SystemsMcp::unknown);
    }

    private CallToolResult restart(McpSyncServerExchange exchange, CallToolRequest call) {
        return systems.find(organization(exchange), id(call))
                .map(system -> said(system.name() + " would restart now, if it were real"))
                .orElseGet(SystemsMcp::unknown);
    }

    private CallToolResult delete(McpSyncServerExchange exchange, CallToolRequest call) {
        return systems.remove(organization(exchange), id(call)) ? said("deleted") : unknown();
    }

    private static String organization(McpSyncServerExchange exchange) {
        return String.valueOf(exchange.transportContext().get(ORGANIZATION));
    }

    private static String id(CallToolRequest call) {
        return String.valueOf(call.arguments().get("id"));
    }

    private static McpSchema.TextContent text(String text) {
        return McpSchema.TextContent.builder(text).build();
    }

    private static CallToolResult said(String text) {
        return CallToolResult.builder(List.of(text(text))).build();
    }

    private static CallToolResult unknown() {
        return CallToolResult.builder(List.of(text("no such system")))
                .isError(true)
                .build();
    }

    @Override
    public void close() {
        server.close();
    }
}
