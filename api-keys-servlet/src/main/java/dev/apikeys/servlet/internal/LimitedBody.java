package dev.apikeys.servlet.internal;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the whole body of a request, if it is not too long. */
public final class LimitedBody {
    /** Longest body of every endpoint of this library, in bytes. */
    public static final int MAX_LENGTH = 64 * 1024;

    private LimitedBody() {}

    /**
     * The body, whatever length was announced; null if it is too long, of which at most one byte over the limit is read.
     *
     * @throws IOException when the body breaks off
     */
    public static byte @Nullable [] read(HttpServletRequest request) throws IOException {
        long announced = request.getContentLengthLong();
        if (announced > MAX_LENGTH) {
            return null;
        }
        // One byte more than allowed, so that containers notice the end of the body.
        byte[] body = new byte[(announced < 0 ? MAX_LENGTH : (int) announced) + 1];
        // Not readNBytes(int): it ends with a read of zero bytes, and Tomcat waits for that too.
        try {
            int length = request.getInputStream().readNBytes(body, 0, body.length);
            return length > MAX_LENGTH ? null : Arrays.copyOf(body, length);
        } catch (IOException brokenOff) {
            keepOffErrorPages(request);
            throw brokenOff;
        }
    }

    /**
     * To call after a read failed. Tomcat then answers 400 whatever we answer, and its page would show the stack trace to the
     * client.
     */
    public static void keepOffErrorPages(HttpServletRequest request) {
        request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
    }
}
