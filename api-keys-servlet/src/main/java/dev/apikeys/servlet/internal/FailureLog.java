package dev.apikeys.servlet.internal;

import java.util.UUID;
import org.slf4j.Logger;

/**
 * Handles unexpected failures: the request is denied, and the log shows the failure once. The log doesn't contain the
 * messages of exceptions, because they may contain secrets. It contains their classes and their places in the code.
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

    /** One line for the log: classes and places in the code, without messages, which may contain secrets. */
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
