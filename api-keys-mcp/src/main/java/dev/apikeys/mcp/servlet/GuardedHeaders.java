package dev.apikeys.mcp.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a response that the server doesn't set by itself: the length, which may change, and, where the answer is
 * filtered, how long others may keep it.
 */
final class GuardedHeaders {
    private static final long UNKNOWN = -1;

    private final HttpServletResponse response;
    private final boolean isFiltered;
    /** What stood there before the server, such as what a browser and caches are told. */
    private final Map<String, List<String>> before = new LinkedHashMap<>();

    private long length = UNKNOWN;

    GuardedHeaders(HttpServletResponse response, boolean isFiltered) {
        this.response = response;
        this.isFiltered = isFiltered;
        response.getHeaderNames().forEach(name -> before.put(name, List.copyOf(response.getHeaders(name))));
        forbidCaching();
    }

    /** What was filtered for one key must not be shown to another by a cache between. */
    private void forbidCaching() {
        if (isFiltered) {
            response.setHeader("Cache-Control", "no-store");
        }
    }

    /** Takes a header of the server's; false where it goes on. */
    boolean takes(String name, @Nullable String value) {
        if (name.equalsIgnoreCase("Content-Length")) {
            try {
                length = value == null ? UNKNOWN : Long.parseLong(value);
            } catch (NumberFormatException nonsense) {
                length = UNKNOWN;
            }
            return true;
        }
        return isFiltered && name.equalsIgnoreCase("Cache-Control");
    }

    void length(long announced) {
        length = announced;
    }

    /** Announces the length that the server said, for an answer that goes as it comes. */
    void announceLength() {
        if (length >= 0 && !response.isCommitted()) {
            response.setContentLengthLong(length);
        }
    }

    /** Takes a header of the server's away; the bytes that it wrote may go with it. */
    void remove(String name) {
        response.setHeader(name, null);
        if (response.containsHeader(name)) {
            resetWithout(name);
        }
    }

    /** Before Servlet 6.1 a container may ignore null, and nothing but a reset removes a header: the others are set again. */
    private void resetWithout(String name) {
        Map<String, List<String>> others = new LinkedHashMap<>();
        response.getHeaderNames().stream()
                .filter(other -> !other.equalsIgnoreCase(name))
                .forEach(other -> others.put(other, List.copyOf(response.getHeaders(other))));
        int status = response.getStatus();
        response.reset();
        response.setStatus(status);
        others.forEach((other, values) -> values.forEach(value -> response.addHeader(other, value)));
    }

    /** The server has cleared its headers, and only its own. */
    void clear() {
        length = UNKNOWN;
        before.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        forbidCaching();
    }
}
