package dev.apikeys.management;

import dev.apikeys.servlet.internal.JsonType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Reads the body of a request: JSON by its content type, within the limit, an object. */
final class RequestBody {
    /** Longest body, in bytes. */
    static final int MAX_LENGTH = 64 * 1024;

    private RequestBody() {}

    /**
     * Reads the fields of an object, and no more than one byte over the limit, whatever length is announced, or none.
     *
     * @param wanted as in {@link Json#object(byte[], Set)}
     */
    static Result<Map<String, Object>> object(HttpServletRequest request, Set<String> wanted) {
        if (!JsonType.is(request)) {
            return Result.failed(ManagementProblem.Plain.UNSUPPORTED_TYPE);
        }
        long announced = request.getContentLengthLong();
        if (announced > MAX_LENGTH) {
            return Result.failed(ManagementProblem.Plain.TOO_LARGE);
        }
        // One more than there may be, so that containers see the end of the body.
        byte[] body = new byte[(announced < 0 ? MAX_LENGTH : (int) announced) + 1];
        int length;
        try {
            // Not readNBytes(int): it ends with a read of no bytes at all, for which Tomcat waits as for others.
            length = request.getInputStream().readNBytes(body, 0, body.length);
        } catch (IOException brokenOff) {
            return Result.failed(ManagementProblem.Plain.MALFORMED);
        }
        return length > MAX_LENGTH
                ? Result.failed(ManagementProblem.Plain.TOO_LARGE)
                : Json.object(Arrays.copyOf(body, length), wanted);
    }

    /** Reads the fields of an object; none when there is no body. */
    static Result<Map<String, Object>> objectOrNothing(HttpServletRequest request, Set<String> wanted) {
        boolean nothing = request.getContentLengthLong() <= 0 && request.getHeader("Transfer-Encoding") == null;
        return nothing ? ignored(request) : object(request, wanted);
    }

    /** Tells whether a body that nobody will read may pass: it is short, and its type is JSON or not given. */
    static Result<Map<String, Object>> ignored(HttpServletRequest request) {
        if (request.getHeader("Content-Type") != null && !JsonType.is(request)) {
            return Result.failed(ManagementProblem.Plain.UNSUPPORTED_TYPE);
        }
        return request.getContentLengthLong() > MAX_LENGTH
                ? Result.failed(ManagementProblem.Plain.TOO_LARGE)
                : Result.done(Map.of());
    }
}
