package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies made to hurt: too long, too deep, ambiguous, not text at all. */
class ManagementBodyTest {
    private static final String ALICE = "alice@org_1";
    private static final String MALFORMED =
            "{\"code\":400,\"message\":\"malformed request\",\"data\":{\"type\":\"malformed_request\",\"details\":\"the request can't be read\"}}";
    private static final int LIMIT = RequestBody.MAX_LENGTH;

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
            assertThat(answerTo(socket, head(1 << 20), 64)).startsWith("HTTP/1.1 413 ");
        }
    }

    /** Of a body of unknown length the limit is read, and the answer comes before the end is sent. */
    @ParameterizedTest
    @EnumSource
    void body_chunkedWithoutEnd_isRefusedAtTheLimit(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start();
                Socket socket = connect(world)) {
            String chunk = Integer.toHexString(LIMIT + 1) + "\r\n" + " ".repeat(LIMIT + 1) + "\r\n";
            assertThat(answerTo(socket, head("Transfer-Encoding: chunked") + chunk, 64))
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    private static Socket connect(ManagementWorld world) throws Exception {
        return new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), world.server.port());
    }

    private static String answerTo(Socket socket, String request, int length) throws Exception {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        InputStream answer = socket.getInputStream();
        return new String(answer.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /** Else the client's next request on the connection is lost, and the client doesn't know whether it was served. */
    @ParameterizedTest
    @EnumSource
    void refusal_beforeTheBodyArrived_leavesNoDeadConnectionUnannounced(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start();
                Socket socket = connect(world)) {
            String body = "{\"x\":1}";
            String request = head(body.length())
                    .replace("Connection: close\r\n", "")
                    .replace("Cookie: session=" + ALICE + "\r\n", "");
            String refusal = answerTo(socket, request, 1);
            while (!refusal.contains("\"data\":null}")) {
                refusal += new String(socket.getInputStream().readNBytes(1), StandardCharsets.ISO_8859_1);
            }
            assertThat(refusal).startsWith("HTTP/1.1 401 ");

            if (!refusal.contains("Connection: close")) {
                assertThat(answerTo(socket, body + request + body, 64)).startsWith("HTTP/1.1 401 ");
            }
        }
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
}
