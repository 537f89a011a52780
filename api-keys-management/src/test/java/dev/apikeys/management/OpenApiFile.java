package dev.apikeys.management;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;

/** {@code docs/openapi.yaml}, read. */
final class OpenApiFile {
    static final Path YAML = Path.of("..", "docs", "openapi.yaml");

    /** The default mounts, with that by which the names of the answers of their family begin. */
    private static final Map<String, String> MOUNTS = Map.of(
            "/me/api-keys", "Personal",
            "/api/v1/user/api-keys", "Workspace",
            "/api/api-keys", "Tenant",
            "/api/admin/api-keys", "Tenant");

    private static final String PLACEHOLDER = "{id}";

    private final OpenAPI document;

    private OpenApiFile(OpenAPI document) {
        this.document = document;
    }

    /** A new copy, with answers, headers and examples where references to them were. */
    static OpenApiFile read() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult result = new OpenAPIV3Parser().readLocation(YAML.toString(), null, options);
        Assertions.assertThat(result.getMessages()).as(YAML.toString()).isEmpty();
        OpenApiFile file = new OpenApiFile(result.getOpenAPI());
        file.resolve();
        return file;
    }

    /** The parser leaves references within the document as they are. */
    private void resolve() {
        Components components = document.getComponents();
        Consumer<ApiResponse> parts = response -> {
            if (response.getHeaders() != null) {
                response.getHeaders()
                        .replaceAll((name, header) -> header.get$ref() == null
                                ? header
                                : components.getHeaders().get(name(header.get$ref())));
            }
            examples(response)
                    .replaceAll((name, example) -> example.get$ref() == null
                            ? example
                            : components.getExamples().get(name(example.get$ref())));
        };
        components.getResponses().values().forEach(parts);
        document.getPaths()
                .values()
                .forEach(path -> path.readOperations().forEach(operation -> {
                    operation
                            .getResponses()
                            .replaceAll((status, response) -> response.get$ref() == null
                                    ? response
                                    : components.getResponses().get(name(response.get$ref())));
                    operation.getResponses().values().forEach(parts);
                }));
    }

    /** The named examples of an answer with JSON. */
    static Map<String, Example> examples(ApiResponse response) {
        MediaType json =
                response.getContent() == null ? null : response.getContent().get("application/json");
        return json == null || json.getExamples() == null ? new HashMap<>() : json.getExamples();
    }

    private static String name(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    OpenAPI document() {
        return document;
    }

    /** The path of the document that a request's path is, or none. */
    Optional<String> path(String requested) {
        List<String> wanted = segments(requested);
        return document.getPaths().keySet().stream()
                .filter(template -> matches(segments(template), wanted))
                .min(Comparator.comparing(template -> template.contains(PLACEHOLDER)));
    }

    /** The mount below which a path is, or none. */
    static Optional<String> mount(String path) {
        return MOUNTS.keySet().stream()
                .filter(mount -> path.equals(mount) || path.startsWith(mount + "/"))
                .findFirst();
    }

    static Set<String> mounts() {
        return MOUNTS.keySet();
    }

    /** By what the names of the answers of a mount's family begin. */
    static String family(String mount) {
        return MOUNTS.getOrDefault(mount, "");
    }

    /** All operations of a path by method. */
    Map<PathItem.HttpMethod, Operation> operations(String path) {
        return document.getPaths().get(path).readOperationsMap();
    }

    private static boolean matches(List<String> template, List<String> wanted) {
        boolean matches = template.size() == wanted.size();
        for (int i = 0; matches && i < wanted.size(); i++) {
            matches = template.get(i).equals(PLACEHOLDER) || template.get(i).equals(wanted.get(i));
        }
        return matches;
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
