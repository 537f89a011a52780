package dev.apikeys.mcp.servlet;

/** A body in which no calls can be read: nothing of it is passed on, and the answer says what is wrong. */
final class ProblemException extends Exception {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int INVALID_PARAMS = -32602;

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;

    private ProblemException(int status, int code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static ProblemException unreadable(int status, String message) {
        return new ProblemException(status, INVALID_REQUEST, message);
    }

    static ProblemException parse(String message) {
        return new ProblemException(400, PARSE_ERROR, message);
    }

    static ProblemException invalid(String message) {
        return new ProblemException(400, INVALID_REQUEST, message);
    }

    static ProblemException params(String message) {
        return new ProblemException(400, INVALID_PARAMS, message);
    }

    GuardResponse answer() {
        return GuardResponse.of(status, JsonRpcErrors.json(MessageId.NONE, code, String.valueOf(getMessage())));
    }
}
