package dev.apikeys.servlet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.servlet.McpAccess.Listed;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** What a key is told of itself: its effective policy, in the names of the management contract, and its tools. */
final class McpSelf {
    private McpSelf() {}

    static McpAnswer answer(McpAccess access) {
        McpPolicy policy = access.policy();
        ObjectNode self = Json.object();
        self.put("mcpActive", policy.isActive());
        self.put("mcpPreset", policy.preset().toString());
        self.put("mcpReadOnly", policy.isReadOnly());
        self.put("mcpAllowlistMode", policy.allowlistMode().toString());
        add(self.putArray("mcpToolAllowlist"), policy.tools());
        add(self.putArray("mcpPermissions"), policy.permissions());
        add(self.putArray("mcpProjectIds"), policy.projects().ids());
        add(self.putArray("mcpInstanceIds"), policy.instances().ids());
        // An empty list means every one; what reaches none must not look like it.
        self.put(
                "mcpReachesNothing",
                policy.projects().isNone() || policy.instances().isNone());
        ArrayNode tools = self.putArray("tools");
        access.tools().all().keySet().stream()
                .filter(tool -> access.lists(Listed.TOOL, tool))
                .forEach(tool -> tools.addObject().put("name", tool).put("readOnly", access.isReadOnly(tool)));
        return McpAnswer.of(200, new String(Json.bytes(self), StandardCharsets.UTF_8));
    }

    private static void add(ArrayNode array, Collection<?> words) {
        words.forEach(word -> array.add(word.toString()));
    }
}
