package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server made with the official Java SDK, with the tools, resources and prompts that the official conformance suite asks
 * for, as far as the SDK has them. It remembers what it acted on.
 */
final class DemoServer implements AutoCloseable {
    private static final String DOT =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static final String SOUND = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

    private final List<AgentCall> acted = new CopyOnWriteArrayList<>();
    private final HttpServletStreamableServerTransportProvider transport =
            HttpServletStreamableServerTransportProvider.builder()
                    .jsonMapper(McpJsonDefaults.getMapper())
                    .mcpEndpoint("/mcp")
                    .build();
    private final McpSyncServer server;

    DemoServer() {
        this.server = McpServer.sync(transport)
                .serverInfo("demo", "1")
                .capabilities(McpSchema.ServerCapabilities.builder()
                        .tools(true)
                        .resources(true, true)
                        .prompts(true)
                        .completions()
                        .logging()
                        .build())
                .toolCall(
                        tool("test_simple_text", true),
                        (exchange, call) -> answered(call, text("This is a simple text response for testing.")))
                .toolCall(tool("test_image_content", true), (exchange, call) -> answered(call, image()))
                .toolCall(tool("test_audio_content", true), (exchange, call) -> answered(call, audio()))
                .toolCall(
                        tool("test_embedded_resource", true),
                        (exchange, call) -> answered(call, embedded("test://embedded-resource")))
                .toolCall(
                        tool("test_multiple_content_types", true),
                        (exchange, call) -> answered(
                                call,
                                text("Multiple content types test:"),
                                image(),
                                embedded("test://mixed-content-resource")))
                .toolCall(tool("test_error_handling", false), (exchange, call) -> failed(call))
                .resources(resources())
                .resourceTemplates(template())
                .prompts(prompts())
                .completions(new SyncCompletionSpecification(
                        McpSchema.PromptReference.builder("test_prompt_with_arguments")
                                .build(),
                        (exchange, request) -> completed(request)))
                .build();
    }

    HttpServlet servlet() {
        return transport;
    }

    /** What it acted on, in order. */
    List<AgentCall> acted() {
        return List.copyOf(acted);
    }

    void forget() {
        acted.clear();
    }

    private static McpSchema.Tool tool(String name, boolean readOnly) {
        return McpSchema.Tool.builder(name, Map.of("type", "object"))
                .description(name)
                .annotations(McpSchema.ToolAnnotations.builder()
                        .readOnlyHint(readOnly)
                        .build())
                .build();
    }

    private CallToolResult answered(CallToolRequest call, Content... content) {
        acted.add(new AgentCall("tools/call", AgentCall.Subject.TOOL, call.name(), texts(call.arguments())));
        return CallToolResult.builder(List.of(content)).build();
    }

    private CallToolResult failed(CallToolRequest call) {
        acted.add(new AgentCall("tools/call", AgentCall.Subject.TOOL, call.name(), texts(call.arguments())));
        return CallToolResult.builder(List.of(text("This tool intentionally returns an error for testing")))
                .isError(true)
                .build();
    }

    private CompleteResult completed(McpSchema.CompleteRequest request) {
        McpSchema.CompleteReference ref = request.ref();
        acted.add(new AgentCall(
                "completion/complete",
                ref.type().equals("ref/prompt") ? AgentCall.Subject.PROMPT : AgentCall.Subject.RESOURCE,
                ref instanceof McpSchema.PromptReference prompt
                        ? prompt.name()
                        : ((McpSchema.ResourceReference) ref).uri(),
                Map.of()));
        return new CompleteResult(new CompleteResult.CompleteCompletion(List.of("paris", "park", "party"), 3, false));
    }

    private SyncResourceSpecification[] resources() {
        return new SyncResourceSpecification[] {
            new SyncResourceSpecification(
                    McpSchema.Resource.builder("test://static-text", "static-text")
                            .mimeType("text/plain")
                            .build(),
                    (exchange, request) -> read(request.uri(), textOf(request.uri(), "static text"))),
            new SyncResourceSpecification(
                    McpSchema.Resource.builder("test://static-binary", "static-binary")
                            .mimeType("image/png")
                            .build(),
                    (exchange, request) -> read(
                            request.uri(),
                            McpSchema.BlobResourceContents.builder(request.uri(), DOT)
                                    .mimeType("image/png")
                                    .build()))
        };
    }

    private SyncResourceTemplateSpecification template() {
        return new SyncResourceTemplateSpecification(
                McpSchema.ResourceTemplate.builder("test://template/{id}/data", "template")
                        .mimeType("application/json")
                        .build(),
                (exchange, request) -> read(
                        request.uri(),
                        McpSchema.TextResourceContents.builder(
                                        request.uri(),
                                        "{\"id\":\"" + request.uri().split("/", -1)[3] + "\"}")
                                .mimeType("application/json")
                                .build()));
    }

    private ReadResourceResult read(String uri, ResourceContents contents) {
        acted.add(new AgentCall("resources/read", AgentCall.Subject.RESOURCE, uri, Map.of()));
        return ReadResourceResult.builder(List.of(contents)).build();
    }

    private SyncPromptSpecification[] prompts() {
        return new SyncPromptSpecification[] {
            prompt("test_simple_prompt", List.of(), text("This is a simple prompt for testing.")),
            prompt(
                    "test_prompt_with_arguments",
                    List.of(argument("arg1"), argument("arg2")),
                    text("Prompt with arguments: arg1='testValue1', arg2='testValue2'")),
            prompt(
                    "test_prompt_with_embedded_resource",
                    List.of(argument("resourceUri")),
                    embedded("test://example-resource")),
            prompt("test_prompt_with_image", List.of(), image())
        };
    }

    private static PromptArgument argument(String name) {
        return PromptArgument.builder(name).description(name).required(false).build();
    }

    private SyncPromptSpecification prompt(String name, List<PromptArgument> arguments, Content content) {
        return new SyncPromptSpecification(
                McpSchema.Prompt.builder(name)
                        .description(name)
                        .arguments(arguments)
                        .build(),
                (exchange, request) -> {
                    acted.add(new AgentCall(
                            "prompts/get", AgentCall.Subject.PROMPT, request.name(), texts(request.arguments())));
                    return GetPromptResult.builder(List.of(McpSchema.PromptMessage.builder(McpSchema.Role.USER, content)
                                    .build()))
                            .build();
                });
    }

    private static Map<String, String> texts(Map<String, Object> arguments) {
        Map<String, String> texts = new TreeMap<>();
        if (arguments != null) {
            arguments.forEach((name, value) -> {
                if (value instanceof String || value instanceof Integer || value instanceof Long) {
                    texts.put(name, value.toString());
                }
            });
        }
        return texts;
    }

    private static Content text(String text) {
        return McpSchema.TextContent.builder(text).build();
    }

    private static Content image() {
        return McpSchema.ImageContent.builder(DOT, "image/png").build();
    }

    private static Content audio() {
        return McpSchema.AudioContent.builder(SOUND, "audio/wav").build();
    }

    private static Content embedded(String uri) {
        return McpSchema.EmbeddedResource.builder(textOf(uri, "embedded")).build();
    }

    private static ResourceContents textOf(String uri, String text) {
        return McpSchema.TextResourceContents.builder(uri, text)
                .mimeType("text/plain")
                .build();
    }

    @Override
    public void close() {
        server.close();
    }
}
