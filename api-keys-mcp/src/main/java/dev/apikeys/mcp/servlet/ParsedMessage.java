package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.McpMethod;
import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;
import java.util.Set;

/**
 * One message of a body, and where in the body it stands.
 *
 * @param kind what it is
 * @param id of a request; else {@link MessageId#NONE}
 * @param call of requests and notifications; of an answer the method is empty
 * @param start its first byte
 * @param end behind its last byte
 */
record ParsedMessage(Kind kind, MessageId id, AgentCall call, int start, int end) {
    /** Whose answers hold lists or capabilities, beside those that {@link ListKind} names. */
    private static final Set<String> MORE_TO_FILTER = Set.of(
            McpMethod.INITIALIZE.toString(),
            McpMethod.SERVER_DISCOVER.toString(),
            McpMethod.RESOURCES_DIRECTORY_READ.toString());

    enum Kind {
        REQUEST,
        NOTIFICATION,
        /** A client's answer to a request of the server: no call. */
        ANSWER
    }

    boolean isRequest() {
        return kind == Kind.REQUEST;
    }

    /** Tells whether the answer holds what has to be filtered. */
    boolean asksForLists() {
        String method = call.method();
        return isRequest() && (ListKind.askedBy(method) != null || MORE_TO_FILTER.contains(method));
    }
}
