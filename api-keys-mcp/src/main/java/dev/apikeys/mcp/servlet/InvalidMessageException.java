package dev.apikeys.mcp.servlet;

/** A request in which no calls can be read: nothing of it is passed on, and the answer says what is wrong. */
final class InvalidMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;

    private InvalidMessageException(int status, int code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** For a body that nobody has read. */
    static InvalidMessageException unread(int status, String message) {
        return new InvalidMessageException(status, JsonRpcError.INVALID_REQUEST, message);
    }

    static InvalidMessageException parse(String message) {
        return new InvalidMessageException(400, JsonRpcError.PARSE_ERROR, message);
    }

    static InvalidMessageException invalid(String message) {
        return new InvalidMessageException(400, JsonRpcError.INVALID_REQUEST, message);
    }

    static InvalidMessageException params(String message) {
        return new InvalidMessageException(400, JsonRpcError.INVALID_PARAMS, message);
    }

    JsonResponse response() {
        String json = JsonRpcError.of(MessageId.NONE, code, String.valueOf(getMessage()))
                .toJson();
        return JsonResponse.of(status, json);
    }
}
