package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.McpMethod;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import org.jspecify.annotations.Nullable;

/** The lists that a server answers: which method asks, what the result looks like, and what an entry is. */
enum ListKind {
    TOOLS(McpMethod.TOOLS_LIST, "tools", Entry.TOOL),
    PROMPTS(McpMethod.PROMPTS_LIST, "prompts", new Entry(McpMethod.PROMPTS_GET, AgentCall.Subject.PROMPT, "name")),
    RESOURCES(
            McpMethod.RESOURCES_LIST,
            "resources",
            new Entry(McpMethod.RESOURCES_READ, AgentCall.Subject.RESOURCE, "uri")),
    TEMPLATES(
            McpMethod.RESOURCES_TEMPLATES_LIST,
            "resourceTemplates",
            new Entry(McpMethod.RESOURCES_READ, AgentCall.Subject.RESOURCE, "uriTemplate")),
    SKILLS(McpMethod.SKILLS_LIST, "skills", new Entry(McpMethod.SKILLS_GET, AgentCall.Subject.RESOURCE, "uri")),
    /** Its entries are shown to whoever may list tasks. */
    TASKS(McpMethod.TASKS_LIST, "tasks", null);

    private final McpMethod lists;
    private final String field;
    // The set is immutable, but the checker knows that only for types with its own annotation.
    @SuppressWarnings("ImmutableEnumChecker")
    private final @Nullable Entry entry;

    ListKind(McpMethod lists, String field, @Nullable Entry entry) {
        this.lists = lists;
        this.field = field;
        this.entry = entry;
    }

    /**
     * One entry of a list.
     *
     * @param method that uses it
     * @param subject what it is
     * @param nameField the field that names it
     */
    record Entry(McpMethod method, AgentCall.Subject subject, String nameField) {
        static final Entry TOOL = new Entry(McpMethod.TOOLS_CALL, AgentCall.Subject.TOOL, "name");
    }

    /** The entries of the list that stands in this field of a result; null when nothing is to be filtered there. */
    static @Nullable Entry entryIn(String field) {
        for (ListKind kind : values()) {
            if (kind.field.equals(field)) {
                return kind.entry;
            }
        }
        return null;
    }

    /** The list that the method asks for, or null when it asks for none. */
    static @Nullable ListKind askedBy(String method) {
        for (ListKind kind : values()) {
            if (kind.lists.toString().equals(method)) {
                return kind;
            }
        }
        return null;
    }

    /**
     * The answer to a request for a list of which the key may use nothing.
     *
     * @param more the other fields that the revision requires of a list, each behind a comma
     */
    String empty(MessageId id, String more) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id.toJson() + ",\"result\":{\"" + field + "\":[]" + more + "}}";
    }
}
