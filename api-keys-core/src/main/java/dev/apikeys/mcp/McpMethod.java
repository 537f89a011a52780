package dev.apikeys.mcp;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every method that a client may send, under the revision of the protocol that brought it; revisions that are not named
 * brought none. What is not here is denied. Methods that a later revision dropped stay, because servers speak several.
 */
enum McpMethod {
    // 2024-11-05
    INITIALIZE("initialize"),
    PING("ping"),
    TOOLS_LIST("tools/list", McpPermission.TOOLS_CALL, Trait.ANYWHERE),
    TOOLS_CALL("tools/call", McpPermission.TOOLS_CALL),
    RESOURCES_LIST("resources/list", McpPermission.RESOURCES_READ),
    RESOURCES_TEMPLATES_LIST("resources/templates/list", McpPermission.RESOURCES_READ),
    RESOURCES_READ("resources/read", McpPermission.RESOURCES_READ),
    RESOURCES_SUBSCRIBE("resources/subscribe", McpPermission.SUBSCRIPTIONS_LISTEN),
    RESOURCES_UNSUBSCRIBE("resources/unsubscribe", McpPermission.SUBSCRIPTIONS_LISTEN),
    PROMPTS_LIST("prompts/list", McpPermission.PROMPTS_GET),
    PROMPTS_GET("prompts/get", McpPermission.PROMPTS_GET),
    COMPLETION_COMPLETE("completion/complete", McpPermission.COMPLETION_COMPLETE),
    LOGGING_SET_LEVEL("logging/setLevel", McpPermission.LOGGING_SET_LEVEL, Trait.ANYWHERE),
    /** All that begin with it. They have no answer, and a server ignores those that it doesn't know. */
    NOTIFICATION("notifications/"),

    // 2025-11-25
    TASKS_GET("tasks/get", McpPermission.TASKS_GET),
    TASKS_RESULT("tasks/result", McpPermission.TASKS_GET),
    TASKS_LIST("tasks/list", McpPermission.TASKS_LIST),
    TASKS_CANCEL("tasks/cancel", McpPermission.TASKS_UPDATE, Trait.WRITES),

    // 2026-07-28; the second group belongs to its extensions for tasks and skills
    SERVER_DISCOVER("server/discover"),
    SUBSCRIPTIONS_LISTEN("subscriptions/listen", McpPermission.SUBSCRIPTIONS_LISTEN),

    TASKS_UPDATE("tasks/update", McpPermission.TASKS_UPDATE, Trait.WRITES),
    SKILLS_LIST("skills/list", McpPermission.RESOURCES_READ),
    SKILLS_GET("skills/get", McpPermission.RESOURCES_READ),
    RESOURCES_DIRECTORY_READ("resources/directory/read", McpPermission.RESOURCES_READ);

    private enum Trait {
        PLAIN,
        /** Carries nothing of a project or an instance, so it may name none where only some are allowed. */
        ANYWHERE,
        /** Steers a call that nobody here knows to be read-only. */
        WRITES
    }

    private static final Map<String, McpMethod> BY_NAME = Arrays.stream(values())
            .filter(method -> method != NOTIFICATION)
            .collect(Collectors.toUnmodifiableMap(method -> method.name, Function.identity()));

    private final String name;
    private final @Nullable McpPermission permission;
    private final Trait trait;

    McpMethod(String name) {
        this(name, null, Trait.ANYWHERE);
    }

    McpMethod(String name, McpPermission permission) {
        this(name, permission, Trait.PLAIN);
    }

    McpMethod(String name, @Nullable McpPermission permission, Trait trait) {
        this.name = name;
        this.permission = permission;
        this.trait = trait;
    }

    /** The method of exactly this name, or null when there is none. */
    static @Nullable McpMethod find(String name) {
        McpMethod method = BY_NAME.get(name);
        if (method == null && name.startsWith(NOTIFICATION.name) && name.length() > NOTIFICATION.name.length()) {
            return NOTIFICATION;
        }
        return method;
    }

    /** What opens the method, or null when every active policy does. */
    @Nullable
    McpPermission permission() {
        return permission;
    }

    /** Tells whether the method may be used without naming a project and an instance, whichever are allowed. */
    boolean isAnywhere() {
        return trait == Trait.ANYWHERE;
    }

    /** Tells whether the method changes something; of {@link #TOOLS_CALL} only the tool can tell. */
    boolean writes() {
        return trait == Trait.WRITES;
    }

    @Override
    public String toString() {
        return name;
    }
}
