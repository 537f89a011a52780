package dev.apikeys.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sends bytes as they are, which no decent HTTP client would, and reads the answer up to the end of the stream. */
public final class RawHttp {
    private static final int TIMEOUT_MILLIS = 20_000;

    private RawHttp() {}

    /**
     * An answer as it came.
     *
     * @param status 0 when the server closed the connection without a word
     * @param head status line and header lines
     * @param body behind the empty line, chunks and all
     */
    public record Answer(int status, List<String> head, String body) {
        /** The values of a header, in order. */
        public List<String> header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return head.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .toList();
        }

        /** The whole answer, its headers in order, without what the connection and the container add. */
        public String golden() {
            StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status);
            head.stream()
                    .skip(1)
                    .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)
                            + line.substring(line.indexOf(':')))
                    .filter(line -> !line.startsWith("date:") && !line.startsWith("connection:"))
                    .sorted()
                    .forEach(line -> text.append('\n').append(line));
            return text + "\n\n" + body;
        }
    }

    /**
     * A GET of a target that is sent untouched.
     *
     * @param lines header lines, untouched too; {@code Host} and {@code Connection: close} are added
     */
    public static Answer get(int port, String target, String... lines) {
        return request(port, "GET", target, lines);
    }

    /** As {@link #get}, by another method. */
    public static Answer request(int port, String method, String target, String... lines) {
        List<String> all = new ArrayList<>();
        all.add(method + " " + target + " HTTP/1.1");
        all.add("Host: 127.0.0.1");
        all.add("Connection: close");
        all.addAll(List.of(lines));
        return send(port, String.join("\r\n", all) + "\r\n\r\n");
    }

    /** Sends the text, each character as one byte (ISO-8859-1). */
    public static Answer send(int port, String text) {
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (SocketException alreadyAnswered) {
                // A server may answer and hang up before it has read everything; the answer counts.
            }
            Answer answer = parse(readAll(socket));
            check(text.lines().findFirst().orElse(""), answer);
            return answer;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String readAll(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8192];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException reset) {
            // As above: what arrived until then counts.
        }
        return text.toString();
    }

    private static Answer parse(String text) {
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return new Answer(0, List.of(), text);
        }
        List<String> head = List.of(text.substring(0, headEnd).split("\r\n", -1));
        int status = Integer.parseInt(head.get(0).substring(9, 12));
        return new Answer(status, head, text.substring(headEnd + 4));
    }

    private static void check(String requestLine, Answer answer) {
        String[] request = requestLine.split(" ", -1);
        if (answer.status() == 0 || request.length != 3) {
            return;
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (String line : answer.head().subList(1, answer.head().size())) {
            String name = Exchange.lowerCase(line.substring(0, line.indexOf(':')));
            headers.put(name, answer.header(name));
        }
        if (answer.status() == 400 && answer.header("Content-Type").toString().contains("text/html")) {
            // Where a message breaks off, a container replaces the servlet's answer by a page of its own.
            return;
        }
        String body = headers.containsKey("transfer-encoding") ? joined(answer.body()) : answer.body();
        ExchangeCheck.all(new Exchange(
                request[0],
                request[1].split("\\?", 2)[0],
                answer.status(),
                headers,
                new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8),
                null));
    }

    /** What stands in the chunks. */
    private static String joined(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (at < chunks.length()) {
            int lineEnd = chunks.indexOf("\r\n", at);
            int length = Integer.parseInt(chunks.substring(at, lineEnd), 16);
            body.append(chunks, lineEnd + 2, lineEnd + 2 + length);
            at = length == 0 ? chunks.length() : lineEnd + 2 + length + 2;
        }
        return body.toString();
    }
}
