package dev.apikeys.mcp.servlet;

import dev.apikeys.mcp.servlet.Decision.Forward;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request that was let through: with the body that was decided about, and nothing else. */
final class ForwardedRequest extends HttpServletRequestWrapper {
    private final Forward forward;
    private final byte[] body;
    private final GuardedResponse response;
    private @Nullable ServletInputStream stream;
    private @Nullable BufferedReader reader;
    private @Nullable AsyncContext async;

    /**
     * Wraps a request.
     *
     * @param forward what was decided about it
     * @param response what writes to the client
     */
    ForwardedRequest(HttpServletRequest request, Forward forward, GuardedResponse response) {
        super(request);
        this.forward = forward;
        this.body = forward.body();
        this.response = response;
    }

    /** The same about the request of a later dispatch. */
    ForwardedRequest on(HttpServletRequest dispatched) {
        return new ForwardedRequest(dispatched, forward, response);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (stream == null) {
            stream = new BodyStream(body);
        }
        return stream;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        if (reader == null) {
            reader = new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
        return reader;
    }

    @Override
    public int getContentLength() {
        return (int) getContentLengthLong();
    }

    @Override
    public long getContentLengthLong() {
        return body.length == 0 ? -1 : body.length;
    }

    @Override
    public @Nullable String getHeader(String name) {
        Enumeration<String> values = getHeaders(name);
        return values.hasMoreElements() ? values.nextElement() : null;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        if (isHidden(name)) {
            return Collections.emptyEnumeration();
        }
        return name.equalsIgnoreCase("Content-Length")
                ? Collections.enumeration(List.of(Integer.toString(body.length)))
                : super.getHeaders(name);
    }

    @Override
    public int getIntHeader(String name) {
        String value = getHeader(name);
        return value == null ? -1 : Integer.parseInt(value);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        List<String> names = Collections.list(super.getHeaderNames());
        names.removeIf(this::isHidden);
        return Collections.enumeration(names);
    }

    /**
     * A compressed answer couldn't be filtered; the body is no longer cut into chunks, and may be none; and about a session
     * that the request's revision doesn't have, nothing was decided.
     */
    private boolean isHidden(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "accept-encoding" -> forward.expected().isRead();
            case "transfer-encoding" -> true;
            case "content-length" -> body.length == 0;
            case "mcp-session-id" -> forward.policy().headers().isSessionless();
            default -> false;
        };
    }

    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
    }

    @Override
    public AsyncContext startAsync(ServletRequest asked, ServletResponse answered) {
        GuardedAsyncContext guarded = new GuardedAsyncContext(super.startAsync(asked, answered), response);
        async = guarded;
        return guarded;
    }

    @Override
    public AsyncContext getAsyncContext() {
        AsyncContext started = async;
        return started == null ? super.getAsyncContext() : started;
    }

    private static final class BodyStream extends ServletInputStream {
        private final ByteArrayInputStream bytes;

        BodyStream(byte[] body) {
            this.bytes = new ByteArrayInputStream(body);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return bytes.read(into, offset, length);
        }

        @Override
        public int available() {
            return bytes.available();
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            try {
                if (!isFinished()) {
                    listener.onDataAvailable();
                }
                listener.onAllDataRead();
            } catch (IOException failure) {
                listener.onError(failure);
            }
        }
    }
}
