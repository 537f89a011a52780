package dev.apikeys.mcp.servlet;

import static dev.apikeys.mcp.servlet.GuardWorld.call;
import static dev.apikeys.mcp.servlet.GuardWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body about which two readers could disagree goes to nobody, even from a key that may do everything. */
class MalformedTest {
    private static Map<String, Integer> bodies() {
        String good = call(1, "look");
        Map<String, Integer> bodies = new LinkedHashMap<>();
        for (String noJson : List.of(
                "{",
                "nonsense",
                "[" + good + ",",
                "[" + good,
                good + good,
                good + "]",
                good.replace("\"id\":1", "\"id\":1,\"id\":1"),
                good.replace("\"name\":\"look\"", "\"name\":\"look\",\"name\":\"delete\""),
                good.replace("\"name\":\"look\"", "\"name\":\"look\",\"n\\u0061me\":\"delete\""),
                good.replace("\"method\":", "\"method\":\"ping\",\"method\":"),
                good.replace("\"arguments\":{}", "\"arguments\":{\"p\":1,\"p\":2}"),
                good.replace("{}", "{\"a\":[{\"p\":1},{\"b\":{\"p\":{\"p\":1},\"p\":1}}]}"),
                good.replace("\"id\":", "\"_meta\":{\"p\":1,\"q\":[{\"p\":1}],\"p\":1},\"id\":"),
                "[" + good + "," + call(2, "look").replace("{}", "{\"p\":1,\"p\":1}") + "]",
                request(1, "completion/complete", "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"a\",\"name\":\"b\"}}"),
                good.replace("\"id\":1", "\"id\":01"),
                good.replace("{}", "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}"),
                "\ufeff" + good,
                good.replace('"', '\''),
                good.substring(0, good.length() - 1) + ",}",
                good.replace("look", "lo\tok"),
                "/* */" + good)) {
            bodies.put(noJson, JsonRpcError.PARSE_ERROR);
        }
        for (String noMessage : List.of(
                "[]",
                "null",
                "1",
                "\"tools/call\"",
                "[" + good + ",1]",
                "[[" + good + "]]",
                "[" + good + "," + good + "]",
                "[" + good + "," + good.replace("look", "delete") + "]",
                "[" + good.replace("\"id\":1", "\"id\":\"a\"") + "," + good.replace("\"id\":1", "\"id\":\"\\u0061\"")
                        + "]",
                good.replace("2.0", "1.0"),
                good.replace("\"2.0\"", "2.0"),
                good.replace("\"jsonrpc\":\"2.0\",", ""),
                good.replace("\"id\":1", "\"id\":null"),
                good.replace("\"id\":1", "\"id\":1.0"),
                good.replace("\"id\":1", "\"id\":1e3"),
                good.replace("\"id\":1", "\"id\":true"),
                good.replace("\"id\":1", "\"id\":{}"),
                good.replace("\"id\":1,", ""),
                good.replace("\"tools/call\"", "[\"tools/call\"]"),
                good.replace("\"tools/call\"", "null"),
                good.replace("\"method\"", "\"Method\""),
                good.replace("\"method\":", "\"METHOD\":\"ping\",\"method\":"),
                good.replace("\"id\":", "\"\\u0131d\":2,\"id\":"),
                good.replace("\"params\":", "\"Params\":{\"name\":\"delete\"},\"params\":"),
                good.replace("\"params\":", "\"param\u017f\":{\"name\":\"delete\"},\"params\":"),
                good.replace("\"name\":", "\"NAME\":\"delete\",\"name\":"),
                good.replace("\"jsonrpc\"", "\"result\":{},\"jsonrpc\""),
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"notifications/initialized\"}")) {
            bodies.put(noMessage, JsonRpcError.INVALID_REQUEST);
        }
        for (String noParameters : List.of(
                request(1, "tools/call", "[\"look\"]"),
                request(1, "tools/call", "{\"name\":[\"look\"]}"),
                request(1, "tools/call", "{\"name\":1}"),
                request(1, "tools/call", "{\"name\":\"look\",\"arguments\":\"{}\"}"),
                request(1, "resources/read", "{\"uri\":{}}"),
                request(1, "completion/complete", "{\"ref\":\"a\"}"))) {
            bodies.put(noParameters, JsonRpcError.INVALID_PARAMS);
        }
        return bodies;
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void body_thatIsNoMessage_getsAClearErrorAndReachesNobody(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            bodies().forEach((body, code) -> {
                HttpResponse<String> answer = world.post(key, body);
                assertThat(answer.statusCode()).as(body).isEqualTo(400);
                assertThat(answer.body())
                        .as(body)
                        .startsWith("{\"jsonrpc\":\"2.0\",\"id\":")
                        .contains(",\"error\":{\"code\":" + code + ",\"message\":")
                        .endsWith("\"}}");
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            });
            assertThat(world.mcp.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void message_withOneNameInManyObjects_passes(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            String message = call(1, "look")
                    .replace("{}", "{\"p\":[{\"p\":1},{\"p\":{\"p\":{}}},[{\"p\":2}]],\"id\":2,\"name\":{\"p\":3}}");
            assertThat(world.passes(world.issueOnce(), message)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void bytes_thatAreNoUtf8_getAnError(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            String token = world.issue(McpPreset.FULL).token().reveal();
            for (String name : List.of("lo\u00c0\u00afok", "\u00ed\u00a0\u0080", "\u00ff", "look\u0000", "utf-16")) {
                String body = name.equals("utf-16") ? utf16(call(1, "look")) : call(1, name);
                RawHttp.Answer answer = RawHttp.send(
                        world.port(),
                        "POST /mcp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                                + "Authorization: Bearer " + token + "\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body);
                assertThat(answer.status()).isEqualTo(400);
            }
            assertThat(world.mcp.received()).isEmpty();
        }
    }

    /** As the bytes of UTF-16, each a character. */
    private static String utf16(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.ISO_8859_1);
    }

    /** A parser has limits of its own, such as 20,000,000 characters for a string. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void text_asLongAsABodyMayBe_isPassedOn(Container container) throws Exception {
        int length = 24 * 1024 * 1024;
        try (GuardWorld world = new GuardWorld(container, guard -> guard.maxRequestLength(length))) {
            IssuedKey key = world.issue(McpPreset.FULL);
            String start = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
                    + "\"params\":{\"name\":\"keep\",\"arguments\":{\"file\":\"";
            String body = start + "x".repeat(length - start.length() - 4) + "\"}}}";
            assertThat(world.post(key, body).statusCode()).isEqualTo(200);
            assertThat(world.mcp.received()).containsExactly(body);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void nameOrNumber_thatIsTooLong_isNamedByTheError(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            for (String arguments : List.of("{\"" + "n".repeat(513) + "\":1}", "{\"n\":" + "9".repeat(1001) + "}")) {
                HttpResponse<String> answer = world.post(key, call(1, "look").replace("{}", arguments));
                assertThat(answer.statusCode()).isEqualTo(400);
                assertThat(answer.body()).contains("a name or number that is too long");
            }
            assertThat(world.mcp.received()).isEmpty();
            assertThat(world.passes(key, call(1, "look").replace("{}", "{\"" + "n".repeat(512) + "\":1}")))
                    .isTrue();
            assertThat(world.passes(key, call(1, "look").replace("{}", "{\"n\":" + "9".repeat(1000) + "}")))
                    .isTrue();
        }
    }

    /** Nobody decides about such a body, and a server or something before it might take the method from a header. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void body_whereAMethodHasNone_isNotPassedOn(Container container) throws Exception {
        Map<String, String> lengths = new ConcurrentHashMap<>();
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.READ_ONLY);
            world.mcp.answers((request, response) -> lengths.put(
                    request.getMethod(),
                    request.getContentLength() + " " + request.getContentLengthLong() + " "
                            + request.getHeader("Content-Length") + " " + request.getHeader("Transfer-Encoding")));
            for (String method : List.of("GET", "DELETE")) {
                assertThat(world.call(method, "/mcp", key, call(1, "drop"), "X-HTTP-Method-Override", "POST")
                                .statusCode())
                        .isEqualTo(200);
                String chunked = method + " /mcp HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                        + "Transfer-Encoding: chunked\r\nAuthorization: Bearer "
                        + key.token().reveal() + "\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
                assertThat(RawHttp.send(world.port(), chunked).status()).isEqualTo(200);
            }
            assertThat(world.mcp.received()).containsExactly("GET", "GET", "DELETE", "DELETE");
        }
        assertThat(lengths).isEqualTo(Map.of("GET", "-1 -1 null null", "DELETE", "-1 -1 null null"));
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void body_ofAnotherType_compressedOrTooLong_isRefused(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container, guard -> guard.maxRequestLength(4096))) {
            IssuedKey key = world.issue(McpPreset.FULL);
            String good = call(1, "look");
            for (String type : List.of(
                    "text/plain",
                    "application/x-www-form-urlencoded",
                    "application/json;charset=utf-16",
                    "application/json-rpc",
                    "multipart/form-data")) {
                assertThat(world.post(key, good, "Content-Type", type).statusCode())
                        .as(type)
                        .isEqualTo(415);
            }
            assertThat(world.post(key, good, "Content-Encoding", "gzip").statusCode())
                    .isEqualTo(415);

            String exact = good + " ".repeat(4096 - good.length());
            assertThat(world.post(key, exact + " ").statusCode()).isEqualTo(413);
            assertThat(world.mcp.received()).isEmpty();
            assertThat(world.post(key, exact, "Content-Type", "Application/JSON; Charset=UTF-8")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(chunked(world, key, exact + " ").status()).isEqualTo(413);
            assertThat(chunked(world, key, exact).status()).isEqualTo(200);
            assertThat(world.mcp.received()).containsExactly(exact, exact);
        }
    }

    /** Tomcat answers broken chunks by itself as soon as somebody reads them. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void body_thatBreaksOff_isRefusedWithoutAStackTrace(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            for (String broken : List.of("zz\r\n", "-1\r\n\r\n", "2\r\nabcd\r\n")) {
                RawHttp.Answer answer = RawHttp.send(world.port(), chunkedHead(key) + broken);
                assertThat(answer.status()).as(broken).isEqualTo(400);
                assertThat(answer.body())
                        .as(broken)
                        .contains(container == Container.TOMCAT ? "" : "the body ends too early")
                        .doesNotContain("apikeys", "Exception");
            }
            assertThat(world.mcp.received()).isEmpty();
        }
    }

    private static RawHttp.Answer chunked(GuardWorld world, IssuedKey key, String body) {
        List<String> chunks = new ArrayList<>();
        for (int i = 0; i < body.length(); i += 1000) {
            String chunk = body.substring(i, Math.min(i + 1000, body.length()));
            chunks.add(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
        }
        return RawHttp.send(world.port(), chunkedHead(key) + String.join("", chunks) + "0\r\n\r\n");
    }

    private static String chunkedHead(IssuedKey key) {
        return "POST /mcp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + key.token().reveal() + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void headers_thatDifferFromTheBody_areRefused(Container container) throws Exception {
        try (GuardWorld world = new GuardWorld(container)) {
            IssuedKey key = world.issue(McpPreset.FULL);
            String good = call(1, "look");
            assertThat(world.post(key, good, "Mcp-Method", "ping").statusCode()).isEqualTo(400);
            assertThat(world.post(key, good, "Mcp-Method", "tools/call", "Mcp-Name", "delete")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(world.mcp.received()).isEmpty();
            assertThat(world.post(key, good, "Mcp-Method", "tools/call", "Mcp-Name", "look")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(world.post(key, good, "Mcp-Name", "=?base64?bG9vaw==?=").statusCode())
                    .isEqualTo(200);
        }
    }
}
