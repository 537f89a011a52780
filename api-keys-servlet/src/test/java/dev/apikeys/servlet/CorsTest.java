package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages of other origins in front of the filter, as browsers ask for them: without any credential. */
class CorsTest {
    private static final String APP = "https://app.example.com";
    private static final String EVIL = "https://evil.example";

    private final FilterKeys keys = new FilterKeys();
    private final Probe probe = new Probe();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private ServletServer start(Container container, Cors cors) throws Exception {
        HttpServlet failing = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                throw new IllegalStateException("behind the filter");
            }
        };
        ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
                .cors(cors)
                .require("*", "/read/**", "read:systems")
                .require("*", "/manage/**", "manage:systems")
                .build();
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(probe, "/read/x", "/manage/x", "/nowhere", "/error")
                .servlet(failing, "/read/failing")
                .errorPage(500, "/error")
                .start();
    }

    private static RawHttp.Answer preflight(ServletServer server, String path, String origin, String... more)
            throws Exception {
        String[] lines = new String[more.length + 2];
        lines[0] = "Origin: " + origin;
        lines[1] = "Access-Control-Request-Method: DELETE";
        System.arraycopy(more, 0, lines, 2, more.length);
        return RawHttp.request(server.port(), "OPTIONS", path, lines);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void preflight_ofAnAllowedOrigin_isGrantedBeforeAnybodyAsksForAKey(Container container) throws Exception {
        Cors cors = Cors.allow(APP, "http://localhost:3000").maxAge(Duration.ofMinutes(5));
        try (ServletServer server = start(container, cors)) {
            for (String path : List.of("/read/x", "/manage/x", "/nowhere")) {
                RawHttp.Answer answer =
                        preflight(server, path, APP, "Access-Control-Request-Headers: authorization,x-trace-id");
                assertThat(answer.status()).isEqualTo(204);
                assertThat(answer.header("Access-Control-Allow-Origin")).containsExactly(APP);
                assertThat(answer.header("Access-Control-Allow-Methods")).containsExactly("DELETE");
                assertThat(answer.header("Access-Control-Allow-Headers")).containsExactly("authorization,x-trace-id");
                assertThat(answer.header("Access-Control-Max-Age")).containsExactly("300");
                assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
                assertThat(answer.header("WWW-Authenticate")).isEmpty();
                assertThat(String.join(", ", answer.header("Vary")))
                        .contains("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers");
            }
            assertThat(preflight(server, "/read/x", "http://localhost:3000").header("Access-Control-Allow-Headers"))
                    .isEmpty();
        }
        assertThat(probe.runs()).isZero();
        assertThat(keys.verifications()).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void preflight_ofAnotherOrigin_isRefusedWithoutAKeyBeingAskedFor(Container container) throws Exception {
        try (ServletServer server = start(container, Cors.allow(APP))) {
            for (String origin : List.of(EVIL, "null", APP + ".evil.example", APP + ":8443", APP + "/", "*")) {
                RawHttp.Answer answer = preflight(server, "/read/x", origin);
                assertThat(answer.status()).as(origin).isEqualTo(403);
                assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
                assertThat(answer.header("WWW-Authenticate")).isEmpty();
            }
            assertThat(preflight(server, "/read/x", APP, "Origin: " + EVIL).status())
                    .isEqualTo(403);
            assertThat(preflight(server, "/read/x", APP, "Access-Control-Request-Headers: a\"b")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(probe.runs()).isZero();
    }

    /** A script sees why it failed, too: no answer of the filter and no error page lacks the mark. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void answers_toAnAllowedOrigin_areMarkedWhateverTheirStatus(Container container) throws Exception {
        String reader = "X-API-Key: " + keys.readerToken();
        try (ServletServer server = start(container, Cors.allow(APP).exposing("X-Total"))) {
            List<RawHttp.Answer> answers = List.of(
                    RawHttp.get(server.port(), "/read/x", "Origin: " + APP, reader),
                    RawHttp.get(server.port(), "/read/x", "Origin: " + APP),
                    RawHttp.get(server.port(), "/manage/x", "Origin: " + APP, reader),
                    RawHttp.get(server.port(), "/read/x;a", "Origin: " + APP, reader),
                    RawHttp.get(server.port(), "/read/failing", "Origin: " + APP, reader));
            assertThat(answers).extracting(RawHttp.Answer::status).containsExactly(200, 401, 403, 400, 500);
            for (RawHttp.Answer answer : answers) {
                assertThat(answer.header("Access-Control-Allow-Origin")).containsExactly(APP);
                assertThat(answer.header("Access-Control-Expose-Headers"))
                        .containsExactly(
                                "WWW-Authenticate, Retry-After, RateLimit, RateLimit-Policy, X-Correlation-Id, X-Total");
                assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
                assertThat(answer.header("Vary")).contains("Origin");
            }
            for (String[] lines : List.of(new String[] {reader}, new String[] {reader, "Origin: " + EVIL})) {
                RawHttp.Answer unmarked = RawHttp.get(server.port(), "/read/x", lines);
                assertThat(unmarked.status()).isEqualTo(200);
                assertThat(unmarked.header("Access-Control-Allow-Origin")).isEmpty();
                assertThat(unmarked.header("Vary")).contains("Origin");
            }
        }
    }

    /** Only a browser's question is answered; the application's own OPTIONS is decided by the rules. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void options_thatAreNoPreflight_areDecidedByTheRules(Container container) throws Exception {
        try (ServletServer server = start(container, Cors.allow(APP))) {
            assertThat(RawHttp.request(server.port(), "OPTIONS", "/read/x", "Origin: " + APP)
                            .status())
                    .isEqualTo(401);
            assertThat(RawHttp.request(server.port(), "OPTIONS", "/read/x", "Access-Control-Request-Method: GET")
                            .status())
                    .isEqualTo(401);
            assertThat(RawHttp.request(
                                    server.port(),
                                    "GET",
                                    "/read/x",
                                    "Origin: " + APP,
                                    "Access-Control-Request-Method: GET")
                            .status())
                    .isEqualTo(401);
        }
        assertThat(probe.runs()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void cookies_areAllowedOnlyWhereTheHostSaysSo(Container container) throws Exception {
        try (ServletServer server = start(container, Cors.allow(APP).withCookies())) {
            assertThat(preflight(server, "/read/x", APP).header("Access-Control-Allow-Credentials"))
                    .containsExactly("true");
            assertThat(RawHttp.get(server.port(), "/read/x", "Origin: " + APP)
                            .header("Access-Control-Allow-Credentials"))
                    .containsExactly("true");
        }
    }

    /** The other way, which the guide shows: the host's own CORS filter stands in front and answers preflights itself. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void preflight_withACorsFilterOfTheHostInFront_neverReachesTheFilter(Container container) throws Exception {
        Filter ofHost = (request, response, chain) -> {
            HttpServletResponse out = (HttpServletResponse) response;
            out.setHeader("Access-Control-Allow-Origin", APP);
            if (((HttpServletRequest) request).getMethod().equals("OPTIONS")) {
                out.setStatus(204);
                return;
            }
            chain.doFilter(request, response);
        };
        ApiKeyFilter filter =
                ApiKeyFilter.builder(keys.service).requireKey("*", "/**").build();
        try (ServletServer server = ServletServer.in(container)
                .filter(ofHost, "/*")
                .filter(filter, "/*")
                .servlet(probe, "/x")
                .start()) {
            assertThat(preflight(server, "/x", APP).status()).isEqualTo(204);
            assertThat(Http.get(server.uri("/x")).headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly(APP);
        }
    }

    @Test
    void settings_outOfRange_areRefusedByTheirValues() {
        for (String origin : List.of("*", "null", "", "app.example.com", APP + "/", APP + ":443")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Cors.allow(origin))
                    .withMessageContaining(origin);
        }
        assertThatIllegalArgumentException().isThrownBy(Cors::allow);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cors.allow(APP).maxAge(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S");
        assertThatIllegalArgumentException().isThrownBy(() -> Cors.allow(APP).maxAge(Duration.ofHours(25)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cors.allow(APP).exposing("a b"))
                .withMessageContaining("a b");
        assertThat(Cors.allow(APP)).hasToString("Cors[" + APP + "]");
    }
}
