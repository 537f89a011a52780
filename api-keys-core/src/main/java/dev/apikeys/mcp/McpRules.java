package dev.apikeys.mcp;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a preset fixes, and the rules that read them.
 *
 * @param readOnly whether only read-only calls are allowed
 * @param mode whether the list of tools is used
 * @param tools the list of tools
 * @param permissions the permissions of the policy
 */
record McpRules(boolean readOnly, McpPolicy.AllowlistMode mode, ToolAllowlist tools, Set<McpPermission> permissions) {
    McpRules {
        Objects.requireNonNull(mode, "mode");
    }

    McpRules(boolean readOnly, McpPolicy.AllowlistMode mode, Set<McpPermission> permissions) {
        this(readOnly, mode, ToolAllowlist.EMPTY, copy(permissions));
    }

    McpRules onlyReading() {
        return new McpRules(true, mode, tools, permissions);
    }

    McpRules alsoWriting() {
        return new McpRules(false, mode, tools, permissions);
    }

    McpRules withMode(McpPolicy.AllowlistMode changed) {
        return new McpRules(readOnly, changed, tools, permissions);
    }

    McpRules withTools(Collection<String> changed) {
        return new McpRules(readOnly, mode, ToolAllowlist.of(changed), permissions);
    }

    McpRules withPermissions(Collection<McpPermission> changed) {
        return new McpRules(readOnly, mode, tools, copy(changed));
    }

    /** The rules that allow exactly what both allow. */
    McpRules intersect(McpRules other) {
        EnumSet<McpPermission> common = EnumSet.noneOf(McpPermission.class);
        common.addAll(permissions);
        common.retainAll(other.permissions);
        ToolAllowlist bothTools = tools.intersect(other.tools);
        if (mode != other.mode) {
            bothTools = mode == McpPolicy.AllowlistMode.LISTED ? tools : other.tools;
        }
        McpPolicy.AllowlistMode narrower = mode == McpPolicy.AllowlistMode.LISTED ? mode : other.mode;
        return new McpRules(readOnly || other.readOnly, narrower, bothTools, copy(common));
    }

    /** The first of these rules that the call breaks, or null if it breaks none. */
    McpDecision.@Nullable Denied brokenBy(McpCall call, McpMethod method) {
        McpPermission needed = method.needs();
        if (needed != null && !permissions.contains(needed)) {
            return Denials.missing(needed);
        }
        if (method == McpMethod.TOOLS_CALL) {
            return brokenByTool(call.name(), call.effect());
        }
        return readOnly && method.writes() ? Denials.of(McpDenial.READ_ONLY) : null;
    }

    private McpDecision.@Nullable Denied brokenByTool(@Nullable String name, McpCall.Effect effect) {
        if (name == null || name.isEmpty()) {
            return Denials.of(McpDenial.NAME_MISSING);
        }
        if (mode == McpPolicy.AllowlistMode.LISTED && !tools.matches(name)) {
            return Denials.of(McpDenial.TOOL_NOT_LISTED);
        }
        return readOnly && effect != McpCall.Effect.READ_ONLY ? Denials.of(McpDenial.READ_ONLY) : null;
    }

    private static Set<McpPermission> copy(Collection<McpPermission> permissions) {
        EnumSet<McpPermission> copy = EnumSet.noneOf(McpPermission.class);
        copy.addAll(permissions);
        return Collections.unmodifiableSet(copy);
    }
}
