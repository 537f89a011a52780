package dev.apikeys.management;

import dev.apikeys.servlet.internal.JsonType;
import dev.apikeys.servlet.internal.LimitedBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Reads the body of a request, which must be a JSON object by content type and syntax, and within the limit. */
final class RequestBody {
    /** Longest body, in bytes. */
    static final int MAX_LENGTH = LimitedBody.MAX_LENGTH;

    private RequestBody() {}

    /**
     * Reads the fields of an object. It reads at most one byte over the limit, for any or no announced length.
     *
     * @param wanted as in {@link Json#object(byte[], Set)}
     */
    static Result<Map<String, Object>> object(HttpServletRequest request, Set<String> wanted) {
        if (!JsonType.is(request)) {
            return Result.failed(ManagementProblem.Plain.UNSUPPORTED_TYPE);
        }
        return bytes(request).then(body -> Json.object(body, wanted));
    }

    /** Reads the fields of an object; none if there is no body. In HTTP/2, a body may come without a length. */
    static Result<Map<String, Object>> objectOrNothing(HttpServletRequest request, Set<String> wanted) {
        return ignored(request)
                .then(nothing -> bytes(request)
                        .then(body -> body.length == 0 ? Result.done(nothing) : object(request, body, wanted)));
    }

    private static Result<Map<String, Object>> object(HttpServletRequest request, byte[] body, Set<String> wanted) {
        return JsonType.is(request)
                ? Json.object(body, wanted)
                : Result.failed(ManagementProblem.Plain.UNSUPPORTED_TYPE);
    }

    private static Result<byte[]> bytes(HttpServletRequest request) {
        byte[] body;
        try {
            body = LimitedBody.read(request);
        } catch (IOException brokenOff) {
            return Result.failed(ManagementProblem.Plain.MALFORMED);
        }
        return body == null ? Result.failed(ManagementProblem.Plain.TOO_LARGE) : Result.done(body);
    }

    /** Checks a body that will not be read: it must be short, and its type must be JSON or absent. */
    static Result<Map<String, Object>> ignored(HttpServletRequest request) {
        if (request.getHeader("Content-Type") != null && !JsonType.is(request)) {
            return Result.failed(ManagementProblem.Plain.UNSUPPORTED_TYPE);
        }
        return request.getContentLengthLong() > MAX_LENGTH
                ? Result.failed(ManagementProblem.Plain.TOO_LARGE)
                : Result.done(Map.of());
    }
}
