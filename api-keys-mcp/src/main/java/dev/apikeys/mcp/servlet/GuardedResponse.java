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
 * The response as the server writes it. What has to be read reaches the client filtered: an event stream goes on event by
 * event, everything else when it is complete. Other answers go as they come, unless the server failed.
 *
 * <p>Not thread-safe: a response is written by one thread at a time.
 */
final class GuardedResponse extends HttpServletResponseWrapper {
    private static final String EVENT_STREAM = "text/event-stream";
    private static final String CONTENT_ENCODING = "Content-Encoding";

    private final RequestPolicy policy;
    private final ResponseBody body;
    private final GuardedHeaders headers;
    private @Nullable Output output;
    private @Nullable PrintWriter writer;
    private boolean answeredByContainer;
    private volatile @Nullable GuardedAsyncContext async;
    private volatile boolean finished;

    GuardedResponse(HttpServletResponse response, RequestPolicy policy, ResponseBody body) {
        super(response);
        this.policy = policy;
        this.body = body;
        this.headers = new GuardedHeaders(response, body.isRead());
    }

    /**
     * The server goes on after this dispatch; what containers say of that differs.
     *
     * @return the listeners of an earlier time that want to hear of this one too
     */
    List<GuardedAsyncContext.Heard> startedAsync(GuardedAsyncContext started) {
        GuardedAsyncContext earlier = async;
        async = started;
        return earlier == null ? List.of() : earlier.listeners();
    }

    /** A later dispatch begins, which is the last unless the server says so again. */
    void dispatchedAgain() {
        GuardedAsyncContext started = async;
        if (started != null) {
            started.dispatched();
        }
    }

    /** Sends what was held back at the end of a dispatch, unless the server {@linkplain #startedAsync goes on}. */
    void finish() throws IOException {
        GuardedAsyncContext started = async;
        if (started == null || !started.goesOn()) {
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

    /** The server threw something; false where it is too late to say so. */
    boolean failed(Throwable failure) throws IOException {
        GuardedAsyncContext started = async;
        if (started != null && started.goesOn()) {
            return started.failed(failure);
        }
        return answerFailure();
    }

    /** Answers for a server that failed, instead of the container; false where it is too late. */
    boolean answerFailure() throws IOException {
        if (isCommitted() || finished) {
            return false;
        }
        sendError(SC_INTERNAL_SERVER_ERROR);
        end();
        return true;
    }

    /** What becomes of the bytes of an answer. */
    private enum Way {
        /** They go as they come. */
        PASS,
        /** They go event by event. */
        STREAM,
        /** They wait until all are there. */
        KEEP,
        /** They can't be read, and don't go. */
        REFUSE
    }

    private Way way() {
        boolean isFailure = getStatus() >= SC_BAD_REQUEST;
        if (!isFailure && !body.isRead()) {
            return Way.PASS;
        }
        if (isEncoded()) {
            return Way.REFUSE;
        }
        return !isFailure && isEventStream() ? Way.STREAM : Way.KEEP;
    }

    private void end() throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        Way way = way();
        if (way == Way.PASS) {
            headers.announceLength();
        }
        if (answeredByContainer || way == Way.PASS) {
            return;
        }
        if (way == Way.STREAM && !body.isStreamRefused()) {
            endStream();
            return;
        }
        ResponseBody.Whole whole = body.whole(getStatus());
        if (whole.length() == 0) {
            return;
        }
        if (whole.source() == ResponseBody.Source.GUARD) {
            headers.remove(CONTENT_ENCODING);
            super.setContentType(JsonType.JSON);
        }
        if (getStatus() != whole.status()) {
            super.setStatus(whole.status());
        }
        super.setHeader("Cache-Control", "no-store");
        super.setContentLength(whole.length());
        super.getOutputStream().write(whole.body(), 0, whole.length());
    }

    /** A stream that the server never began has nothing but the guard's own answers. */
    private void endStream() throws IOException {
        ByteBuilder events = body.endOfEvents();
        if (events.size() > 0) {
            super.setStatus(SC_OK);
            super.getOutputStream().write(events.array(), 0, events.size());
        }
    }

    private boolean isEventStream() {
        String type = getContentType();
        return type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
    }

    private boolean isEncoded() {
        String encoding = getHeader(CONTENT_ENCODING);
        return encoding != null && !encoding.equalsIgnoreCase("identity");
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
        body.clear();
        writer = null;
        output = null;
        headers.clear();
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        body.clear();
    }

    @Override
    public void sendError(int status) throws IOException {
        if (status < SC_BAD_REQUEST || isCommitted()) {
            answeredByContainer = true;
            super.sendError(status);
            return;
        }
        // Not the container's page, which may show a stack trace.
        resetBuffer();
        setStatus(status);
        body.refuse();
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        sendError(status);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        answeredByContainer = true;
        super.sendRedirect(location);
    }

    @Override
    public void setContentLength(int length) {
        headers.length(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        headers.length(length);
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (!headers.takes(name, value)) {
            noteSession(name, value);
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        if (!headers.takes(name, value)) {
            noteSession(name, value);
            super.addHeader(name, value);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        setHeader(name, Integer.toString(value));
    }

    @Override
    public void addIntHeader(String name, int value) {
        addHeader(name, Integer.toString(value));
    }

    private void noteSession(String name, @Nullable String value) {
        if (value != null && name.equalsIgnoreCase(ProtocolHeaders.SESSION)) {
            policy.sessionOpened(value);
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
            switch (way()) {
                case PASS -> {
                    headers.announceLength();
                    real.write(bytes, offset, length);
                }
                case STREAM -> send(body.events(bytes, offset, length));
                case KEEP -> body.keep(bytes, offset, length);
                case REFUSE -> body.refuse();
            }
        }

        private void send(ByteBuilder events) throws IOException {
            if (events.size() > 0) {
                real.write(events.array(), 0, events.size());
            }
        }

        @Override
        public void flush() throws IOException {
            Way way = way();
            if (way == Way.STREAM) {
                send(body.events(new byte[0], 0, 0));
            } else if (way == Way.PASS) {
                headers.announceLength();
            }
            if (way == Way.STREAM || way == Way.PASS) {
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
