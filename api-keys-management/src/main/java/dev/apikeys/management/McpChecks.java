package dev.apikeys.management;

import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.servlet.internal.PolicyFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The rules for the fields of a policy for agents. A preset in the request overrides the fields that it fixes, so a
 * form may send these fields unchanged. Without a preset, a field that differs from the value of the present preset
 * makes the policy a custom one, so no requested value is ignored silently.
 */
final class McpChecks {
    private static final List<Field> FIELDS = List.of(
            Field.MCP_ACTIVE,
            Field.MCP_PRESET,
            Field.MCP_READ_ONLY,
            Field.MCP_ALLOWLIST_MODE,
            Field.MCP_TOOLS,
            Field.MCP_PERMISSIONS,
            Field.MCP_PROJECTS,
            Field.MCP_INSTANCES);

    private McpChecks() {}

    /** Tells whether the request is about the policy. */
    static boolean isAsked(FieldChecks checks) {
        return FIELDS.stream().anyMatch(checks::has);
    }

    /** The change of a policy by the fields of the request. */
    static UnaryOperator<McpPolicy> change(FieldChecks checks) {
        List<UnaryOperator<McpPolicy>> changes = new ArrayList<>();
        checks.on(Field.MCP_ACTIVE).ifPresent(on -> changes.add(policy -> on ? policy.resume() : policy.pause()));
        Optional<McpPreset> preset = checks.word(Field.MCP_PRESET, PolicyFields::preset);
        preset.ifPresent(given -> changes.add(policy -> policy.preset(given)));
        List<UnaryOperator<McpPolicy>> rules = rules(checks);
        if (preset.filter(given -> given != McpPreset.CUSTOM).isEmpty()) {
            changes.addAll(rules);
        }
        checks.words(Field.MCP_PROJECTS, IdAllowlist::of).ifPresent(ids -> changes.add(policy -> policy.projects(ids)));
        checks.words(Field.MCP_INSTANCES, IdAllowlist::of)
                .ifPresent(ids -> changes.add(policy -> policy.instances(ids)));
        return present -> {
            McpPolicy policy = present;
            for (UnaryOperator<McpPolicy> change : changes) {
                policy = change.apply(policy);
            }
            return policy;
        };
    }

    /** The fields that presets fix. A field with its present value doesn't change the preset. */
    private static List<UnaryOperator<McpPolicy>> rules(FieldChecks checks) {
        List<UnaryOperator<McpPolicy>> rules = new ArrayList<>();
        checks.on(Field.MCP_READ_ONLY)
                .ifPresent(only -> rules.add(policy ->
                        policy.isReadOnly() == only ? policy : only ? policy.onlyReading() : policy.alsoWriting()));
        checks.word(Field.MCP_ALLOWLIST_MODE, PolicyFields::allowlistMode)
                .ifPresent(mode ->
                        rules.add(policy -> policy.getAllowlistMode() == mode ? policy : policy.allowlistMode(mode)));
        checks.words(Field.MCP_TOOLS, words -> McpPolicy.DEFAULT.tools(words).getTools())
                .ifPresent(tools -> rules.add(
                        policy -> policy.getTools().equals(new TreeSet<>(tools)) ? policy : policy.tools(tools)));
        checks.words(Field.MCP_PERMISSIONS, McpChecks::permissions)
                .ifPresent(given -> rules.add(
                        policy -> policy.getPermissions().equals(given) ? policy : policy.permissions(given)));
        return rules;
    }

    private static Set<McpPermission> permissions(List<String> words) {
        // Set.copyOf takes quadratic time for words that a client chose for that.
        return words.stream().map(McpPermission::parse).collect(Collectors.toSet());
    }
}
