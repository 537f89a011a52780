package dev.apikeys.mcp.servlet;

import dev.apikeys.management.Json;
import dev.apikeys.management.McpFields;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.servlet.Access.Listed;
import java.nio.charset.StandardCharsets;

/** What a key is told of itself: its effective policy, in the names of the management contract, and its tools. */
final class SelfDescription {
    private SelfDescription() {}

    static GuardResponse answer(Access access) {
        McpPolicy policy = access.policy();
        ObjectNode self = Json.object();
        McpFields.addTo(self, policy);
        // An empty list means every one; what reaches none must not look like it.
        self.put(
                "mcpReachesNothing",
                policy.projects().isNone() || policy.instances().isNone());
        ArrayNode tools = self.putArray("tools");
        access.tools().all().keySet().stream()
                .filter(tool -> access.lists(Listed.TOOL, tool))
                .forEach(tool -> tools.addObject().put("name", tool).put("readOnly", access.isReadOnly(tool)));
        return GuardResponse.of(200, new String(Json.bytes(self), StandardCharsets.UTF_8));
    }
}
