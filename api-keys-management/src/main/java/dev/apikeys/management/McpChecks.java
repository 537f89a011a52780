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

/**
 * The rules for the fields of a policy for agents. A preset that is sent overrides the fields that it fixes, so that a
 * form may send them along as they were. Without one, a field that differs from what the present preset fixes makes the
 * policy a custom one: nothing that was asked for is dropped in silence.
 */
final class McpChecks {
    private McpChecks() {}

    /** What becomes of a policy by what was sent. */
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

    /** What presets fix. A field that is as it was leaves the preset alone. */
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
        return Set.copyOf(words.stream().map(McpPermission::parse).toList());
    }
}
