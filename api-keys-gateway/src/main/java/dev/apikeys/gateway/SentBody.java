package dev.apikeys.gateway;

import dev.apikeys.servlet.internal.LimitedBody;
import dev.apikeys.servlet.internal.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request.
 *
 * @param bytes the whole body, or null
 * @param problem why there is none, or null
 */
// One body for one request, which nobody changes.
@SuppressWarnings("ArrayRecordComponent")
record SentBody(byte @Nullable [] bytes, @Nullable Problem problem) {
    private static final Problem TOO_LARGE = Problem.of(413, "too_large", "the body is too large");
    private static final Problem BROKEN_OFF = Problem.of(400, "invalid_request", "the body ends too early");

    static SentBody of(HttpServletRequest request) {
        try {
            byte[] bytes = LimitedBody.read(request);
            return new SentBody(bytes, bytes == null ? TOO_LARGE : null);
        } catch (IOException brokenOff) {
            // Not the container's to answer: its page may show classes.
            return new SentBody(null, BROKEN_OFF);
        }
    }
}
