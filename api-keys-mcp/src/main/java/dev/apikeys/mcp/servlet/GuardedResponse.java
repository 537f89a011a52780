package dev.apikeys.mcp.servlet;

import dev.apikeys.servlet.internal.ByteBuilder;
import dev.apikeys.servlet.internal.JsonType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The response as the server writes it. Lists reach the client filtered, and errors for the denied part of a batch are
 * added: an event stream goes on event by event, everything else when it is complete.
 *
 * <p>Not thread-safe: a response is written by one thread at a time.
 */
final class GuardedResponse extends HttpServletResponseWrapper {
    private static final String EVENT_STREAM = "text/event-stream";

    private final ResponseBody answer;
    private @Nullable Output output;
    private @Nullable PrintWriter writer;
    private boolean answeredByContainer;
    private volatile boolean goesOn;
    private volatile boolean finished;

    /**
     * Wraps a response.
     *
     * @param errors to be added to the answer
     */
    GuardedResponse(HttpServletResponse response, RequestPolicy policy, List<String> errors, int maxLength) {
        super(response);
        this.answer = new ResponseBody(policy, errors, maxLength);
        forbidCaching();
    }

    /** The server goes on after this dispatch; what containers say of that differs. */
    void startedAsync() {
        goesOn = true;
    }

    /** A later dispatch begins, which is the last unless the server says so again. */
    void dispatchedAgain() {
        goesOn = false;
    }

    /** Sends what was held back at the end of a dispatch, unless the server {@linkplain #startedAsync() goes on}. */
    void finish() throws IOException {
        if (!goesOn) {
            complete();
        }
    }

    /** Sends what was held back. Idempotent. */
    void complete() throws IOException {
        if (writer != null && !finished) {
            writer.flush();
        }
        end();
    }

    private void end() throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        if (answeredByContainer || isEventStream()) {
            return;
        }
        ResponseBody.Whole whole = answer.whole(getStatus());
        if (whole.length() == 0) {
            return;
        }
        if (getStatus() != whole.status()) {
            super.setStatus(whole.status());
        }
        if (whole.isOurs()) {
            super.setHeader("Content-Encoding", null);
            super.setContentType(JsonType.JSON);
        }
        forbidCaching();
        super.setContentLength(whole.length());
        super.getOutputStream().write(whole.body(), 0, whole.length());
    }

    private boolean isEventStream() {
        String type = getContentType();
        return type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length()) && !isEncoded();
    }

    private boolean isEncoded() {
        String encoding = getHeader("Content-Encoding");
        return encoding != null && !encoding.equalsIgnoreCase("identity");
    }

    private void forbidCaching() {
        super.setHeader("Cache-Control", "no-store");
    }

    /** The length, since it may change, and how long others may keep it. */
    private static boolean isOurs(String header) {
        return header.equalsIgnoreCase("Content-Length") || header.equalsIgnoreCase("Cache-Control");
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (output == null) {
            output = new Output(super.getOutputStream());
        }
        return output;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (writer == null) {
            // JSON and event streams are UTF-8, whatever the container takes for the default.
            super.setCharacterEncoding(StandardCharsets.UTF_8.name());
            writer = new PrintWriter(new Utf8Writer(getOutputStream()));
        }
        return writer;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        getOutputStream().flush();
    }

    @Override
    public void reset() {
        super.reset();
        forgetWritten();
        writer = null;
        output = null;
        forbidCaching();
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        forgetWritten();
    }

    private void forgetWritten() {
        answer.clear();
    }

    @Override
    public void sendError(int status) throws IOException {
        answeredByContainer = true;
        super.sendError(status);
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        answeredByContainer = true;
        super.sendError(status, message);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        answeredByContainer = true;
        super.sendRedirect(location);
    }

    @Override
    public void setContentLength(int length) {}

    @Override
    public void setContentLengthLong(long length) {}

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (!isOurs(name)) {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        if (!isOurs(name)) {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        if (!isOurs(name)) {
            super.setIntHeader(name, value);
        }
    }

    @Override
    public void addIntHeader(String name, int value) {
        if (!isOurs(name)) {
            super.addIntHeader(name, value);
        }
    }

    private final class Output extends ServletOutputStream {
        private final ServletOutputStream real;

        Output(ServletOutputStream real) {
            this.real = real;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (isEncoded()) {
                answer.refuse();
            } else if (isEventStream()) {
                send(answer.events(bytes, offset, length));
            } else {
                answer.keep(bytes, offset, length);
            }
        }

        private void send(ByteBuilder events) throws IOException {
            if (events.size() > 0) {
                real.write(events.array(), 0, events.size());
            }
        }

        @Override
        public void flush() throws IOException {
            if (isEventStream()) {
                send(answer.events(new byte[0], 0, 0));
                real.flush();
            }
        }

        @Override
        public void close() throws IOException {
            end();
            real.close();
        }

        @Override
        public boolean isReady() {
            return real.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            real.setWriteListener(listener);
        }
    }
}
