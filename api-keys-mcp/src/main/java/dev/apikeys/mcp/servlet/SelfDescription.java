package dev.apikeys.mcp.servlet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.servlet.internal.PolicyFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a key is told of itself: its effective policy, in the names of the management contract, and its tools. */
final class SelfDescription {
    private static final ObjectWriter WRITER = new JsonMapper().writer();

    private SelfDescription() {}

    static JsonResponse of(RequestPolicy asked) {
        McpPolicy policy = asked.policy();
        Map<String, Object> self = new LinkedHashMap<>(PolicyFields.of(policy));
        // An empty list means every one; what reaches none must not look like it.
        self.put(
                "mcpReachesNothing",
                policy.getProjects().isNone() || policy.getInstances().isNone());
        self.put("tools", tools(asked));
        try {
            return JsonResponse.of(200, WRITER.writeValueAsString(self));
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("the description of a key could not be written as JSON", failure);
        }
    }

    private static List<Map<String, Object>> tools(RequestPolicy asked) {
        return asked.knownTools().stream()
                .filter(tool -> asked.lists(ListKind.Entry.TOOL, tool))
                .map(tool -> {
                    Map<String, Object> shown = new LinkedHashMap<>();
                    shown.put("name", tool);
                    shown.put("readOnly", asked.isReadOnly(tool));
                    return shown;
                })
                .toList();
    }
}
