package dev.apikeys.mcp;

import static dev.apikeys.mcp.McpMethod.Subject.ARGUMENTS_OF_NAME;
import static dev.apikeys.mcp.McpMethod.Subject.NOTHING;
import static dev.apikeys.mcp.McpMethod.Subject.REFERENCE;
import static dev.apikeys.mcp.McpMethod.Subject.TASK;
import static dev.apikeys.mcp.McpMethod.Subject.URI;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every method that a client may send, with its name, the permission that it needs, and the parameters with its
 * subject. Only this class knows them. Methods are sorted by the revision of the protocol that added them; other
 * revisions added none. A method that is not here is denied. Methods that a later revision removed are kept, because
 * servers support several revisions.
 *
 * <p>Immutable and thread-safe.
 */
public enum McpMethod {
    // 2024-11-05
    /** Begins a session, up to revision 2025-11-25. */
    INITIALIZE("initialize"),
    /** Asks whether the server is alive. */
    PING("ping"),
    /** Lists tools. */
    TOOLS_LIST("tools/list", McpPermission.TOOLS_CALL, NOTHING, Trait.ANYWHERE),
    /** Calls a tool. */
    TOOLS_CALL("tools/call", McpPermission.TOOLS_CALL, ARGUMENTS_OF_NAME),
    /** Lists resources. */
    RESOURCES_LIST("resources/list", McpPermission.RESOURCES_READ, NOTHING),
    /** Lists templates of resources. */
    RESOURCES_TEMPLATES_LIST("resources/templates/list", McpPermission.RESOURCES_READ, NOTHING),
    /** Reads a resource. */
    RESOURCES_READ("resources/read", McpPermission.RESOURCES_READ, URI),
    /** Asks for news of a resource. */
    RESOURCES_SUBSCRIBE("resources/subscribe", McpPermission.SUBSCRIPTIONS_LISTEN, URI),
    /** Ends that. */
    RESOURCES_UNSUBSCRIBE("resources/unsubscribe", McpPermission.SUBSCRIPTIONS_LISTEN, URI),
    /** Lists prompts. */
    PROMPTS_LIST("prompts/list", McpPermission.PROMPTS_GET, NOTHING),
    /** Gets a prompt. */
    PROMPTS_GET("prompts/get", McpPermission.PROMPTS_GET, ARGUMENTS_OF_NAME),
    /** Completes an argument of a prompt or of a resource template. */
    COMPLETION_COMPLETE("completion/complete", McpPermission.COMPLETION_COMPLETE, REFERENCE),
    /** Sets what the server logs. */
    LOGGING_SET_LEVEL("logging/setLevel", McpPermission.LOGGING_SET_LEVEL, NOTHING, Trait.ANYWHERE),
    /** All names with this prefix. Notifications have no answer, and a server ignores unknown ones. */
    NOTIFICATION("notifications/"),

    // 2025-11-25
    /** Asks for the state of a task. */
    TASKS_GET("tasks/get", McpPermission.TASKS_GET, TASK),
    /** Asks for the result of a task. */
    TASKS_RESULT("tasks/result", McpPermission.TASKS_GET, TASK),
    /** Lists tasks. */
    TASKS_LIST("tasks/list", McpPermission.TASKS_LIST, NOTHING),
    /** Cancels a task. */
    TASKS_CANCEL("tasks/cancel", McpPermission.TASKS_UPDATE, TASK, Trait.WRITES),

    // 2026-07-28; the second group belongs to its extensions for tasks and skills
    /** Asks what the server can do. It replaces {@link #INITIALIZE}. */
    SERVER_DISCOVER("server/discover"),
    /** Opens a stream of news of lists and resources. */
    SUBSCRIPTIONS_LISTEN("subscriptions/listen", McpPermission.SUBSCRIPTIONS_LISTEN, NOTHING),

    /** Answers the questions of a task. */
    TASKS_UPDATE("tasks/update", McpPermission.TASKS_UPDATE, TASK, Trait.WRITES),
    /** Lists skills. */
    SKILLS_LIST("skills/list", McpPermission.RESOURCES_READ, NOTHING),
    /** Gets a skill. */
    SKILLS_GET("skills/get", McpPermission.RESOURCES_READ, URI),
    /** Lists the resources of a directory. */
    RESOURCES_DIRECTORY_READ("resources/directory/read", McpPermission.RESOURCES_READ, URI);

    /** Which parameters of a method contain its subject. Other parameters are ignored in decisions. */
    public enum Subject {
        /** None. */
        NOTHING,
        /** {@code name}, and {@code arguments} for what it names. */
        ARGUMENTS_OF_NAME("name", "arguments"),
        /** {@code uri}. */
        URI("uri"),
        /** {@code taskId}. */
        TASK("taskId"),
        /** {@code ref}: a prompt by {@code name}, or a resource template by {@code uri}, as its {@code type} says. */
        REFERENCE("ref");

        // The set is immutable, but the checker knows that only for types with its own annotation.
        @SuppressWarnings("ImmutableEnumChecker")
        private final Set<String> parameters;

        Subject(String... parameters) {
            this.parameters = Set.of(parameters);
        }

        /** The names of the parameters. */
        public Set<String> parameters() {
            return parameters;
        }
    }

    private enum Trait {
        PLAIN,
        /** Contains no data of a project or an instance, so it need not name one if only some are allowed. */
        ANYWHERE,
        /** Changes a call that is not known to be read-only. */
        WRITES
    }

    private static final Map<String, McpMethod> BY_NAME = Arrays.stream(values())
            .filter(method -> method != NOTIFICATION)
            .collect(Collectors.toUnmodifiableMap(method -> method.name, Function.identity()));

    private final String name;
    private final @Nullable McpPermission permission;
    private final Subject subject;
    private final Trait trait;

    McpMethod(String name) {
        this(name, null, NOTHING, Trait.ANYWHERE);
    }

    McpMethod(String name, McpPermission permission, Subject subject) {
        this(name, permission, subject, Trait.PLAIN);
    }

    McpMethod(String name, @Nullable McpPermission permission, Subject subject, Trait trait) {
        this.name = name;
        this.permission = permission;
        this.subject = subject;
        this.trait = trait;
    }

    /** The method with exactly this name; empty if there is none. */
    public static Optional<McpMethod> of(String name) {
        Objects.requireNonNull(name, "name");
        return Optional.ofNullable(find(name));
    }

    /** The same without an object for the answer. */
    static @Nullable McpMethod find(String name) {
        McpMethod method = BY_NAME.get(name);
        if (method == null && name.startsWith(NOTIFICATION.name) && name.length() > NOTIFICATION.name.length()) {
            return NOTIFICATION;
        }
        return method;
    }

    /** The parameters with the subject of a call of the method. */
    public Subject subject() {
        return subject;
    }

    /** The permission that the method needs, or null if every active policy allows it. */
    @Nullable
    McpPermission needs() {
        return permission;
    }

    /** Tells whether the method may be used without a project and an instance, also if only some are allowed. */
    boolean isAnywhere() {
        return trait == Trait.ANYWHERE;
    }

    /** Tells whether the method changes something. For {@link #TOOLS_CALL} that depends on the tool. */
    boolean writes() {
        return trait == Trait.WRITES;
    }

    /** The method's name, for example {@code tools/call}. */
    @Override
    public String toString() {
        return name;
    }
}
