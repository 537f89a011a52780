package dev.apikeys.management;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
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
        if (!isJson(contentTypes(request))) {
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
        List<String> types = contentTypes(request);
        if (!types.isEmpty() && !isJson(types)) {
            return Result.failed(ManagementProblem.Plain.UNSUPPORTED_TYPE);
        }
        return request.getContentLengthLong() > MAX_LENGTH
                ? Result.failed(ManagementProblem.Plain.TOO_LARGE)
                : Result.done(Map.of());
    }

    private static List<String> contentTypes(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Content-Type"));
    }

    private static boolean isJson(List<String> contentTypes) {
        if (contentTypes.size() != 1) {
            return false;
        }
        List<String> parts = Arrays.stream(
                        contentTypes.get(0).toLowerCase(Locale.ROOT).split(";", -1))
                .map(String::strip)
                .toList();
        return parts.get(0).equals("application/json")
                && parts.stream().filter(part -> part.startsWith("charset")).allMatch(RequestBody::isUtf8);
    }

    private static boolean isUtf8(String parameter) {
        return parameter.equals("charset=utf-8") || parameter.equals("charset=\"utf-8\"");
    }
}
