package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A shared cache must not give one client's answer to another: to HTTP, {@code X-API-Key} is a header like any other. */
class CacheHeadersTest {
    private static final String VARY = "Authorization, X-API-Key";

    private final FilterKeys keys = new FilterKeys();

    private final ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
            .permitAll("GET", "/open")
            .require("GET", "/manage", "manage:systems")
            .requireKey("*", "/**")
            .build();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    /** Answers as an application may. */
    private static final class Application extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            switch (request.getServletPath()) {
                case "/failing" -> throw new ServletException("as planned");
                case "/gone" -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
                case "/moved" -> response.sendRedirect("/elsewhere");
                case "/cacheable" -> response.setHeader("Cache-Control", "public, max-age=60");
                case "/varying" -> response.addHeader("Vary", "Accept-Language");
                case "/empty" -> response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                default -> response.getWriter().print("hello");
            }
        }
    }

    private ServletServer start(Container container) throws Exception {
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(
                        new Application(),
                        "/*",
                        "/failing",
                        "/gone",
                        "/moved",
                        "/cacheable",
                        "/varying",
                        "/empty",
                        "/open")
                .start();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void answer_toAKey_isPrivateAndVaries(Container container) throws Exception {
        Map<String, Integer> statuses =
                Map.of("/x", 200, "/empty", 204, "/moved", 302, "/gone", 404, "/failing", 500, "/varying", 200);
        try (LogCapture failures = LogCapture.start();
                ServletServer server = start(container)) {
            statuses.forEach((path, status) -> {
                HttpResponse<String> answer = Http.get(server.uri(path), "X-API-Key", keys.readerToken());
                assertThat(answer.statusCode()).as(path).isEqualTo(status);
                List<String> cacheControl = answer.headers().allValues("Cache-Control");
                assertThat(cacheControl).as(path).hasSize(1);
                assertThat(cacheControl.get(0)).as(path).containsAnyOf("private", "no-store");
                if (status < 400) {
                    assertThat(answer.headers().allValues("Vary")).as(path).contains(VARY);
                }
            });
            assertThat(failures.lines()).anyMatch(line -> line.text().contains("as planned"));
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void answer_toAKey_keepsWhatTheApplicationSays(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            HttpResponse<String> cacheable = Http.get(server.uri("/cacheable"), "X-API-Key", keys.readerToken());
            assertThat(cacheable.headers().allValues("Cache-Control")).containsExactly("public, max-age=60");
            assertThat(cacheable.headers().allValues("Vary")).containsExactly(VARY);
            HttpResponse<String> varying = Http.get(server.uri("/varying"), "X-API-Key", keys.readerToken());
            assertThat(varying.headers().allValues("Vary")).containsExactlyInAnyOrder(VARY, "Accept-Language");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void answer_toAKey_keepsWhatAnEarlierFilterSaid(Container container) throws Exception {
        Filter strict = (request, response, chain) -> {
            ((HttpServletResponse) response).setHeader("Cache-Control", "no-store");
            ((HttpServletResponse) response).setHeader("Vary", "Origin");
            chain.doFilter(request, response);
        };
        try (ServletServer server = ServletServer.in(container)
                .filter(strict, "/*")
                .filter(filter, "/*")
                .servlet(new Application(), "/*")
                .start()) {
            HttpResponse<String> answer = Http.get(server.uri("/x"), "X-API-Key", keys.readerToken());
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(answer.headers().allValues("Vary")).containsExactlyInAnyOrder("Origin", VARY);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void refusal_ofEveryStatus_isNeverStored(Container container) throws Exception {
        String key = keys.readerToken();
        try (ServletServer server = start(container)) {
            Map<Integer, HttpResponse<String>> refusals = Map.of(
                    400, Http.get(server.uri("/x"), "X-API-Key", key, "Authorization", "Bearer " + key),
                    401, Http.get(server.uri("/x")),
                    403, Http.get(server.uri("/manage"), "X-API-Key", key));
            refusals.forEach((status, answer) -> {
                assertThat(answer.statusCode()).isEqualTo(status);
                assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
                assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
                assertThat(answer.headers().allValues("Vary")).containsExactly(VARY);
            });
        }
    }

    /** It doesn't depend on a key, so that caches may do their work. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void answer_ofAnOpenPath_staysAsItIs(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            HttpResponse<String> answer = Http.get(server.uri("/open"), "X-API-Key", keys.readerToken());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("Cache-Control")).isEmpty();
            assertThat(answer.headers().allValues("Vary")).isEmpty();
        }
    }
}
