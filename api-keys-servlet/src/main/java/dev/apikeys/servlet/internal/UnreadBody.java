package dev.apikeys.servlet.internal;

import dev.apikeys.servlet.CredentialPlaces;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends answers to requests whose body was not read to its end, so that clients receive them. Otherwise a container may
 * close the connection. A client that is still sending sees an error then, and many clients don't read the answer after
 * an error. RFC 9112 section 9.6 tells servers to continue reading for some time.
 *
 * <p>If the length of the body is known, the bytes that have arrived are dropped first, without waiting. If the body is
 * not complete then, the answer is sent, and the rest is read and dropped, so that the connection stays usable. This is
 * done only for a body that can't be much longer than allowed, for five seconds plus the time-out of one read, and by
 * at most eight threads. So a client can't block the threads of a container with bodies that never arrive. Any other
 * answer closes the connection.
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
     * Drops bodies that exceed a limit by at most 64 KiB.
     *
     * @param maxLength of a body, in bytes
     */
    public UnreadBody(int maxLength) {
        this.maxDropped = maxLength + 64L * 1024;
    }

    /** Writes an answer, with its length: without one, clients wait for more of it while the rest of the body is awaited. */
    public interface Answer {
        void send(HttpServletResponse response) throws IOException;

        /** Writes the problem, for a host whose keys come in these places. */
        static Answer of(Problem problem, CredentialPlaces places) {
            return response -> problem.send(response, places);
        }
    }

    /** Sends the problem, and drops the rest of the body. Nothing else sends problems. */
    public void send(Problem problem, CredentialPlaces places, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        answer(request, response, Answer.of(problem, places));
    }

    /** Sends the answer, and drops the rest of the body. */
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
     * Only HTTP/1 needs the end of one message before the next one. A client that expects {@code 100 Continue} sends no
     * body after another answer. In later dispatches the application owns the body.
     */
    private static boolean mayBeLeft(HttpServletRequest request) {
        return (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null)
                && request.getDispatcherType() == DispatcherType.REQUEST
                && request.getProtocol().startsWith("HTTP/1.")
                && request.getHeader("Expect") == null;
    }

    /** The unread rest of one body. */
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

        /** Drops the bytes that have arrived, and tells whether the body is complete. */
        boolean hasArrived() {
            try {
                ServletInputStream body = request.getInputStream();
                if (body.isFinished()) {
                    return true;
                }
                if (announced < 0) {
                    // A chunked body: Tomcat counts everything that arrived as a part of the body, and answers a broken
                    // chunk itself.
                    return false;
                }
                byte[] buffer = new byte[BUFFER];
                while (dropped < maxDropped && body.available() > 0 && drop(body, buffer)) {
                    // Reads only the bytes that have arrived.
                }
                // Some containers notice the end only by waiting for it, so the length is checked too.
                return body.isFinished() || dropped == announced;
            } catch (IOException | RuntimeException unreadable) {
                // A wrapper of the host may throw anything. The answer doesn't depend on it.
                dropped = maxDropped;
                return false;
            }
        }

        boolean isWorthWaitingFor() {
            return dropped < maxDropped && announced <= maxDropped;
        }

        /** Drops bytes until then. If none arrive, the connection's own time-out ends this. */
        void await(long end) {
            try {
                ServletInputStream body = request.getInputStream();
                byte[] buffer = new byte[BUFFER];
                while (dropped < maxDropped && System.nanoTime() - end < 0 && drop(body, buffer)) {
                    // Runs until one of these conditions ends it.
                }
            } catch (IOException | RuntimeException goneOrBroken) {
                // The answer is already sent, so the failure can't be reported. Tomcat ends here too, and waits itself.
                LimitedBody.keepOffErrorPages(request);
            }
        }

        private boolean drop(ServletInputStream body, byte[] buffer) throws IOException {
            int read = body.read(buffer, 0, buffer.length);
            dropped += Math.max(0, read);
            return read >= 0;
        }
    }
}
