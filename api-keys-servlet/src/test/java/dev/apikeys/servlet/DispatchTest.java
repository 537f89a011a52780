package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.Dispatching;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that the application sends on inside the container: the rules decide about every target. */
@Tag("tr-skip") // A dispatch knows no locale.
class DispatchTest {
    private final FilterKeys keys = new FilterKeys();
    private final Probe probe = new Probe();

    private final ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
            .permitAll("*", "/public/**")
            .require("*", "/read/**", "read:systems")
            .require("*", "/manage/**", "manage:systems")
            .build();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private ServletServer start(Container container, String errorPage) throws Exception {
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(new Dispatching(), "/public/go", "/read/go")
                .servlet(probe, "/public/x", "/read/x", "/manage/x", "/nowhere")
                .errorPage(418, errorPage)
                .start();
    }

    static Stream<Arguments> replacingDispatches() {
        return Stream.of(Container.values())
                .flatMap(container -> Stream.of(
                                "forward", "async", "async-wrapped", "forward forward", "async forward", "async async")
                        .map(ways -> Arguments.of(container, ways)));
    }

    @ParameterizedTest
    @MethodSource("replacingDispatches")
    void dispatch_fromOpenPathWithoutKey_isChallenged(Container container, String ways) throws Exception {
        try (ServletServer server = start(container, "/read/x")) {
            HttpResponse<String> answer =
                    Http.get(server.uri(Dispatching.path("/public/go", "/read/x", ways.split(" "))));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().allValues("WWW-Authenticate")).containsExactly("Bearer");
            assertThat(answer.headers().allValues("Vary")).containsExactly("Authorization, X-API-Key");
            assertThat(answer.body()).startsWith("{\"error\":\"unauthorized\"").endsWith("}");
        }
        assertThat(probe.runs()).isZero();
    }

    @ParameterizedTest
    @MethodSource("replacingDispatches")
    void dispatch_toPathBeyondTheKey_isForbidden(Container container, String ways) throws Exception {
        try (ServletServer server = start(container, "/manage/x")) {
            for (String target : new String[] {"/manage/x", "/nowhere"}) {
                HttpResponse<String> answer = Http.get(
                        server.uri(Dispatching.path("/read/go", target, ways.split(" "))),
                        "X-API-Key",
                        keys.readerToken());
                assertThat(answer.statusCode()).isEqualTo(403);
                assertThat(answer.headers().allValues("Vary")).containsExactly("Authorization, X-API-Key");
                assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
                assertThat(answer.headers().firstValue("X-From-Before")).isEmpty();
                assertThat(answer.body())
                        .isEqualTo("{\"error\":\"forbidden\",\"message\":\"the API key may not do this\"}");
            }
        }
        assertThat(probe.runs()).isZero();
    }

    @ParameterizedTest
    @MethodSource("replacingDispatches")
    void dispatch_withinTheKey_keepsThePrincipalAndVerifiesOnce(Container container, String ways) throws Exception {
        try (ServletServer server = start(container, "/read/x")) {
            HttpResponse<String> answer = Http.get(
                    server.uri(Dispatching.path("/read/go", "/read/x", ways.split(" "))),
                    "X-API-Key",
                    keys.readerToken());
            assertThat(answer.body()).isEqualTo("reached as alice");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("Vary")).containsExactly("Authorization, X-API-Key");
            assertThat(keys.verifications()).hasValue(1);
        }
    }

    @ParameterizedTest
    @MethodSource("replacingDispatches")
    void dispatch_fromOpenPathWithKey_verifiesItThen(Container container, String ways) throws Exception {
        try (ServletServer server = start(container, "/read/x")) {
            String path = Dispatching.path("/public/go", "/read/x", ways.split(" "));
            assertThat(Http.get(server.uri(path), "X-API-Key", keys.readerToken())
                            .body())
                    .isEqualTo("reached as alice");
            assertThat(Http.get(server.uri(path), "X-API-Key", FilterKeys.unknownToken())
                            .statusCode())
                    .isEqualTo(401);
            assertThat(probe.runs()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void dispatch_thatIsDeniedAfterTheAnswerBegan_addsNothing(Container container) throws Exception {
        try (LogCapture log = LogCapture.start();
                ServletServer server = start(container, "/read/x")) {
            RawHttp.Answer answer =
                    RawHttp.get(server.port(), Dispatching.path("/public/go", "/read/x", "async-committed"));
            assertThat(answer.body()).contains("[before]").doesNotContain("reached", "error");
            assertThat(log.lines())
                    .filteredOn(line -> line.text().contains("Exception"))
                    .isEmpty();
        }
        assertThat(probe.runs()).isZero();
    }

    /** What an application puts into the request is not taken for what the filter put there. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void attributes_ofAnApplication_openNothing(Container container) throws Exception {
        HttpServlet forger = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.REQUEST);
                request.setAttribute(ApiKeyFilter.PRINCIPAL_ATTRIBUTE, "root");
                request.setAttribute(ApiKeyFilter.class.getName() + "@" + System.identityHashCode(filter), true);
                request.getRequestDispatcher("/read/x").forward(request, response);
            }
        };
        try (ServletServer server = ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(forger, "/public/forge")
                .servlet(probe, "/read/x")
                .start()) {
            assertThat(Http.get(server.uri("/public/forge")).statusCode()).isEqualTo(401);
        }
        assertThat(probe.runs()).isZero();
    }

    /** Two filters with different keys side by side: what one accepted is nothing to the other. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void principal_ofAnotherFilter_opensNothing(Container container) throws Exception {
        HttpServlet forwarder = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                request.getRequestDispatcher("/theirs/x").forward(request, response);
            }
        };
        try (FilterKeys others = new FilterKeys();
                ServletServer server = ServletServer.in(container)
                        .filter(
                                ApiKeyFilter.builder(keys.service)
                                        .requireKey("*", "/ours")
                                        .build(),
                                "/ours")
                        .filter(
                                ApiKeyFilter.builder(others.service)
                                        .requireKey("*", "/theirs/**")
                                        .build(),
                                "/theirs/*")
                        .servlet(forwarder, "/ours")
                        .servlet(probe, "/theirs/x")
                        .start()) {
            assertThat(Http.get(server.uri("/ours"), "X-API-Key", keys.readerToken())
                            .statusCode())
                    .isEqualTo(401);
            assertThat(probe.runs()).isZero();
            assertThat(Http.get(server.uri("/theirs/x"), "X-API-Key", others.readerToken())
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
