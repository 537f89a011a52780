package dev.apikeys.gateway;

import dev.apikeys.servlet.internal.JsonType;
import dev.apikeys.servlet.internal.LimitedBody;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.UnreadBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends answers, and problems to clients whose body may not have been read. */
final class Replies {
    private static final UnreadBody UNREAD = new UnreadBody(LimitedBody.MAX_LENGTH);

    private Replies() {}

    static void send(@Nullable Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Problem known = Objects.requireNonNull(problem, "problem");
        UNREAD.answer(request, response, known::send);
    }

    static void send(byte[] json, HttpServletResponse response) throws IOException {
        response.setContentType(JsonType.JSON);
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }
}
