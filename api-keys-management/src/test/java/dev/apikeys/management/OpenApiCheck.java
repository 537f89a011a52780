package dev.apikeys.management;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.RawHttp;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;

/**
 * Holds the answers of the management servlet against {@code docs/openapi.yaml}. {@link Http} and {@link RawHttp} show it
 * all that they get, so that no test needs to think of it.
 *
 * <p>Thread-safe.
 */
final class OpenApiCheck {
    /** What only the management servlet adds to {@code Vary}; the golden files hold it to that. */
    private static final String MANAGEMENT = "Cookie, Origin";

    private static final String UNKNOWN_ROUTE = "/-unknown-";
    private static final String BODY_SCHEMA = "validation.request.body.schema.";
    private static final String BODY_MISSING = "validation.response.body.missing";
    private static final OpenApiFile FILE = OpenApiFile.read();
    private static final OpenApiInteractionValidator VALIDATOR = validator();

    private OpenApiCheck() {}

    /**
     * An answer, and to what.
     *
     * @param path without query, as the server decodes it
     * @param headers by their names in lower case
     */
    record Answer(String method, String path, int status, Map<String, List<String>> headers, String body) {
        Optional<String> header(String name) {
            return headers.getOrDefault(name, List.of()).stream().findFirst();
        }
    }

    /** Fails when it is an answer of the management servlet at a default mount and not as the document says. */
    static void check(Answer answer) {
        if (isManagement(answer)) {
            Assertions.assertThat(problems(answer))
                    .as("%s %s -> %d, against the OpenAPI document", answer.method(), answer.path(), answer.status())
                    .isEmpty();
        }
    }

    /** Fails when a call was carried out whose body the document doesn't allow; unknown fields are allowed. */
    static void checkAccepted(String body, Answer answer) {
        if (isManagement(answer) && answer.status() < 300 && !body.isEmpty()) {
            Assertions.assertThat(requestProblems(body, answer))
                    .as("%s %s was carried out, against the OpenAPI document", answer.method(), answer.path())
                    .isEmpty();
        }
    }

    private static boolean isManagement(Answer answer) {
        return answer.header("vary").filter(vary -> vary.contains(MANAGEMENT)).isPresent()
                && OpenApiFile.mount(answer.path()).isPresent();
    }

    private static List<String> requestProblems(String body, Answer answer) {
        Request request = new SimpleRequest.Builder(answer.method(), answer.path())
                .withContentType("application/json")
                .withBody(body)
                .build();
        return VALIDATOR.validateRequest(request).getMessages().stream()
                .filter(message -> message.getKey().startsWith(BODY_SCHEMA)
                        && !message.getKey().endsWith("additionalProperties"))
                .map(ValidationReport.Message::getMessage)
                .toList();
    }

    /** What is wrong with an answer at a default mount; notes the coverage when nothing is. */
    static List<String> problems(Answer answer) {
        String mount = OpenApiFile.mount(answer.path()).orElseThrow();
        String path = answer.path().equals(mount + "/") ? mount : answer.path();
        Optional<String> known = FILE.path(path);
        if (known.isEmpty()) {
            return problems(answer, mount + UNKNOWN_ROUTE, HttpMethod.GET);
        }
        Map<HttpMethod, Operation> operations = FILE.operations(known.get());
        if (answer.method().equals("OPTIONS")
                && answer.status() != 405
                && answer.body().isEmpty()) {
            // The answer to a preflight is of the Fetch standard, and of no operation.
            return List.of();
        }
        Optional<HttpMethod> asked = method(answer.method()).filter(operations::containsKey);
        HttpMethod method = asked.orElse(operations.keySet().iterator().next());
        List<String> problems = new ArrayList<>(problems(answer, known.get(), method));
        if (asked.isPresent() == (answer.status() == 405)) {
            problems.add("a status for methods that the path knows, or doesn't know");
        }
        if (answer.status() == 405 && !allowed(answer).equals(names(operations.keySet()))) {
            problems.add("Allow: " + answer.header("allow"));
        }
        if (problems.isEmpty()) {
            (asked.isPresent() ? List.of(operations.get(method)) : operations.values())
                    .forEach(operation -> OpenApiCoverage.note(operation, answer.status()));
        }
        return problems;
    }

    /** What is wrong with an answer to this operation. */
    static List<String> problems(Answer answer, String path, HttpMethod method) {
        SimpleResponse.Builder response = SimpleResponse.Builder.status(answer.status());
        answer.headers().forEach(response::withHeader);
        if (!answer.body().isEmpty()) {
            response.withBody(answer.body());
        }
        boolean bodiless = answer.method().equals("HEAD");
        return VALIDATOR
                .validateResponse(path, Request.Method.valueOf(method.name()), response.build())
                .getMessages()
                .stream()
                .filter(message -> message.getLevel() == ValidationReport.Level.ERROR)
                .filter(message -> !(bodiless && message.getKey().equals(BODY_MISSING)))
                .map(message -> message.getMessage() + " " + message.getAdditionalInfo())
                .toList();
    }

    private static Optional<HttpMethod> method(String name) {
        String effective = name.equals("HEAD") ? "GET" : name;
        return List.of(HttpMethod.values()).stream()
                .filter(known -> known.name().equals(effective))
                .findFirst();
    }

    private static Set<String> allowed(Answer answer) {
        return new TreeSet<>(List.of(answer.header("allow").orElse("").split(", ", -1)));
    }

    private static Set<String> names(Set<HttpMethod> methods) {
        Set<String> names = methods.stream().map(HttpMethod::name).collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains(HttpMethod.GET)) {
            names.add("HEAD");
        }
        return names;
    }

    /** Of the document, and of what it says about paths that it doesn't have. */
    private static OpenApiInteractionValidator validator() {
        OpenApiFile file = OpenApiFile.read();
        for (String mount : OpenApiFile.mounts()) {
            ApiResponses responses = new ApiResponses();
            responses.addApiResponse(
                    "404",
                    file.document().getComponents().getResponses().get(OpenApiFile.family(mount) + "UnknownRoute"));
            file.document().path(mount + UNKNOWN_ROUTE, new PathItem().get(new Operation().responses(responses)));
        }
        return OpenApiInteractionValidator.createFor(file.document())
                .withStrictOperationPathMatching()
                .build();
    }

    /** The name of a header as {@link Answer} has it. */
    static String lowerCase(String header) {
        return header.toLowerCase(Locale.ROOT);
    }
}
