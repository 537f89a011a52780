package dev.apikeys.benchmarks;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.GuardFilter;
import dev.apikeys.servlet.ApiKeyFilter;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/**
 * Jetty with an MCP server made with the official Java SDK, whose list of tools is 1 MiB long, behind the filter for API
 * keys; with the guard between them, or without. Prints its port and a token, serves until its standard input ends.
 */
final class GuardServer {
    /** With a description of about 4 KiB each. */
    static final int TOOLS = 256;

    private static final int DESCRIPTION_LENGTH = 3_900;

    private GuardServer() {}

    /** What stands before the server. */
    enum Kind {
        /** The filter for API keys alone. */
        FILTER,
        /** The filter and the guard. The key may use every tool, so that both answers are equally long. */
        GUARD
    }

    /**
     * Serves.
     *
     * @param arguments the name of a {@link Kind}
     */
    public static void main(String[] arguments) throws Exception {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            String token = keys.issue(KeySpec.forOrganization("org_1")
                            .named("agent")
                            .mode(Mode.READ)
                            .with(KeyOptions.DEFAULT.with(McpPolicy.of(McpPreset.STANDARD))))
                    .token()
                    .reveal();
            ServletContextHandler context = new ServletContextHandler();
            ServerProcess.add(
                    context,
                    ApiKeyFilter.builder(keys).requireKey("*", "/mcp/**").build(),
                    "/mcp/*");
            if (Kind.valueOf(arguments[0]) == Kind.GUARD) {
                ServerProcess.add(context, GuardFilter.builder(keys).build(), "/mcp/*");
            }
            ServletHolder servlet = new ServletHolder(mcp());
            servlet.setAsyncSupported(true);
            context.addServlet(servlet, "/mcp/*");
            ServerProcess.serve(context, token);
        }
    }

    private static HttpServletStatelessServerTransport mcp() {
        HttpServletStatelessServerTransport transport = HttpServletStatelessServerTransport.builder()
                .jsonMapper(McpJsonDefaults.getMapper())
                .messageEndpoint("/mcp")
                .build();
        List<SyncToolSpecification> tools =
                IntStream.range(0, TOOLS).mapToObj(GuardServer::tool).collect(Collectors.toList());
        var unused = McpServer.sync(transport)
                .serverInfo("benchmark", "1.0.0")
                .capabilities(
                        McpSchema.ServerCapabilities.builder().tools(false).build())
                .tools(tools)
                .build();
        return transport;
    }

    private static SyncToolSpecification tool(int number) {
        McpSchema.Tool tool = McpSchema.Tool.builder("tool_" + number, Map.of("type", "object"))
                .description("Describes itself. ".repeat(DESCRIPTION_LENGTH / 18))
                .annotations(McpSchema.ToolAnnotations.builder()
                        .readOnlyHint(number % 2 == 0)
                        .build())
                .build();
        return SyncToolSpecification.builder()
                .tool(tool)
                .callHandler((context, call) -> McpSchema.CallToolResult.builder()
                        .content(List.of(McpSchema.TextContent.builder("done").build()))
                        .build())
                .build();
    }
}
