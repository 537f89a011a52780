package dev.apikeys.mcp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules once more, written slowly and apart from the library: plain strings, a loop for every question, and a table
 * of methods and presets of its own.
 */
final class McpOracle {
    /** What each method needs; blank for those that every active policy allows. */
    static final Map<String, String> METHODS = new HashMap<>();

    static final Set<String> WRITING = Set.of("tasks/cancel", "tasks/update");
    static final Set<String> ANYWHERE =
            Set.of("initialize", "ping", "server/discover", "tools/list", "logging/setLevel");

    static {
        needs("", "initialize", "ping", "server/discover");
        needs("mcp:tools:call", "tools/list", "tools/call");
        needs("mcp:resources:read", "resources/list", "resources/templates/list", "resources/read");
        needs("mcp:resources:read", "resources/directory/read", "skills/list", "skills/get");
        needs("mcp:prompts:get", "prompts/list", "prompts/get");
        needs("mcp:completion:complete", "completion/complete");
        needs("mcp:subscriptions:listen", "resources/subscribe", "resources/unsubscribe", "subscriptions/listen");
        needs("mcp:tasks:get", "tasks/get", "tasks/result");
        needs("mcp:tasks:update", "tasks/cancel", "tasks/update");
        needs("mcp:tasks:list", "tasks/list");
        needs("mcp:logging:set-level", "logging/setLevel");
    }

    /** A policy in plain words. An empty list of places stands for every one. */
    record Fields(
            boolean active,
            String preset,
            boolean readOnly,
            String mode,
            List<String> tools,
            Set<String> permissions,
            List<String> projects,
            List<String> instances) {}

    private McpOracle() {}

    /** {@code ALLOWED}, or the name of the first rule that is broken. */
    static String decide(Fields policy, McpCall call) {
        String rule = decideAnywhere(policy, call);
        if (!rule.equals("ALLOWED")) {
            return rule;
        }
        boolean anywhere = ANYWHERE.contains(call.method()) || isNotification(call.method());
        if (!isIn(policy.projects, call.project(), anywhere)) {
            return "PROJECT_NOT_ALLOWED";
        }
        return isIn(policy.instances, call.instance(), anywhere) ? "ALLOWED" : "INSTANCE_NOT_ALLOWED";
    }

    private static String decideAnywhere(Fields policy, McpCall call) {
        if (!policy.active) {
            return "INACTIVE";
        }
        if (policy.preset.equals("none")) {
            return "PRESET_NONE";
        }
        String needed = isNotification(call.method()) ? "" : METHODS.get(call.method());
        if (needed == null) {
            return "UNKNOWN_METHOD";
        }
        if (!needed.isEmpty() && !policy.permissions.contains(needed)) {
            return "PERMISSION_MISSING";
        }
        boolean reads = !WRITING.contains(call.method());
        if (call.method().equals("tools/call")) {
            if (call.name() == null || call.name().isEmpty()) {
                return "NAME_MISSING";
            }
            if (policy.mode.equals("listed") && policy.tools.stream().noneMatch(entry -> matches(entry, call.name()))) {
                return "TOOL_NOT_LISTED";
            }
            reads = call.effect() == McpCall.Effect.READ_ONLY;
        }
        return policy.readOnly && !reads ? "READ_ONLY" : "ALLOWED";
    }

    static boolean isNotification(String method) {
        return method.length() > "notifications/".length() && method.startsWith("notifications/");
    }

    /** Compares character by character. */
    static boolean matches(String entry, String tool) {
        for (int i = 0; i < entry.length(); i++) {
            if (entry.charAt(i) == '*') {
                return true;
            }
            if (i >= tool.length() || entry.charAt(i) != tool.charAt(i)) {
                return false;
            }
        }
        return entry.length() == tool.length();
    }

    private static boolean isIn(List<String> allowed, String id, boolean anywhere) {
        if (allowed.isEmpty()) {
            return true;
        }
        return id == null ? anywhere : allowed.contains(id);
    }

    private static void needs(String permission, String... methods) {
        for (String method : methods) {
            METHODS.put(method, permission);
        }
    }
}
