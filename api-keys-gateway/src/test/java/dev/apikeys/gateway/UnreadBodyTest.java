package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.Cors;
import dev.apikeys.testservers.KeptConnection;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers before anybody has read the body leave the connection to the next request. */
@Tag("tr-skip") // A connection knows no locale.
class UnreadBodyTest {
    private static final String FRIEND = "X-Mesh: yes\r\n";
    private static final String TOLD = "X-Forwarded-Method: %s\r\nX-Forwarded-Uri: %s\r\n";
    private static final String BODY = "token=x";

    /** The beginnings of requests, and the beginnings of their answers. */
    private static Map<String, String> earlyAnswers() {
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("POST /keys/introspect HTTP/1.1\r\n", "403 {\"error\":\"forbidden\"");
        answers.put("POST /keys/introspect/batch HTTP/1.1\r\n", "403 {\"error\":\"forbidden\"");
        answers.put("POST /keys/introspect HTTP/1.1\r\nContent-Type: text/plain\r\n" + FRIEND, "415 ");
        answers.put("POST /keys/elsewhere HTTP/1.1\r\n", "404 ");
        answers.put("POST /strange/auth HTTP/1.1\r\n" + TOLD.formatted("GET", "/open"), "403 {\"error\":\"forbidden\"");
        answers.put("POST /keys/auth HTTP/1.1\r\n", "400 {\"error\":\"bad_request\"");
        answers.put("POST /keys/auth HTTP/1.1\r\n" + TOLD.formatted("GET", "/open"), "200 ");
        answers.put("POST /keys/auth HTTP/1.1\r\n" + TOLD.formatted("GET", "/closed"), "401 ");
        answers.put(
                "POST /keys/auth HTTP/1.1\r\n" + TOLD.formatted("OPTIONS", "/open")
                        + "Origin: https://app.example.com\r\nAccess-Control-Request-Method: GET\r\n",
                "403 {\"error\":\"forbidden\"");
        answers.put("POST /feed/changes?version=1&question=q HTTP/1.1\r\n", "403 ");
        answers.put("POST /feed/changes?version=1&question=q HTTP/1.1\r\n" + FRIEND, "405 ");
        answers.put("GET /feed/changes?version=1&question=q HTTP/1.1\r\n" + FRIEND, "200 {\"version\":1,");
        answers.put("GET /feed/changes?version=2&question=q HTTP/1.1\r\n" + FRIEND, "400 ");
        return answers;
    }

    @ParameterizedTest
    @EnumSource
    void connection_whoseBodyComesAfterTheAnswer_servesTheNextRequest(Container container) throws Exception {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build();
                ServletServer server = start(container, keys)) {
            for (Map.Entry<String, String> early : earlyAnswers().entrySet()) {
                String head = early.getKey() + "Host: a\r\nContent-Length: " + BODY.length() + "\r\n\r\n";
                try (KeptConnection connection = KeptConnection.to(server.port())) {
                    String answer = connection.exchange(head);
                    assertThat(shortened(answer)).as(head).startsWith(early.getValue());
                    if (container == Container.TOMCAT && early.getValue().startsWith("400 ")) {
                        // Tomcat ends each connection after this status, and says so.
                        assertThat(answer).as(head).contains("\r\nConnection: close\r\n");
                        continue;
                    }
                    assertThat(answer).as(head).doesNotContain("Connection: close");
                    assertThat(shortened(connection.exchange(BODY + next())))
                            .as(head)
                            .startsWith("200 {\"active\":false}");
                }
            }
        }
    }

    /** Tomcat answers broken chunks by itself as soon as somebody reads them. */
    @ParameterizedTest
    @EnumSource
    void body_thatBreaksOff_isRefusedWithoutAStackTrace(Container container) throws Exception {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build();
                ServletServer server = start(container, keys)) {
            for (String path : List.of("introspect", "introspect/batch", "revoke")) {
                String head = "POST /keys/" + path + " HTTP/1.1\r\nHost: a\r\n" + FRIEND + "Content-Type: "
                        + (path.endsWith("batch") ? "application/json" : Verifying.FORM)
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n";
                for (String broken : List.of("zz\r\n", "-1\r\n\r\n", "2\r\nabcd\r\n")) {
                    try (KeptConnection connection = KeptConnection.to(server.port())) {
                        String answer = connection.exchange(head + broken);
                        assertThat(shortened(answer))
                                .as(path + " " + broken)
                                .startsWith(
                                        container == Container.TOMCAT ? "400 " : "400 {\"error\":\"invalid_request\"");
                        assertThat(answer).doesNotContain("apikeys", "Exception");
                    }
                }
            }
        }
    }

    private static String next() {
        return "POST /keys/introspect HTTP/1.1\r\nHost: a\r\nContent-Type: " + Verifying.FORM + "\r\n" + FRIEND
                + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
    }

    /** Status and body. */
    private static String shortened(String answer) {
        return answer.substring(9, 13) + answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static ServletServer start(Container container, KeyService keys) throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                .cors(Cors.allow("https://app.example.com"))
                .permitAll("GET", "/open")
                .requireKey("GET", "/closed")
                .build();
        Callers friends = Callers.by(request -> "yes".equals(request.getHeader("X-Mesh")));
        return ServletServer.in(container)
                .servlet(
                        verifying(keys, filter, "127.0.0.1")
                                .introspection(friends)
                                .revocation()
                                .build(),
                        "/keys/*")
                .servlet(verifying(keys, filter, "10.0.0.0/8").build(), "/strange/*")
                .servlet(
                        ChangeFeedServlet.builder(keys, new InMemoryApiKeyStore()::openChangeFeed, friends)
                                .build(),
                        "/feed/*")
                .start();
    }

    private static VerificationServlet.Builder verifying(KeyService keys, ApiKeyFilter filter, String gateways) {
        return VerificationServlet.builder(keys).gateways(gateways).forwardAuthentication(filter, Gateway.CADDY);
    }
}
