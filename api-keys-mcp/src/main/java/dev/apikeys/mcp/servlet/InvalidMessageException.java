package dev.apikeys.mcp.servlet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request in which no calls can be read: nothing of it is passed on, and the answer says what is wrong. */
final class InvalidMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonRpcError error;

    private InvalidMessageException(int status, JsonRpcError error) {
        super(error.message(), null, false, false);
        this.status = status;
        this.error = error;
    }

    private static InvalidMessageException of(int status, int code, String message) {
        return new InvalidMessageException(status, JsonRpcError.of(MessageId.NONE, code, message));
    }

    /** For a body that nobody has read. */
    static InvalidMessageException unread(int status, String message) {
        return of(status, JsonRpcError.INVALID_REQUEST, message);
    }

    static InvalidMessageException parse(String message) {
        return of(400, JsonRpcError.PARSE_ERROR, message);
    }

    static InvalidMessageException notJson() {
        return parse(
                "the body is not JSON, or has duplicate names, too many levels, or a name or number that is too long");
    }

    static InvalidMessageException invalid(String message) {
        return of(400, JsonRpcError.INVALID_REQUEST, message);
    }

    static InvalidMessageException params(String message) {
        return of(400, JsonRpcError.INVALID_PARAMS, message);
    }

    /** For headers that contradict the body or each other. */
    static InvalidMessageException header(String message) {
        return of(400, JsonRpcError.HEADER_MISMATCH, message);
    }

    /** For a revision that doesn't exist. */
    static InvalidMessageException revision(String requested, List<String> supported) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("supported", supported);
        data.put("requested", requested);
        String message = "no such revision of the protocol";
        return new InvalidMessageException(
                400, new JsonRpcError(MessageId.NONE, JsonRpcError.UNSUPPORTED_REVISION, message, data));
    }

    /** For a session that the key didn't open, whoever else did. */
    static InvalidMessageException session() {
        return of(404, JsonRpcError.SESSION_NOT_FOUND, "no such session of this API key; begin a new one");
    }

    /** The same about a request with this id. */
    InvalidMessageException about(MessageId id) {
        return new InvalidMessageException(status, error.about(id));
    }

    JsonResponse response() {
        return JsonResponse.of(status, error.toJson());
    }
}
