package dev.apikeys.mcp;

import dev.apikeys.text.VisibleAscii;
import org.jspecify.annotations.Nullable;

/** Explains a decision of {@link McpPolicy#decide} in one sentence. It doesn't decide anything. */
final class Explanation {
    private final McpPolicy policy;
    private final McpCall call;

    private Explanation(McpPolicy policy, McpCall call) {
        this.policy = policy;
        this.call = call;
    }

    static String of(McpPolicy policy, McpCall call) {
        Explanation explanation = new Explanation(policy, call);
        return policy.decide(call) instanceof McpDecision.Denied denied
                ? "Denied: " + explanation.whyNot(denied)
                : "Allowed: " + explanation.why();
    }

    private String whyNot(McpDecision.Denied denied) {
        return switch (denied.reason()) {
            case INACTIVE -> "MCP access is paused";
            case PRESET_NONE -> "the preset NONE allows nothing";
            case UNKNOWN_METHOD -> "the method " + VisibleAscii.quoted(call.method()) + " is unknown";
            case PERMISSION_MISSING ->
                call.method() + " needs the permission " + denied.missing() + ", which " + giver() + " doesn't give";
            case NAME_MISSING -> call.method() + " names no tool";
            case TOOL_NOT_LISTED ->
                subject() + " matches none of " + policy.getTools().size() + " entries of the allowlist";
            case READ_ONLY -> giver() + " only reads, and " + subject() + " isn't known to be read-only";
            case PROJECT_NOT_ALLOWED -> notAllowed("project", call.project(), policy.getProjects());
            case INSTANCE_NOT_ALLOWED -> notAllowed("instance", call.instance(), policy.getInstances());
        };
    }

    private String why() {
        McpPermission permission = permission();
        String reason = permission == null
                ? VisibleAscii.quoted(call.method()) + " needs no permission"
                : subject() + " by the permission " + permission + ", which " + giver() + " gives";
        return reason
                + tool()
                + place("project", call.project(), policy.getProjects())
                + place("instance", call.instance(), policy.getInstances());
    }

    private String tool() {
        if (McpMethod.find(call.method()) != McpMethod.TOOLS_CALL || call.name() == null) {
            return "";
        }
        String entry = policy.getAllowlistMode() == McpPolicy.AllowlistMode.ALL
                ? null
                : policy.allowlist().entryFor(call.name());
        return (entry == null ? "; no allowlist applies" : "; it matches the entry " + VisibleAscii.quoted(entry))
                + (policy.isReadOnly() ? "; it is declared read-only" : "; writing is allowed");
    }

    private static String place(String what, @Nullable String id, IdAllowlist places) {
        if (places.isEvery()) {
            return "";
        }
        return id == null
                ? "; it needs no " + what
                : "; the " + what + " " + VisibleAscii.quoted(id) + " is one of " + places + " allowed";
    }

    private static String notAllowed(String what, @Nullable String id, IdAllowlist places) {
        String named = id == null
                ? "the call names no " + what + ", and it must be"
                : "the " + what + " " + VisibleAscii.quoted(id) + " isn't";
        return named + " one of " + places + " allowed";
    }

    private @Nullable McpPermission permission() {
        McpMethod method = McpMethod.find(call.method());
        return method == null ? null : method.needs();
    }

    private String subject() {
        return call.name() == null ? call.method() : call.method() + " of " + VisibleAscii.quoted(call.name());
    }

    private String giver() {
        return policy.getPreset() == McpPreset.CUSTOM ? "the policy" : "the preset " + policy.getPreset();
    }
}
