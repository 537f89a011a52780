package dev.apikeys.gateway;

import dev.apikeys.servlet.CredentialPlaces;
import dev.apikeys.servlet.internal.FailureLog;
import dev.apikeys.servlet.internal.JsonType;
import dev.apikeys.servlet.internal.LimitedBody;
import dev.apikeys.servlet.internal.Problem;
import dev.apikeys.servlet.internal.UnreadBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Sends answers to clients whose body may not have been read. */
final class Replies {
    private static final UnreadBody UNREAD = new UnreadBody(LimitedBody.MAX_LENGTH);

    private Replies() {}

    /** What a servlet does to answer a request. */
    interface Work {
        void run() throws IOException;
    }

    /** Does the work, and denies if that fails. What the client's connection throws is the container's. */
    static void orDeny(Logger log, HttpServletRequest request, HttpServletResponse response, Work work)
            throws IOException {
        response.setHeader("Cache-Control", CacheTime.NO_STORE);
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            work.run();
        } catch (IOException gone) {
            throw gone;
        } catch (Throwable failure) {
            Problem problem = FailureLog.deny(log, failure);
            if (!response.isCommitted()) {
                response.reset();
                send(problem, request, response);
            }
        }
    }

    static void send(@Nullable Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        UNREAD.send(Objects.requireNonNull(problem, "problem"), CredentialPlaces.DEFAULT, request, response);
    }

    static void send(byte[] json, HttpServletRequest request, HttpServletResponse response) throws IOException {
        send(request, response, answer -> {
            answer.setContentType(JsonType.JSON);
            answer.setContentLength(json.length);
            answer.getOutputStream().write(json);
        });
    }

    static void send(HttpServletRequest request, HttpServletResponse response, UnreadBody.Answer answer)
            throws IOException {
        UNREAD.answer(request, response, answer);
    }
}
