package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apikeys.mcp.McpCall;
import dev.apikeys.mcp.McpMethod;
import dev.apikeys.mcp.McpPolicy;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says that it can do, cut to what the key can use: a client sends what was advertised, and some give up at
 * the first denial.
 */
final class Capabilities {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Where a capability stands, and the method that is of no use without it. */
    private static final Map<List<String>, McpMethod> METHODS = new LinkedHashMap<>();

    static {
        METHODS.put(List.of("tools"), McpMethod.TOOLS_LIST);
        METHODS.put(List.of("tools", "listChanged"), McpMethod.SUBSCRIPTIONS_LISTEN);
        METHODS.put(List.of("prompts"), McpMethod.PROMPTS_LIST);
        METHODS.put(List.of("prompts", "listChanged"), McpMethod.SUBSCRIPTIONS_LISTEN);
        METHODS.put(List.of("resources"), McpMethod.RESOURCES_LIST);
        METHODS.put(List.of("resources", "listChanged"), McpMethod.SUBSCRIPTIONS_LISTEN);
        METHODS.put(List.of("resources", "subscribe"), McpMethod.RESOURCES_SUBSCRIBE);
        METHODS.put(List.of("completions"), McpMethod.COMPLETION_COMPLETE);
        METHODS.put(List.of("logging"), McpMethod.LOGGING_SET_LEVEL);
        METHODS.put(List.of("tasks"), McpMethod.TASKS_GET);
        METHODS.put(List.of("tasks", "list"), McpMethod.TASKS_LIST);
        METHODS.put(List.of("tasks", "cancel"), McpMethod.TASKS_CANCEL);
        METHODS.put(List.of("tasks", "requests", "tools"), McpMethod.TOOLS_LIST);
        METHODS.put(List.of("extensions", "io.modelcontextprotocol/tasks"), McpMethod.TASKS_GET);
        METHODS.put(List.of("extensions", "io.modelcontextprotocol/skills"), McpMethod.SKILLS_LIST);
    }

    private Capabilities() {}

    /** The capabilities that the policy leaves, or null when it leaves all. */
    static @Nullable String cut(byte[] json, int offset, int length, McpPolicy policy) throws IOException {
        JsonNode all = MAPPER.readTree(json, offset, length);
        boolean changed = false;
        for (Map.Entry<List<String>, McpMethod> entry : METHODS.entrySet()) {
            if (!policy.lists(McpCall.of(entry.getValue().toString()))) {
                changed |= remove(all, entry.getKey());
            }
        }
        return changed ? MAPPER.writeValueAsString(all) : null;
    }

    private static boolean remove(JsonNode from, List<String> path) {
        JsonNode parent = from;
        for (String name : path.subList(0, path.size() - 1)) {
            parent = parent.path(name);
        }
        return parent instanceof ObjectNode object && object.remove(path.get(path.size() - 1)) != null;
    }
}
