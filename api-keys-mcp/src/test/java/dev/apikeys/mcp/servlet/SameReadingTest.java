package dev.apikeys.mcp.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What was decided about is what the official SDK's server acts on, however a message is written (threat T51). */
class SameReadingTest {
    private static final int MESSAGES = 2_500;
    private static final List<String> METHODS = List.of(
            "tools/call", "prompts/get", "resources/read", "completion/complete", "tools\\/call", "t\\u006fols/call");
    private static final List<String> NAMES = List.of(
            "\"test_simple_text\"",
            "\"test_error_handling\"",
            "\"test_simple_pr\\u006fmpt\"",
            "\"test_prompt_with_arguments\"",
            "null",
            "1");
    private static final List<String> URIS = List.of(
            "\"test://static-text\"", "\"test://static-bin\\u0061ry\"", "\"test://template/p1/data\"", "null", "[]");
    private static final List<String> ARGUMENTS = List.of(
            "{}",
            "null",
            "{\"projectId\":\"p1\"}",
            "{\"projectId\":\"p2\",\"ProjectId\":\"p1\"}",
            "{\"project\\u0049d\":7}",
            "{\"projectId\":\"p1\",\"projectId\":\"p2\"}",
            "[\"projectId\"]");
    private static final List<String> REFERENCES = List.of(
            "{\"type\":\"ref/prompt\",\"name\":\"test_prompt_with_arguments\"}",
            "{\"name\":\"test_prompt_with_arguments\",\"type\":\"ref/prompt\",\"uri\":\"test://static-text\"}",
            "{\"type\":\"ref/resource\",\"uri\":\"test://template/{id}/data\"}",
            "{\"type\":\"ref/prompt\",\"name\":\"a\",\"name\":\"test_prompt_with_arguments\"}",
            "{\"type\":\"ref/prompt\",\"type\":\"ref/resource\",\"name\":\"test_prompt_with_arguments\"}");

    private static final Map<String, List<String>> METHODS_OF = Map.of(
            "name", List.of("tools/call", "prompts/get", "tools\\/call", "t\\u006fols/call"),
            "arguments", List.of("tools/call", "prompts/get", "tools\\/call", "t\\u006fols/call"),
            "uri", List.of("resources/read"),
            "ref", List.of("completion/complete"));

    private final Random random = new Random(51);

    @Test
    void randomMessages_areActedOnAsTheyWereDecided() throws Exception {
        List<AgentCall> decided = new CopyOnWriteArrayList<>();
        CallClassifier remembering = new CallClassifier() {
            @Override
            public @Nullable String project(HttpServletRequest request, AgentCall call) {
                decided.add(call);
                return null;
            }
        };
        try (DemoServer server = new DemoServer();
                GuardWorld world =
                        new GuardWorld(Container.JETTY, guard -> guard.classifier(remembering), server.servlet())) {
            IssuedKey key = world.issue(McpPreset.FULL);
            String session = open(world, key);
            int acted = 0;
            for (int i = 0; i < MESSAGES; i++) {
                String message = message();
                server.forget();
                decided.clear();
                world.post(key, message, "Mcp-Session-Id", session, "MCP-Protocol-Version", "2025-11-25");
                if (!server.acted().isEmpty()) {
                    acted++;
                    assertThat(server.acted()).as(message).isEqualTo(decided);
                }
            }
            assertThat(acted).isGreaterThan(MESSAGES / 20);
        }
    }

    private static String open(GuardWorld world, IssuedKey key) {
        return world.post(
                        key,
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                                + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                                + "\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}")
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
    }

    private String message() {
        List<String> members = new ArrayList<>();
        members.add("\"jsonrpc\":\"2.0\"");
        members.add("\"id\":1");
        String method = one(METHODS);
        members.add(member("method", "\"" + method + "\""));
        members.add(member("params", parameters(method)));
        if (random.nextInt(20) == 0) {
            members.add(member("params", parameters(method)));
        }
        Collections.shuffle(members, random);
        return "{" + String.join(",", members) + "}";
    }

    /** Mostly those that the method has, and now and then others, or the same twice. */
    private String parameters(String method) {
        List<String> parameters = new ArrayList<>();
        Map<String, List<String>> values =
                new TreeMap<>(Map.of("name", NAMES, "uri", URIS, "arguments", ARGUMENTS, "ref", REFERENCES));
        values.forEach((name, choices) -> {
            boolean isOwn = METHODS_OF.get(name).contains(method);
            int times = random.nextInt(isOwn ? 12 : 4) == 0 ? random.nextInt(3) : isOwn ? 1 : 0;
            for (int i = 0; i < times; i++) {
                parameters.add(member(name, one(choices)));
            }
        });
        if (method.startsWith("completion")) {
            parameters.add("\"argument\":{\"name\":\"arg1\",\"value\":\"par\"}");
        }
        Collections.shuffle(parameters, random);
        return "{" + String.join(",", parameters) + "}";
    }

    /** Now and then with a name that is the same only to some readers. */
    private String member(String name, String value) {
        String written = switch (random.nextInt(60)) {
            case 0 -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
            case 1 -> "\\u00" + Integer.toHexString(name.charAt(0)) + name.substring(1);
            case 2 -> name + " ";
            default -> name;
        };
        return "\"" + written + "\":" + value;
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
