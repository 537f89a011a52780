package dev.apikeys.servlet;

/** A body in which no calls can be read: nothing of it is passed on, and the answer says what is wrong. */
final class McpProblem extends Exception {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int INVALID_PARAMS = -32602;

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;

    private McpProblem(int status, int code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static McpProblem unreadable(int status, String message) {
        return new McpProblem(status, INVALID_REQUEST, message);
    }

    static McpProblem parse(String message) {
        return new McpProblem(400, PARSE_ERROR, message);
    }

    static McpProblem invalid(String message) {
        return new McpProblem(400, INVALID_REQUEST, message);
    }

    static McpProblem params(String message) {
        return new McpProblem(400, INVALID_PARAMS, message);
    }

    McpAnswer answer() {
        return McpAnswer.of(status, McpError.json(McpId.NONE, code, String.valueOf(getMessage())));
    }
}
