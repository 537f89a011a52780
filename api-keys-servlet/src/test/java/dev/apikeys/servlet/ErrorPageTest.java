package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors behind the filter: the host's error page is shown for what was let in, and for nothing else. No rule names it. */
class ErrorPageTest {
    private static final List<String> FAILURES =
            List.of("404", "403", "500", "503", "throw", "throw-servlet", "async-404", "async-throw", "forward-500");

    private final FilterKeys keys = new FilterKeys();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    /** Fails as the query says. */
    private static final class Failing extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            String how = request.getDispatcherType() == DispatcherType.FORWARD ? "500" : request.getQueryString();
            switch (how) {
                case "throw" -> throw new IllegalStateException("behind the filter");
                case "throw-servlet" -> throw new ServletException("behind the filter");
                case "async-404" -> request.startAsync().dispatch("/open/x?404");
                case "async-throw" -> request.startAsync().dispatch("/open/x?throw");
                case "forward-500" ->
                    request.getRequestDispatcher("/open/x?500").forward(request, response);
                default -> response.sendError(Integer.parseInt(how));
            }
        }
    }

    /** What Spring Boot's {@code /error} does: shows the status, whoever asks. */
    private static final class ErrorPage extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.getWriter()
                    .print("page of " + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) + " for "
                            + request.getRemoteUser());
        }
    }

    private ServletServer start(Container container, ApiKeyFilterBuilder filter) throws Exception {
        ServletServer.Setup setup = ServletServer.in(container)
                .filter(
                        filter.permitAll("*", "/open/**")
                                .require("*", "/read/**", "read:systems")
                                .require("*", "/manage/**", "manage:systems")
                                .build(),
                        "/*")
                .servlet(new Failing(), "/open/x", "/read/x", "/manage/x", "/others/x")
                .servlet(new ErrorPage(), "/error");
        for (int status : new int[] {400, 401, 403, 404, 500, 503}) {
            setup.errorPage(status, "/error");
        }
        return setup.start();
    }

    private static int statusOf(String failure) {
        String digits = failure.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 500 : Integer.parseInt(digits);
    }

    static Stream<Arguments> failures() {
        return Stream.of(Container.values())
                .flatMap(container -> FAILURES.stream().map(failure -> Arguments.of(container, failure)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void error_ofARequestThatWasLetIn_showsTheHostsPage(Container container, String failure) throws Exception {
        try (ServletServer server = start(container, ApiKeyFilter.builder(keys.service))) {
            int status = statusOf(failure);
            HttpResponse<String> byKey = Http.get(server.uri("/read/x?" + failure), "X-API-Key", keys.readerToken());
            assertThat(byKey.statusCode()).isEqualTo(status);
            assertThat(byKey.body()).isEqualTo("page of " + status + " for alice");
            assertThat(byKey.headers().allValues("Vary")).containsExactly("Authorization, X-API-Key");
            assertThat(byKey.headers().allValues("WWW-Authenticate")).isEmpty();
            assertThat(keys.verifications()).hasValue(1);

            HttpResponse<String> open = Http.get(server.uri("/open/x?" + failure));
            assertThat(open.statusCode()).isEqualTo(status);
            assertThat(open.body()).isEqualTo("page of " + status + " for null");
        }
    }

    /** Nothing that would tell what is behind: the same answers as where there is no error. */
    @ParameterizedTest
    @MethodSource("failures")
    void error_ofARequestThatWasRefused_isNeverReached(Container container, String failure) throws Exception {
        try (ServletServer server = start(container, ApiKeyFilter.builder(keys.service))) {
            String[] none = {};
            String[] reader = {"X-API-Key", keys.readerToken()};
            assertRefused(Http.get(server.uri("/read/x?" + failure), none), 401);
            assertRefused(Http.get(server.uri("/read/x?" + failure), "X-API-Key", FilterKeys.unknownToken()), 401);
            assertRefused(Http.get(server.uri("/manage/x?" + failure), reader), 403);
            assertRefused(Http.get(server.uri("/others/x?" + failure), reader), 403);
            assertRefused(Http.get(server.uri("/error"), none), 401);
            assertRefused(Http.get(server.uri("/error"), reader), 403);
        }
    }

    private static void assertRefused(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).startsWith("{\"error\":").doesNotContain("page of");
        assertThat(answer.headers().allValues("WWW-Authenticate")).hasSize(1);
    }

    /** The host's own authentication stands behind the filter, and its errors are the host's. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void error_ofARequestThatWasPassedOn_showsTheHostsPage(Container container) throws Exception {
        try (ServletServer server =
                start(container, ApiKeyFilter.builder(keys.service).passOtherCredentials())) {
            assertThat(Http.get(server.uri("/others/x?403"), "Authorization", "Basic YWxpY2U6cHc=")
                            .body())
                    .isEqualTo("page of 403 for null");
            assertThat(Http.get(server.uri("/nothing/here")).body()).isEqualTo("page of 404 for null");
        }
    }

    /** A forward that was refused stays refused, even when the application goes on to an error. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void error_afterAForwardThatWasRefused_showsTheRefusal(Container container) throws Exception {
        HttpServlet careless = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                request.getRequestDispatcher("/manage/x?404").forward(request, response);
                throw new IllegalStateException("after the forward");
            }
        };
        try (ServletServer server = ServletServer.in(container)
                .filter(
                        ApiKeyFilter.builder(keys.service)
                                .requireKey("*", "/read/**")
                                .require("*", "/manage/**", "manage:systems")
                                .build(),
                        "/*")
                .servlet(careless, "/read/x")
                .servlet(new Failing(), "/manage/x")
                .servlet(new ErrorPage(), "/error")
                .errorPage(500, "/error")
                .start()) {
            HttpResponse<String> answer = Http.get(server.uri("/read/x"), "X-API-Key", keys.readerToken());
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).startsWith("{\"error\":\"forbidden\"").doesNotContain("page of");
        }
    }

    /** What an error page forwards to is a target like any other. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void forward_fromAnErrorPage_isDecidedByTheRules(Container container) throws Exception {
        HttpServlet forwarding = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                request.getRequestDispatcher("/read/view").forward(request, response);
            }
        };
        try (ServletServer server = ServletServer.in(container)
                .filter(
                        ApiKeyFilter.builder(keys.service)
                                .permitAll("*", "/open/**")
                                .requireKey("*", "/read/**")
                                .build(),
                        "/*")
                .servlet(new Failing(), "/open/x")
                .servlet(forwarding, "/error")
                .servlet(new ErrorPage(), "/read/view")
                .errorPage(404, "/error")
                .start()) {
            assertThat(Http.get(server.uri("/open/x?404")).statusCode()).isEqualTo(401);
            assertThat(Http.get(server.uri("/open/x?404"), "X-API-Key", keys.readerToken())
                            .body())
                    .isEqualTo("page of 404 for alice");
        }
    }

    /** A filter in front gives up before this one has seen the request: nothing was let in, so the rules decide. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void error_beforeTheFilter_isDecidedByTheRules(Container container) throws Exception {
        try (ServletServer server = ServletServer.in(container)
                .filter(
                        (request, response, chain) -> {
                            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                                ((HttpServletResponse) response).sendError(503);
                            } else {
                                chain.doFilter(request, response);
                            }
                        },
                        "/*")
                .filter(
                        ApiKeyFilter.builder(keys.service)
                                .requireKey("*", "/error")
                                .build(),
                        "/*")
                .servlet(new Failing(), "/x")
                .servlet(new ErrorPage(), "/error")
                .errorPage(503, "/error")
                .start()) {
            assertThat(Http.get(server.uri("/x")).statusCode()).isEqualTo(401);
            assertThat(Http.get(server.uri("/x"), "X-API-Key", keys.readerToken())
                            .body())
                    .isEqualTo("page of 503 for alice");
        }
    }
}
