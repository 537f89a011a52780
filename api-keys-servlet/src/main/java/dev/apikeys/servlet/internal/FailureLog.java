package dev.apikeys.servlet.internal;

import java.util.UUID;
import org.slf4j.Logger;

/**
 * What follows when something fails that nobody expected to: the request is denied, and the log says why, once. The
 * messages of exceptions stay out of it, because they may hold anything; classes and places in the code are enough.
 */
public final class FailureLog {
    private static final int MAX_CAUSES = 5;
    private static final int MAX_FRAMES = 5;

    private FailureLog() {}

    /** Logs the failure and gives the answer that carries the same correlation id. */
    public static Problem deny(Logger log, Throwable failure) {
        return Problem.internalError(denied(log, failure));
    }

    /** Logs the failure and gives the correlation id for the answer. */
    public static String denied(Logger log, Throwable failure) {
        String correlationId = UUID.randomUUID().toString();
        log.error("nothing could be decided about a request, so it was denied; {}: {}", correlationId, line(failure));
        return correlationId;
    }

    /** One line for the log, without messages, which may hold anything: classes, and where in the code it happened. */
    public static String line(Throwable failure) {
        StringBuilder line = new StringBuilder();
        Throwable current = failure;
        for (int i = 0; i < MAX_CAUSES && current != null; i++) {
            line.append(i == 0 ? "" : ", caused by ").append(current.getClass().getName());
            StackTraceElement[] frames = current.getStackTrace();
            for (int frame = 0; frame < Math.min(MAX_FRAMES, frames.length); frame++) {
                line.append(frame == 0 ? " at " : " < ").append(frames[frame]);
            }
            current = current.getCause();
        }
        return line.toString();
    }
}
