package dev.apikeys.servlet.internal;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends answers to requests whose body nobody has read to its end, so that they are heard. A container that is left with
 * the rest of a body may hang up; that is an error to a client that is still sending, and many look at no answer behind
 * one. RFC 9112 section 9.6 tells servers to read on for a while instead.
 *
 * <p>Of a body of known length, what has arrived is dropped first, without waiting. If that was not all, the answer goes
 * out, and then the rest is waited for and dropped, so that the connection stays usable: of a body that can't be much longer
 * than is allowed, for five seconds and what the connector lets one read wait, and by eight threads at a time, so that nobody
 * holds the threads of a container by announcing bodies that never come. Any other answer says that it closes the connection.
 *
 * <p>Thread-safe.
 */
public final class UnreadBody {
    private static final int BUFFER = 4 * 1024;
    private static final int MAX_WAITING_THREADS = 8;
    private static final long MAX_WAIT = TimeUnit.SECONDS.toNanos(5);

    private final Semaphore waiting = new Semaphore(MAX_WAITING_THREADS);
    private final long maxDropped;

    /**
     * Drops bodies that are at most 64 KiB over a limit.
     *
     * @param maxLength of a body, in bytes
     */
    public UnreadBody(int maxLength) {
        this.maxDropped = maxLength + 64L * 1024;
    }

    /** Writes an answer. */
    public interface Answer {
        void send(HttpServletResponse response) throws IOException;
    }

    /** Sends the answer, and drops what is left of the body. */
    public void answer(HttpServletRequest request, HttpServletResponse response, Answer answer) throws IOException {
        Rest rest = mayBeLeft(request) ? new Rest(request, maxDropped) : null;
        if (rest == null || rest.hasArrived()) {
            answer.send(response);
            return;
        }
        if (!rest.isWorthWaitingFor() || !waiting.tryAcquire()) {
            response.setHeader("Connection", "close");
            answer.send(response);
            return;
        }
        try {
            answer.send(response);
            response.flushBuffer();
            rest.await(System.nanoTime() + MAX_WAIT);
        } finally {
            waiting.release();
        }
    }

    /**
     * Only HTTP/1 needs the end of one message for the next one; a client that expects {@code 100 Continue} sends no body
     * after another answer; and in later dispatches the body is the application's.
     */
    private static boolean mayBeLeft(HttpServletRequest request) {
        return (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null)
                && request.getDispatcherType() == DispatcherType.REQUEST
                && request.getProtocol().startsWith("HTTP/1.")
                && request.getHeader("Expect") == null;
    }

    /** What nobody has read of one body. */
    private static final class Rest {
        private final HttpServletRequest request;
        private final long announced;
        private final long maxDropped;
        private long dropped;

        Rest(HttpServletRequest request, long maxDropped) {
            this.request = request;
            this.announced = request.getContentLengthLong();
            this.maxDropped = maxDropped;
        }

        /** Drops what is there, and tells whether that was the end. */
        boolean hasArrived() {
            try {
                ServletInputStream body = request.getInputStream();
                if (body.isFinished()) {
                    return true;
                }
                if (announced < 0) {
                    // Chunks: Tomcat takes whatever arrived for a part of the body, and a broken one for its own to
                    // answer.
                    return false;
                }
                byte[] buffer = new byte[BUFFER];
                while (dropped < maxDropped && body.available() > 0 && drop(body, buffer)) {
                    // Each time what is there, and no more.
                }
                // Some containers see an end only by waiting for it, so the length tells it as well.
                return body.isFinished() || dropped == announced;
            } catch (IOException | RuntimeException unreadable) {
                // Whatever a wrapper of the host throws: the answer doesn't depend on it.
                dropped = maxDropped;
                return false;
            }
        }

        boolean isWorthWaitingFor() {
            return dropped < maxDropped && announced <= maxDropped;
        }

        /** Drops what comes until then; where nothing comes, the connection's own time-out ends it. */
        void await(long end) {
            try {
                ServletInputStream body = request.getInputStream();
                byte[] buffer = new byte[BUFFER];
                while (dropped < maxDropped && System.nanoTime() - end < 0 && drop(body, buffer)) {
                    // Until one of these ends it.
                }
            } catch (IOException | RuntimeException goneOrBroken) {
                // The answer is on its way; nobody is left to be told. Tomcat ends here too, and waits itself.
            }
        }

        private boolean drop(ServletInputStream body, byte[] buffer) throws IOException {
            int read = body.read(buffer, 0, buffer.length);
            dropped += Math.max(0, read);
            return read >= 0;
        }
    }
}
