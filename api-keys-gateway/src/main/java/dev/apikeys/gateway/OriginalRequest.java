package dev.apikeys.gateway;

import dev.apikeys.servlet.internal.PercentEncoding;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client's request as its gateway tells it: method, path and query are those of the client, and so are the headers that
 * hold credentials. Whoever the gateway itself is, is nobody here. A body that the gateway sends is not a part of it: who
 * answers the gateway deals with that.
 */
final class OriginalRequest extends HttpServletRequestWrapper {
    private static final int MAX_METHOD = 32;

    private final String method;
    private final String path;
    private final String decodedPath;
    private final @Nullable String query;

    private OriginalRequest(HttpServletRequest request, String method, String target) {
        super(request);
        int end = target.indexOf('?');
        this.method = method;
        this.path = end < 0 ? target : target.substring(0, end);
        this.decodedPath = decoded(path);
        this.query = end < 0 ? null : target.substring(end + 1);
    }

    /**
     * Reads it; empty if it is missing, there twice, or of a form that no client may send to a server. Whether the path has
     * only one meaning is for the filter to say.
     *
     * @param below what follows the path of the endpoint, as it was sent
     */
    static Optional<OriginalRequest> of(Gateway gateway, HttpServletRequest request, String below) {
        Gateway.Headers headers = gateway.headers().orElse(null);
        String method = headers == null ? request.getMethod() : only(request, headers.method());
        String target = headers == null ? withQuery(below, request) : only(request, headers.uri());
        return method != null && target != null && isMethod(method) && isTarget(target)
                ? Optional.of(new OriginalRequest(request, method, target))
                : Optional.empty();
    }

    private static @Nullable String only(HttpServletRequest request, String header) {
        List<String> lines = Collections.list(request.getHeaders(header));
        return lines.size() == 1 ? lines.get(0) : null;
    }

    private static String withQuery(String below, HttpServletRequest request) {
        return request.getQueryString() == null ? below : below + "?" + request.getQueryString();
    }

    private static boolean isMethod(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_METHOD
                && text.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-');
    }

    /** A path with a query or without (RFC 9112 section 3.2.1); no blank, and no fragment, which servers cut off differently. */
    private static boolean isTarget(String text) {
        return text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '#');
    }

    /** A percent sign that encodes nothing stays, and the filter refuses it. */
    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            int encoded = path.charAt(i) == '%' ? PercentEncoding.byteAt(path, i) : -1;
            bytes.write(encoded < 0 ? path.charAt(i) : encoded);
            i += encoded < 0 ? 0 : 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String getMethod() {
        return method;
    }

    @Override
    public String getRequestURI() {
        return path;
    }

    @Override
    public String getContextPath() {
        return "";
    }

    @Override
    public String getServletPath() {
        return decodedPath;
    }

    @Override
    public @Nullable String getPathInfo() {
        return null;
    }

    @Override
    public @Nullable String getQueryString() {
        return query;
    }

    @Override
    public int getContentLength() {
        return 0;
    }

    @Override
    public long getContentLengthLong() {
        return 0;
    }

    @Override
    public @Nullable String getHeader(String name) {
        return name.equalsIgnoreCase("Transfer-Encoding") ? null : super.getHeader(name);
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        return null;
    }

    @Override
    public @Nullable String getRemoteUser() {
        return null;
    }

    @Override
    public @Nullable String getAuthType() {
        return null;
    }

    @Override
    public boolean isUserInRole(@Nullable String role) {
        return false;
    }
}
