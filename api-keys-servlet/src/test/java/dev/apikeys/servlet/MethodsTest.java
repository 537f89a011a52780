package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules by method, and the two methods with habits of their own. */
class MethodsTest {
    private final FilterKeys keys = new FilterKeys();
    private final Probe probe = new Probe();

    private final ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
            .require("GET", "/systems", "read:systems")
            .require("POST", "/systems", "manage:systems")
            .permitAll("OPTIONS", "/systems")
            .permitAll("GET", "/open")
            .build();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private ServletServer start(Container container) throws Exception {
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(probe, "/*")
                .start();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void head_isDecidedAsGet(Container container) throws Exception {
        String[] key = {"X-API-Key", keys.readerToken()};
        try (ServletServer server = start(container)) {
            assertThat(Http.call("HEAD", server.uri("/systems"), "").statusCode())
                    .isEqualTo(401);
            assertThat(Http.call("HEAD", server.uri("/systems"), "").body()).isEmpty();
            assertThat(Http.call("HEAD", server.uri("/systems"), "", key).statusCode())
                    .isEqualTo(200);
            assertThat(Http.call("HEAD", server.uri("/open"), "").statusCode()).isEqualTo(200);
            assertThat(Http.call("HEAD", server.uri("/other"), "", key).statusCode())
                    .isEqualTo(403);
        }
    }

    /** A browser asks before it sends a credential: only a rule of the host lets that through. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void options_needsARuleOfItsOwn(Container container) throws Exception {
        String[] preflight = {"Origin", "https://a.example", "Access-Control-Request-Method", "GET"};
        try (ServletServer server = start(container)) {
            assertThat(Http.call("OPTIONS", server.uri("/systems"), "", preflight)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Http.call("OPTIONS", server.uri("/open"), "", preflight).statusCode())
                    .isEqualTo(401);
            assertThat(RawHttp.request(server.port(), "OPTIONS", "*").status()).isNotEqualTo(401);
        }
        assertThat(probe.runs()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void method_withoutRule_isDenied(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            for (String method : List.of(
                    "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get", "Get", "POST ", "G\u00cbT", "HEAD2")) {
                RawHttp.Answer answer = RawHttp.request(
                        server.port(), method, "/systems", "X-API-Key: " + keys.readerToken(), "Content-Length: 0");
                assertThat(answer.status()).as(method).isIn(400, 403, 405, 501);
            }
            HttpResponse<String> tooLittle =
                    Http.call("POST", server.uri("/systems"), "", "X-API-Key", keys.readerToken());
            assertThat(tooLittle.statusCode()).isEqualTo(403);
            assertThat(probe.runs()).isZero();
            HttpResponse<String> enough =
                    Http.call("POST", server.uri("/systems"), "", "X-API-Key", keys.writerToken());
            assertThat(enough.body()).isEqualTo("reached as bob");
        }
    }

    /** No operator's credential stands in for a missing one, however often one asks. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void requests_withoutCredentialAfterGoodOnes_areRefusedAHundredTimes(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            for (int i = 0; i < 100; i++) {
                assertThat(Http.get(server.uri("/systems"), "X-API-Key", keys.writerToken())
                                .statusCode())
                        .isEqualTo(200);
                assertThat(Http.get(server.uri("/systems")).statusCode()).isEqualTo(401);
            }
        }
        assertThat(probe.runs()).isEqualTo(100);
    }
}
