package dev.apikeys.management;

import static dev.apikeys.management.OpenApiCheck.lowerCase;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.apikeys.management.OpenApiCheck.Answer;
import dev.apikeys.testservers.ServletServer.Container;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the OpenAPI document holds, and how it is served. */
class OpenApiDocumentTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void document_askedForByAnybody_isTheFileInBothForms(Container container, ManagedFamily family) throws Exception {
        String file = Files.readString(OpenApiFile.YAML);
        SessionResolver nobodyAsksMe = request -> {
            throw new AssertionError("asked for a session");
        };
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .sessions(nobodyAsksMe)
                .start()) {
            HttpResponse<String> yaml = world.call("GET", "/openapi.yaml", "", "X-API-Key", "no key at all");
            HttpResponse<String> json = world.call("GET", "/openapi.json", "");

            assertThat(yaml.body()).isEqualTo(file);
            assertThat(yaml.headers().firstValue("Content-Type")).hasValue("application/yaml");
            assertThat(JSON.readTree(json.body())).isEqualTo(YAML.readTree(file));
            assertThat(json.headers().firstValue("Content-Type")).hasValue("application/json");
            for (HttpResponse<String> answer : List.of(yaml, json)) {
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
                assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
            }
            assertThat(world.call("HEAD", "/openapi.yaml", "").body()).isEmpty();
            for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
                HttpResponse<String> refused = world.call(method, "/openapi.json", "");
                assertThat(refused.statusCode()).as(method).isEqualTo(405);
                assertThat(refused.headers().allValues("Allow")).containsExactly("GET, HEAD");
                assertThat(world.call(method, "/openapi.yaml", "").body()).isEqualTo(refused.body());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void operations_ofAFamily_areTheRoutesThatItHas(ManagedFamily family) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(Container.JETTY).serving(family).start()) {
            Set<String> routes = new HashSet<>();
            family.family(world)
                    .codec()
                    .routes()
                    .forEach(route -> routes.add(
                            route.method() + " " + family.mount + route.path().replace("{key}", "{id}")));
            for (ApiDocument form : ApiDocument.values()) {
                routes.add("GET " + family.mount + "/openapi." + lowerCase(form.name()));
            }
            OpenApiFile file = OpenApiFile.read();
            Set<String> operations = new HashSet<>();
            file.document().getPaths().keySet().stream()
                    .filter(path -> OpenApiFile.mount(path).orElse("").equals(family.mount))
                    .forEach(path ->
                            file.operations(path).keySet().forEach(method -> operations.add(method + " " + path)));

            assertThat(operations).isEqualTo(routes);
        }
    }

    /** A value of each header that stands at an answer. */
    private static final Map<String, String> HEADERS = Map.of(
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff",
            "WWW-Authenticate", "Bearer",
            "Allow", "GET, HEAD",
            "Retry-After", "1",
            "X-Total-Count", "1",
            "X-Total-Is-Estimate", "true",
            "X-Correlation-Id", "f47ac10b-58cc-4372-a567-0e02b2c3d479");

    private static String header(String name, String status) {
        return name.equals("WWW-Authenticate") && status.equals("400")
                ? "Bearer error=\"invalid_request\""
                : HEADERS.get(name);
    }

    /** An example of an answer of the document; the name is for people. */
    private record Example(String name, String path, HttpMethod method, Answer answer) {
        @Override
        public String toString() {
            return name + " " + answer.body();
        }
    }

    private static List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        OpenApiFile file = OpenApiFile.read();
        file.document()
                .getPaths()
                .keySet()
                .forEach(path -> file.operations(path)
                        .forEach((method, operation) -> operation.getResponses().forEach((status, response) -> {
                            Map<String, List<String>> headers =
                                    new HashMap<>(Map.of("content-type", List.of("application/json")));
                            response.getHeaders()
                                    .keySet()
                                    .forEach(name -> headers.put(lowerCase(name), List.of(header(name, status))));
                            for (String body : bodies(response)) {
                                examples.add(new Example(
                                        operation.getOperationId() + " " + status,
                                        path,
                                        method,
                                        new Answer(method.name(), path, Integer.parseInt(status), headers, body)));
                            }
                        })));
        return examples;
    }

    private static List<String> bodies(ApiResponse response) {
        List<Object> bodies = new ArrayList<>();
        OpenApiFile.examples(response).values().forEach(example -> bodies.add(example.getValue()));
        MediaType json =
                response.getContent() == null ? null : response.getContent().get("application/json");
        if (json != null && json.getExample() != null) {
            bodies.add(json.getExample());
        }
        return bodies.stream()
                .map(body -> JSON.<JsonNode>valueToTree(body).toString())
                .toList();
    }

    @Test
    void everyExample_isAnAnswerAsTheDocumentSays() {
        assertThat(examples()).hasSizeGreaterThan(100);
        for (Example example : examples()) {
            assertThat(OpenApiCheck.problems(example.answer(), example.path(), example.method()))
                    .as(example.toString())
                    .isEmpty();
        }
    }

    /** Every answer with a body of JSON, but for the document itself, has an example. */
    @Test
    void everyAnswer_hasAnExample() {
        OpenApiFile file = OpenApiFile.read();
        for (String path : file.document().getPaths().keySet()) {
            if (path.contains("/openapi.")) {
                continue;
            }
            for (Operation operation : file.operations(path).values()) {
                assertThat(operation.getResponses().entrySet())
                        .as(operation.getOperationId())
                        .isNotEmpty()
                        .allMatch(answer -> answer.getKey().equals("204")
                                || !bodies(answer.getValue()).isEmpty());
            }
        }
    }

    /** What the document shows of a family is what its golden files hold. 429 is the filter's: see FilterRefusalTest. */
    @Test
    void examplesOfPersonalKeys_areGolden() throws Exception {
        Set<JsonNode> golden = new HashSet<>();
        for (GoldenExchange exchange : GoldenExchange.in("family-a")) {
            golden.add(JSON.readTree(exchange.answer().replaceFirst("(?s).*?(\n\n|$)", "")));
        }
        for (Example example : examples()) {
            boolean isByFilter = example.answer().status() == 429;
            if (example.path().startsWith(ManagementWorld.MOUNT) && !isByFilter) {
                assertThat(golden.contains(JSON.readTree(example.answer().body())))
                        .as(example.toString())
                        .isTrue();
            }
        }
    }
}
