package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.servlet.CallClassifier.AgentCall;

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
    enum Kind {
        REQUEST,
        NOTIFICATION,
        /** A client's answer to a request of the server: no call. */
        ANSWER
    }

    boolean isRequest() {
        return kind == Kind.REQUEST;
    }

    /** Tells whether the answer is a list that has to be filtered. */
    boolean asksForAList() {
        return isRequest() && ListKind.isAskedBy(call.method());
    }
}
