package dev.apikeys.management;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A file of the page with which people manage keys. The files are the same for everybody and hold nothing secret, so nobody
 * is asked for a session. There are no others: a path is looked up, and never opened.
 *
 * <p>Immutable and thread-safe.
 */
final class PageFile {
    private static final String FOLDER = "/page";

    /** The page loads its own script and style, calls its own endpoints, and is in no frame. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none';"
                            + " base-uri 'none'; form-action 'none'",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Cross-Origin-Opener-Policy", "same-origin",
            // Asked for again each time, so that a page never runs with the script of another version.
            "Cache-Control", "no-cache");

    private final String type;
    private final byte[] content;
    private final String tag;

    private PageFile(String type, byte[] content) {
        this.type = type;
        this.content = content;
        this.tag = '"' + HexFormat.of().formatHex(digest(content), 0, 16) + '"';
    }

    /** All files, by their paths below the mount. */
    static Map<String, PageFile> all() {
        Map<String, String> types = Map.of(
                "index.html", "text/html;charset=utf-8",
                "api-keys.js", "text/javascript;charset=utf-8",
                "api-keys.css", "text/css;charset=utf-8");
        return types.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        file -> FOLDER + "/" + (file.getKey().equals("index.html") ? "" : file.getKey()),
                        file -> new PageFile(file.getValue(), read(file.getKey()))));
    }

    /** Tells whether the request is for the page without the slash behind it, against which its files are found. */
    static boolean lacksSlash(HttpServletRequest request) {
        return FOLDER.equals(request.getPathInfo());
    }

    /** Sends the browser to the page. The address is relative, because a proxy may have another one. */
    static void addSlash(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Location", "page/");
        response.setContentLength(0);
    }

    /** Sends the file, or says that the browser has it already. */
    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HEADERS.forEach(response::setHeader);
        response.setHeader("ETag", tag);
        if (isKnown(request)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(type);
        response.setContentLength(content.length);
        if (request.getMethod().equals("GET")) {
            response.getOutputStream().write(content);
        }
    }

    /** The comparison of RFC 9110, 13.1.2: a proxy that compresses the file has made its tag a weak one. */
    private boolean isKnown(HttpServletRequest request) {
        return Collections.list(request.getHeaders("If-None-Match")).stream()
                .flatMap(sent -> Arrays.stream(sent.split(",", -1)))
                .map(String::strip)
                .anyMatch(known -> known.equals("*") || known.equals(tag) || known.equals("W/" + tag));
    }

    private static byte[] read(String name) {
        try (InputStream file = PageFile.class.getResourceAsStream("page/" + name)) {
            return Objects.requireNonNull(file, name).readAllBytes();
        } catch (IOException unreadable) {
            throw new IllegalStateException("a file of the page can't be read: " + name, unreadable);
        }
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
