package dev.apikeys.cli;

import dev.apikeys.mcp.IdAllowlist;
import dev.apikeys.mcp.McpPermission;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What agents may do with a key, in an exported file. What the preset decides is null.
 *
 * @param active false while it is paused
 * @param preset the preset
 * @param projects ids, empty for all
 * @param instances ids, empty for all
 * @param readOnly only for a policy of one's own
 * @param allowlistMode only for a policy of one's own
 * @param tools only for a policy of one's own
 * @param permissions only for a policy of one's own
 */
record ExportedPolicy(
        boolean active,
        McpPreset preset,
        List<String> projects,
        List<String> instances,
        @Nullable Boolean readOnly,
        McpPolicy.@Nullable AllowlistMode allowlistMode,
        @Nullable List<String> tools,
        @Nullable List<String> permissions) {

    static ExportedPolicy of(McpPolicy policy) {
        boolean own = policy.getPreset() == McpPreset.CUSTOM;
        return new ExportedPolicy(
                policy.isActive(),
                policy.getPreset(),
                List.copyOf(policy.getProjects().getIds()),
                List.copyOf(policy.getInstances().getIds()),
                own ? policy.isReadOnly() : null,
                own ? policy.getAllowlistMode() : null,
                own ? List.copyOf(policy.getTools()) : null,
                own
                        ? policy.getPermissions().stream()
                                .map(McpPermission::toString)
                                .toList()
                        : null);
    }

    McpPolicy policy() {
        McpPolicy policy =
                McpPolicy.of(preset).projects(IdAllowlist.of(projects)).instances(IdAllowlist.of(instances));
        if (preset == McpPreset.CUSTOM) {
            policy = policy.allowlistMode(Objects.requireNonNull(allowlistMode, "allowlistMode"))
                    .tools(Objects.requireNonNull(tools, "tools"))
                    .permissions(Objects.requireNonNull(permissions, "permissions").stream()
                            .map(McpPermission::parse)
                            .toList());
            policy = Boolean.TRUE.equals(readOnly) ? policy.onlyReading() : policy.alsoWriting();
        }
        return active ? policy : policy.pause();
    }
}
