package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.McpMethod;
import org.jspecify.annotations.Nullable;

/** The lists that a server answers: which method asks, what the result looks like, and which method uses an entry. */
enum ListKind {
    TOOLS(McpMethod.TOOLS_LIST, McpMethod.TOOLS_CALL, "tools", "name"),
    PROMPTS(McpMethod.PROMPTS_LIST, McpMethod.PROMPTS_GET, "prompts", "name"),
    RESOURCES(McpMethod.RESOURCES_LIST, McpMethod.RESOURCES_READ, "resources", "uri"),
    TEMPLATES(McpMethod.RESOURCES_TEMPLATES_LIST, McpMethod.RESOURCES_READ, "resourceTemplates", "uriTemplate");

    private final McpMethod lists;
    private final McpMethod uses;
    private final String field;
    private final String nameField;

    ListKind(McpMethod lists, McpMethod uses, String field, String nameField) {
        this.lists = lists;
        this.uses = uses;
        this.field = field;
        this.nameField = nameField;
    }

    /** The kind of list that stands in this field of a result, or null when it is none. */
    static @Nullable ListKind inField(String field) {
        for (ListKind kind : values()) {
            if (kind.field.equals(field)) {
                return kind;
            }
        }
        return null;
    }

    /** Tells whether the answer to the method holds lists. */
    static boolean isAskedBy(String method) {
        if (method.equals(McpMethod.RESOURCES_DIRECTORY_READ.toString())) {
            return true;
        }
        for (ListKind kind : values()) {
            if (kind.lists.toString().equals(method)) {
                return true;
            }
        }
        return false;
    }

    /** The method that uses what is listed. */
    McpMethod uses() {
        return uses;
    }

    /** The field of an entry that names it. */
    String nameField() {
        return nameField;
    }
}
