package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.Cors;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.KeptConnection;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Answers to requests whose body wasn't read: they are heard, and the connection goes on or ends as they say. The client
 * of the JDK looks at no answer any more when it fails to send the body, so what is lost here is seen.
 */
@Tag("tr-skip") // A connection knows no locale.
class UnreadBodyTest {
    private static final String ALICE = "alice@org_1";
    private static final String JSON = "application/json";
    private static final String LONG = " ".repeat(60_000);
    private static final String JUST_OVER = " ".repeat(RequestBody.MAX_LENGTH + 11);
    private static final int OFTEN = 150;
    /** As many threads of a servlet as may wait for the rest of bodies. */
    private static final int WAITING_THREADS = 8;

    private static void isAlwaysHeard(int status, Supplier<HttpResponse<String>> call) {
        for (int i = 0; i < OFTEN; i++) {
            assertThat(call.get().statusCode()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusal_ofAManagementCallWithUnreadBody_isAlwaysHeard(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            isAlwaysHeard(413, () -> world.as(ALICE, "POST", "", JUST_OVER));
            isAlwaysHeard(413, () -> world.as(ALICE, "DELETE", "/1", JUST_OVER));
            isAlwaysHeard(
                    415,
                    () -> world.call("POST", "", LONG, "Content-Type", "text/plain", "Cookie", "session=" + ALICE));
            isAlwaysHeard(403, () -> world.as(ALICE, "POST", "", LONG, "Origin", "https://evil.example"));
            isAlwaysHeard(401, () -> world.as("", "POST", "", LONG));
            isAlwaysHeard(404, () -> world.as(ALICE, "POST", "/no/such", LONG));
            isAlwaysHeard(405, () -> world.as(ALICE, "PUT", "", LONG));
        }
    }

    @ParameterizedTest
    @EnumSource
    void connection_whoseRefusedBodyCameLate_servesTheNextRequest(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start();
                KeptConnection connection = KeptConnection.to(world.server.port())) {
            String body = "{\"x\":1}";
            String head = head("Content-Length: " + body.length());
            assertThat(connection.exchange(head)).startsWith("HTTP/1.1 401 ").doesNotContain("Connection:");
            assertThat(connection.exchange(body + head + body)).startsWith("HTTP/1.1 401 ");

            String chunked = head("Transfer-Encoding: chunked");
            assertThat(connection.exchange(chunked)).startsWith("HTTP/1.1 401 ").doesNotContain("Connection:");
            assertThat(connection.exchange("7\r\n" + body + "\r\n0\r\n\r\n" + head))
                    .startsWith("HTTP/1.1 401 ");
        }
    }

    /** What is no management call has no reason to read a body either. */
    @ParameterizedTest
    @EnumSource
    void connection_onWhichDocumentPageAndPreflightCameWithABody_servesTheNextRequest(Container container)
            throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                        .settings(settings -> settings.page().cors(Cors.allow("https://app.example.com")))
                        .start();
                KeptConnection connection = KeptConnection.to(world.server.port())) {
            String head = head("Content-Length: 2");
            String preflight =
                    head("Content-Length: 2", "Origin: https://x.example", "Access-Control-Request-Method: GET");
            for (String request : List.of(
                    head.replaceFirst("^POST (\\S+)", "GET $1/openapi.yaml"),
                    head.replaceFirst("^POST (\\S+)", "GET $1/page"),
                    head.replaceFirst("^POST (\\S+)", "GET $1/page/"),
                    preflight.replaceFirst("^POST", "OPTIONS"))) {
                assertThat(connection.exchange(request)).as(request).doesNotContain("Connection: close");
                assertThat(connection.exchange("{}" + head + "{}")).as(request).startsWith("HTTP/1.1 401 ");
            }
        }
    }

    /** Tomcat answers broken chunks by itself as soon as somebody reads them. */
    @ParameterizedTest
    @EnumSource
    void answer_beforeBrokenChunks_isOurs(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String broken : List.of("zz\r\n", "5", "5\r\nab", "-1\r\n\r\n")) {
                try (KeptConnection connection = KeptConnection.to(world.server.port())) {
                    assertThat(connection.exchange(head("Transfer-Encoding: chunked") + broken))
                            .as(broken)
                            .startsWith("HTTP/1.1 401 ")
                            .contains("\r\nCache-Control: no-store\r\n")
                            .endsWith("{\"code\":401,\"message\":\"invalid token\",\"data\":null}");
                }
            }
            for (String broken : List.of("zz\r\n", "5\r\nab")) {
                UUID id = world.keys
                        .issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                        .key()
                        .id();
                try (KeptConnection connection = KeptConnection.to(world.server.port())) {
                    String revoke = head("Transfer-Encoding: chunked", "Cookie: session=" + ALICE)
                            .replaceFirst("^POST (\\S+)", "DELETE $1/" + id);
                    assertThat(connection.exchange(revoke + broken)).startsWith("HTTP/1.1 200 ");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void body_thatBreaksOff_isRefusedWithoutAStackTrace(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String broken : List.of("zz\r\n", "-1\r\n\r\n", "2\r\nabcd\r\n")) {
                try (KeptConnection connection = KeptConnection.to(world.server.port())) {
                    String head = head("Transfer-Encoding: chunked", "Cookie: session=" + ALICE);
                    assertThat(connection.exchange(head + broken))
                            .as(broken)
                            .startsWith("HTTP/1.1 400 ")
                            .contains(container == Container.TOMCAT ? "" : "{\"code\":400,")
                            .doesNotContain("apikeys", "Exception");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void request_whoseWrapperCantTellOfItsBody_isAnsweredAllTheSame(Container container) throws Exception {
        try (FilterKeys keys = new FilterKeys();
                ServletServer server = ServletServer.in(container)
                        .filter(blindToBodies(), "/*")
                        .filter(
                                ApiKeyFilter.builder(keys.service)
                                        .requireKey("*", "/**")
                                        .build(),
                                "/*")
                        .servlet(new Probe(), "/*")
                        .start()) {
            assertThat(Http.call("POST", server.uri("/x"), "{}").statusCode()).isEqualTo(401);
        }
    }

    private static Filter blindToBodies() {
        return (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public ServletInputStream getInputStream() {
                        throw new UnsupportedOperationException("no body here");
                    }
                },
                response);
    }

    @ParameterizedTest
    @EnumSource
    void answer_afterTheWholeBodyWasRead_leavesTheConnectionOpen(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start();
                KeptConnection connection = KeptConnection.to(world.server.port())) {
            String body = "{\"name\":\"CRM\",\"mode\":\"read\",\"password\":\"" + ManagementWorld.PASSWORD + "\"}";
            String request = head("Content-Length: " + body.length(), "Cookie: session=" + ALICE) + body;
            for (int i = 0; i < 3; i++) {
                assertThat(connection.exchange(request)).startsWith("HTTP/1.1 201 ");
            }
        }
    }

    /** Who announces a body that never comes holds a thread, but only a few are held so. Tomcat waits for bodies itself. */
    @ParameterizedTest
    @EnumSource(names = "JETTY")
    void bodies_thatNeverCome_holdFewThreads(Container container) throws Exception {
        List<KeptConnection> connections = new ArrayList<>();
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            int port = world.server.port();
            try {
                for (int i = 0; i < 3 * WAITING_THREADS; i++) {
                    connections.add(KeptConnection.to(port));
                    String answer = connections.get(i).exchange(head("Content-Length: 100"));
                    assertThat(answer).startsWith("HTTP/1.1 401 ");
                    assertThat(answer.contains("\r\nConnection: close\r\n"))
                            .as("the " + i + "th: " + answer)
                            .isEqualTo(i >= WAITING_THREADS);
                }
            } finally {
                for (KeptConnection connection : connections) {
                    connection.close();
                }
            }
            await("the threads are free again").untilAsserted(() -> {
                try (KeptConnection connection = KeptConnection.to(port)) {
                    assertThat(connection.exchange(head("Content-Length: 100"))).doesNotContain("Connection: close");
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusal_ofABodyFarOverTheLimit_saysThatItClosesTheConnection(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start();
                KeptConnection connection = KeptConnection.to(world.server.port())) {
            String head = head("Content-Length: " + (1 << 20), "Cookie: session=" + ALICE);
            assertThat(connection.exchange(head)).startsWith("HTTP/1.1 413 ").contains("\r\nConnection: close\r\n");
        }
    }

    /** Tomcat, as it is shipped, asks for every body at once, before anybody has looked at the request. */
    @ParameterizedTest
    @EnumSource(names = "JETTY")
    void refusal_ofWhoAsksBeforeSending_asksForNoBody(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start();
                KeptConnection connection = KeptConnection.to(world.server.port())) {
            assertThat(connection.exchange(head("Content-Length: 7", "Expect: 100-continue")))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("\r\nConnection: close\r\n");
        }
    }

    private static String head(String... lines) {
        return "POST " + ManagementWorld.MOUNT + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + JSON + "\r\n"
                + String.join("\r\n", lines) + "\r\n\r\n";
    }
}
