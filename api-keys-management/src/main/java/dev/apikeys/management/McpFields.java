package dev.apikeys.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apikeys.mcp.McpPolicy;

/** A policy for agents in the names of the tenant contract, which a key is told of itself in as well. */
final class McpFields {
    private McpFields() {}

    static void addTo(ObjectNode shown, McpPolicy policy) {
        shown.put("mcpActive", policy.isActive())
                .put("mcpPreset", policy.preset().toString())
                .put("mcpReadOnly", policy.isReadOnly())
                .put("mcpAllowlistMode", policy.allowlistMode().toString());
        shown.set("mcpToolAllowlist", Json.texts(policy.tools()));
        shown.set("mcpPermissions", Json.texts(policy.permissions()));
        shown.set("mcpProjectIds", Json.texts(policy.projects().ids()));
        shown.set("mcpInstanceIds", Json.texts(policy.instances().ids()));
    }
}
