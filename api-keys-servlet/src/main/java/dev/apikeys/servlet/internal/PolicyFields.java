package dev.apikeys.servlet.internal;

import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The fields of a policy for agents, with the names of the tenant contract. The guard uses the same names when it shows
 * a key its policy.
 */
public final class PolicyFields {
    private PolicyFields() {}

    /** The fields in the order of the contract; the values are texts, booleans and lists of texts. */
    public static Map<String, Object> of(McpPolicy policy) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("mcpActive", policy.isActive());
        fields.put("mcpPreset", word(policy.getPreset()));
        fields.put("mcpReadOnly", policy.isReadOnly());
        fields.put("mcpAllowlistMode", word(policy.getAllowlistMode()));
        fields.put("mcpToolAllowlist", texts(policy.getTools()));
        fields.put("mcpPermissions", texts(policy.getPermissions()));
        fields.put("mcpProjectIds", texts(policy.getProjects().getIds()));
        fields.put("mcpInstanceIds", texts(policy.getInstances().getIds()));
        return fields;
    }

    /**
     * The preset of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static McpPreset preset(String word) {
        return named(McpPreset.values(), word);
    }

    /**
     * The mode of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static McpPolicy.AllowlistMode allowlistMode(String word) {
        return named(McpPolicy.AllowlistMode.values(), word);
    }

    private static <E extends Enum<E>> E named(E[] all, String word) {
        for (E one : all) {
            if (word(one).equals(word)) {
                return one;
            }
        }
        throw new IllegalArgumentException("a policy has no such word");
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> texts(Collection<?> items) {
        return items.stream().map(Object::toString).toList();
    }
}
