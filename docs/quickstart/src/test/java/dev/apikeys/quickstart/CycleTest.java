package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Classes that know each other, directly or by way of others, can only be understood together. Nested classes count as
 * their outermost class.
 */
class CycleTest {
    /** The cycles that may be: each is one idea in several files. No class may be in two of them. */
    private static final Map<String, Set<String>> WANTED = Map.ofEntries(
            Map.entry("a service, and what builds it", Set.of("KeyService", "KeyServiceBuilder")),
            Map.entry(
                    "an entry of the cache, and its uses that are not written yet", Set.of("CacheEntry", "UsageCell")),
            Map.entry("a store, and how it imports by its other calls", Set.of("ApiKeyStore", "KeyImports")),
            Map.entry("a form of tokens, and its implementation", Set.of("ImportedTokens", "SeparatedTokens")),
            Map.entry("methods, and the permissions that they need", Set.of("McpMethod", "McpPermission")),
            Map.entry(
                    "a policy, its rules, and what it says of itself",
                    Set.of("McpPolicy", "McpPreset", "McpRules", "Explanation")),
            Map.entry(
                    "a key, how it changes, and the exception that names its status",
                    Set.of("ApiKey", "InvalidKeyStateException", "KeyUpdate", "Widening")),
            Map.entry("a store, and how it handles its schema", Set.of("DatabaseLink", "JdbiApiKeyStore", "Schema")),
            Map.entry(
                    "a filter, what builds it, and its two steps",
                    Set.of(
                            "ApiKeyFilter",
                            "ApiKeyFilterBuilder",
                            "Identification",
                            "KeyAuthenticator",
                            "RequestState")),
            Map.entry(
                    "what a request presents, and the texts in which it stands",
                    Set.of("AuthorizationText", "Credentials", "QueryText")),
            Map.entry("a step-up, and one with a field of its own", Set.of("StepUp", "StepUpByField")),
            Map.entry("a stored hash, and the form that Spring gives it", Set.of("SpringHash", "StoredHash")),
            Map.entry("a guard, and what decides for it", Set.of("GuardFilter", "RequestDecider")),
            Map.entry(
                    "an answer behind the guard, and its asynchronous context",
                    Set.of("GuardedAsyncContext", "GuardedResponse")),
            Map.entry(
                    "a call of the management endpoints, from its route to its answer",
                    Set.of(
                            "Call",
                            "CallSource",
                            "Command",
                            "FieldChecks",
                            "Input",
                            "Json",
                            "ManagementProblem",
                            "Response",
                            "Result",
                            "Route",
                            "Violation")));

    @Test
    void classes_thatKnowEachOther_areOneIdea() {
        Map<String, Set<String>> known = known();
        assertThat(known).hasSizeGreaterThan(150);

        assertThat(cycles(known))
                .allSatisfy(cycle -> assertThat(WANTED.values())
                        .as("classes that know each other: " + cycle)
                        .anyMatch(wanted -> wanted.containsAll(simpleNames(cycle))));
    }

    private static Map<String, Set<String>> known() {
        Map<String, Set<String>> known = new HashMap<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                // Servers and a browser for tests are on the class path, too.
                .withImportOption(location -> !location.contains("/dev/apikeys/testservers/"))
                .importPackages("dev.apikeys")) {
            Set<String> of = known.computeIfAbsent(outermost(type), name -> new HashSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith("dev.apikeys"))
                    .map(CycleTest::outermost)
                    .forEach(of::add);
        }
        return known;
    }

    private static List<String> simpleNames(Set<String> names) {
        return names.stream()
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .toList();
    }

    private static String outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getName();
    }

    /** Each set of classes of which every one reaches every other one. */
    private static Set<Set<String>> cycles(Map<String, Set<String>> known) {
        Map<String, Set<String>> reached = new HashMap<>();
        known.keySet().forEach(start -> reached.put(start, reach(start, known)));
        return known.keySet().stream()
                .map(one -> reached.get(one).stream()
                        .filter(other -> reached.getOrDefault(other, Set.of()).contains(one))
                        .collect(Collectors.toCollection(TreeSet::new)))
                .filter(cycle -> cycle.size() > 1)
                .collect(Collectors.toSet());
    }

    private static Set<String> reach(String start, Map<String, Set<String>> known) {
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(known.get(start));
        while (!next.isEmpty()) {
            String one = next.remove();
            if (reached.add(one)) {
                next.addAll(known.getOrDefault(one, Set.of()));
            }
        }
        return reached;
    }
}
