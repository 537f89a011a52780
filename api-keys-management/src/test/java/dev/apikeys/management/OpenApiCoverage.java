package dev.apikeys.management;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which operations and statuses of the OpenAPI document were met by the tests that ran in this process so far. Static,
 * because it counts across all test classes.
 *
 * <p>Thread-safe.
 */
final class OpenApiCoverage {
    /** Families that must be covered, by the tag of their operations. */
    private static final Set<String> SERVED = Set.of("Personal keys", "Workspace keys", "Tenant keys", "Admin");

    private static final Map<String, Set<Integer>> MET = new ConcurrentHashMap<>();

    private OpenApiCoverage() {}

    /** A valid answer to this operation. */
    static void note(Operation operation, int status) {
        MET.computeIfAbsent(operation.getOperationId(), id -> ConcurrentHashMap.newKeySet())
                .add(status);
    }

    /**
     * An operation of the document.
     *
     * @param met the statuses that came
     * @param missing those that it has as well, and that come from the servlet itself
     */
    record Line(String tag, String operation, Set<Integer> met, Set<Integer> missing) {
        @Override
        public String toString() {
            return operation + " met " + text(met) + (missing.isEmpty() ? "" : ", MISSING " + text(missing));
        }

        private static String text(Set<Integer> statuses) {
            return statuses.isEmpty()
                    ? "none"
                    : statuses.stream().map(String::valueOf).collect(Collectors.joining(" "));
        }
    }

    /** Every operation of the document, in its order. */
    static List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        OpenApiFile file = OpenApiFile.read();
        file.document()
                .getPaths()
                .keySet()
                .forEach(path -> file.operations(path)
                        .forEach((method, operation) -> lines.add(line(method + " " + path, operation))));
        return lines;
    }

    private static Line line(String name, Operation operation) {
        Map<Integer, ApiResponse> expected = new TreeMap<>();
        operation.getResponses().forEach((status, response) -> expected.put(Integer.valueOf(status), response));
        Set<Integer> met = new TreeSet<>(MET.getOrDefault(operation.getOperationId(), Set.of()));
        Set<Integer> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(met);
        missing.removeIf(status -> isFromElsewhere(expected.get(status)));
        return new Line(operation.getTags().get(0), name, met, missing);
    }

    /** What stands in front of the servlet is not there in every test. */
    private static boolean isFromElsewhere(ApiResponse response) {
        return response.getExtensions() != null && response.getExtensions().containsKey("x-answered-by");
    }

    /** Operations with a status that never came, in families that are served or of which any operation was called. */
    static List<Line> gaps() {
        List<Line> all = lines();
        Set<String> tags = new TreeSet<>(SERVED);
        all.stream().filter(line -> !line.met().isEmpty()).map(Line::tag).forEach(tags::add);
        return all.stream()
                .filter(line -> tags.contains(line.tag()) && !line.missing().isEmpty())
                .toList();
    }
}
