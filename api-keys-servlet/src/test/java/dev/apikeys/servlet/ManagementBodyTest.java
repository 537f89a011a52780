package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.apikeys.servlet.TestServer.Container;
import jakarta.servlet.Filter;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies made to hurt: too long, too deep, ambiguous, not text at all. */
class ManagementBodyTest {
    private static final String ALICE = "alice@org_1";
    private static final String MALFORMED = "{\"code\":400,\"message\":\"malformed request\",\"data\":null}";
    private static final int LIMIT = RequestBody.MAX_LENGTH;
    private static final long MAX_ALLOCATED = 4_000_000;

    private static HttpResponse<String> post(ManagementWorld world, String body) {
        return world.as(ALICE, "POST", "", body);
    }

    private static String nested(int levels) {
        return "{\"x\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
    }

    @ParameterizedTest
    @EnumSource
    void body_thatIsNoStrictJsonObject_isMalformed(Container container) throws Exception {
        List<String> malformed = new ArrayList<>(List.of(
                "null",
                "[]",
                "\"name\"",
                "5",
                "{",
                "{}}",
                "{} {}",
                "{} x",
                "{},",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"name\":\"a\",\"n\\u0061me\":\"b\"}",
                "{\"x\":{\"y\":1,\"y\":2}}",
                "{'name':'a'}",
                "{name:\"a\"}",
                "{\"name\":\"a\",}",
                "{\"name\":\"a\nb\"}",
                "{\"x\":NaN}",
                "{\"x\":01}",
                "{\"x\":+1}",
                "{\"x\":1.}",
                "{\"x\":\"\\x\"}",
                "// comment\n{}",
                "\uFEFF{}",
                "{\"expires_in_days\":" + "1".repeat(2_000) + "}",
                "{\"name\":[1,]}",
                nested(Json.MAX_DEPTH + 1),
                nested(10_000)));
        malformed.add("{\"x\":" + "{\"x\":".repeat(10_000));
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String body : malformed) {
                HttpResponse<String> response = post(world, body);
                assertThat(response.statusCode()).as(body).isEqualTo(400);
                assertThat(response.body()).as(body).isEqualTo(MALFORMED);
            }
            // The client of the JDK sends no body where there is none, and no content type is added then.
            assertThat(world.as(ALICE, "POST", "", "", "Content-Type", "application/json")
                            .body())
                    .isEqualTo(MALFORMED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void body_asDeepAsAllowedWithUnknownFields_isRead(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            assertThat(post(world, nested(Json.MAX_DEPTH)).body()).contains("\"message\":\"validation failed\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void body_thatIsNoUtf8_isMalformed(Container container) throws Exception {
        List<String> invalid =
                List.of("\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00f8\u0088\u0080\u0080", "\u00e4");
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String bytes : invalid) {
                String body = "{\"name\":\"" + bytes + "\"}";
                RawHttp.Answer answer = RawHttp.send(world.server.port(), head(body.length()) + body);
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).contains(MALFORMED);
            }
            String utf16 = new String("{}".getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
            assertThat(RawHttp.send(world.server.port(), head(utf16.length()) + utf16)
                            .status())
                    .isEqualTo(400);
        }
    }

    private static String head(int length) {
        return head("Content-Length: " + length);
    }

    private static String head(String length) {
        return "POST " + ManagementWorld.MOUNT + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: session="
                + ALICE + "\r\nContent-Type: application/json\r\n" + length + "\r\n\r\n";
    }

    @ParameterizedTest
    @EnumSource
    void body_ofExactlyTheLimit_isRead(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            String start = "{\"x\":\"";
            String body = start + "x".repeat(LIMIT - start.length() - 2) + "\"}";

            assertThat(post(world, body).statusCode()).isEqualTo(400);
            assertThat(post(world, body).body()).contains("\"required\"");
            assertThat(post(world, body + " ").statusCode()).isEqualTo(413);
        }
    }

    /** The answer comes although nothing of the body was sent, so it was not waited for. */
    @ParameterizedTest
    @EnumSource
    void body_announcedAsTooLong_isRefusedUnread(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start();
                Socket socket = connect(world)) {
            assertThat(answerTo(socket, head(1 << 20))).startsWith("HTTP/1.1 413 ");
        }
    }

    /** Of a body of unknown length the limit is read, and the answer comes before the end is sent. */
    @ParameterizedTest
    @EnumSource
    void body_chunkedWithoutEnd_isRefusedAtTheLimit(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start();
                Socket socket = connect(world)) {
            String chunk = Integer.toHexString(LIMIT + 1) + "\r\n" + " ".repeat(LIMIT + 1) + "\r\n";
            assertThat(answerTo(socket, head("Transfer-Encoding: chunked") + chunk))
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    private static Socket connect(ManagementWorld world) throws Exception {
        return new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), world.server.port());
    }

    private static String answerTo(Socket socket, String request) throws Exception {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        InputStream answer = socket.getInputStream();
        return new String(answer.readNBytes(64), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @EnumSource
    void body_brokenOff_isNoCall(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String broken : List.of("zz\r\n{}\r\n", "-1\r\n{}", "5\r\n{}\r\n0\r\n\r\n")) {
                RawHttp.Answer answer = RawHttp.send(world.server.port(), head("Transfer-Encoding: chunked") + broken);
                assertThat(answer.status()).as(broken).isIn(0, 400);
            }
            assertThat(world.storedKeys()).isEmpty();
        }
    }

    /** 64 KiB each of what costs a parser most. */
    private static Map<String, String> worstBodies() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("empty arrays", filled("[],"));
        bodies.put("empty objects", filled("{},"));
        bodies.put("arrays of one", filled("[0],"));
        bodies.put("objects of one", filled("{\"\":0},"));
        bodies.put("small numbers", filled("1,"));
        bodies.put("long numbers", filled("1".repeat(999) + ","));
        bodies.put("decimals", filled("1e9,"));
        bodies.put("short strings", filled("\"\","));
        bodies.put("escapes", "{\"x\":\"" + "\\u0041".repeat((LIMIT - 8) / 6) + "\"}");
        bodies.put("one string", "{\"x\":\"" + "\u00fc".repeat((LIMIT - 8) / 2) + "\"}");
        bodies.put(
                "distinct names",
                IntStream.range(0, 6_500)
                        .mapToObj(i -> "\"" + Integer.toString(i, 36) + "\":0")
                        .collect(Collectors.joining(",", "{", "}")));
        bodies.put("deepest arrays", filled("[".repeat(30) + "]".repeat(30) + ","));
        bodies.put("deepest objects", filled("{\"\":".repeat(30) + "0" + "}".repeat(30) + ","));
        return bodies;
    }

    private static String filled(String element) {
        String elements = element.repeat((LIMIT - 11) / element.length());
        return "{\"name\":[" + elements.substring(0, elements.length() - 1) + "]}";
    }

    @ParameterizedTest
    @EnumSource
    void body_worstOf64KiB_allocatesLessThan4MegabytesOnItsThread(Container container) throws Exception {
        BlockingQueue<Long> allocated = new LinkedBlockingQueue<>();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Filter measuring = (request, response, chain) -> {
            long before = threads.getCurrentThreadAllocatedBytes();
            chain.doFilter(request, response);
            allocated.add(threads.getCurrentThreadAllocatedBytes() - before);
        };
        try (ManagementWorld world =
                ManagementWorld.in(container).filter(host -> measuring).start()) {
            for (Map.Entry<String, String> worst : worstBodies().entrySet()) {
                String what = worst.getKey();
                String body = worst.getValue();
                assertThat(body.getBytes(StandardCharsets.UTF_8).length)
                        .as(what)
                        .isBetween(LIMIT * 7 / 10, LIMIT);
                for (int i = 0; i < 3; i++) {
                    // Read to its end, or the figure would be one of a body that was refused early.
                    assertThat(post(world, body).body()).as(what).contains("validation failed");
                    assertThat(allocated.poll(10, TimeUnit.SECONDS)).as(what).isBetween((long) LIMIT, MAX_ALLOCATED);
                }
            }
        }
    }
}
