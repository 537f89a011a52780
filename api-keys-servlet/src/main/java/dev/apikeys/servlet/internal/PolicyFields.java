package dev.apikeys.servlet.internal;

import dev.apikeys.mcp.McpPolicy;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of an agent policy under the names of the tenant contract; the guard shows a key its policy under them too. */
public final class PolicyFields {
    private PolicyFields() {}

    /** The fields in the order of the contract; the values are texts, booleans and lists of texts. */
    public static Map<String, Object> of(McpPolicy policy) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("mcpActive", policy.isActive());
        fields.put("mcpPreset", policy.preset().toString());
        fields.put("mcpReadOnly", policy.isReadOnly());
        fields.put("mcpAllowlistMode", policy.allowlistMode().toString());
        fields.put("mcpToolAllowlist", texts(policy.tools()));
        fields.put("mcpPermissions", texts(policy.permissions()));
        fields.put("mcpProjectIds", texts(policy.projects().ids()));
        fields.put("mcpInstanceIds", texts(policy.instances().ids()));
        return fields;
    }

    private static List<String> texts(Collection<?> items) {
        return items.stream().map(Object::toString).toList();
    }
}
