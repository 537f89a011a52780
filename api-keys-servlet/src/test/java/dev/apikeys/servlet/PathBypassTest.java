package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.PathVariants;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import dev.apikeys.testservers.ServletServer.Paths;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A filter and a router that read one path in two ways are how authentication gets skipped. Here two routers read it,
 * the container's and one that reads the raw text as frameworks do, and neither may reach what the rules protect.
 */
class PathBypassTest {
    private final FilterKeys keys = new FilterKeys();
    private final Router router = new Router();

    private final ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
            .permitAll("*", "/public/**")
            .require("*", "/admin/secret/**", "manage:secret")
            .requireKey("*", "/admin/**")
            .build();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    /** Notes what was reached, in every way in which an application could understand the request. */
    private static final class Router extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient ConcurrentLinkedQueue<String> reached = new ConcurrentLinkedQueue<>();

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            String container = request.getServletPath() + request.getPathInfo();
            String raw = request.getRequestURI();
            reached.add(container);
            for (String reading : PathVariants.readings(raw)) {
                reached.add(reading);
            }
        }

        /** Whether it could take what it was given for something below the path. */
        boolean reachedBelow(String path) {
            return reached.stream().anyMatch(seen -> seen.equals(path) || seen.startsWith(path + "/"));
        }
    }

    private ServletServer start(Container container, Paths paths, String contextPath) throws Exception {
        return ServletServer.in(container)
                .paths(paths)
                .contextPath(contextPath)
                .filter(filter, "/*")
                .servlet(router, "/*")
                .start();
    }

    @ParameterizedTest
    @CsvSource({
        "JETTY, AS_SHIPPED, ''",
        "JETTY, LENIENT, ''",
        "TOMCAT, AS_SHIPPED, ''",
        "TOMCAT, LENIENT, ''",
        "JETTY, LENIENT, /app",
        "TOMCAT, LENIENT, /app"
    })
    void protectedHandler_underAnySpellingWithoutKey_neverRuns(Container container, Paths paths, String contextPath)
            throws Exception {
        Set<String> variants = PathVariants.of("/admin/secret/x");
        assertThat(variants).hasSizeGreaterThan(500);
        try (ServletServer server = start(container, paths, contextPath)) {
            for (String variant : variants) {
                router.reached.clear();
                RawHttp.Answer answer = RawHttp.get(server.port(), contextPath + variant);
                assertThat(router.reachedBelow("/admin"))
                        .as("%s answered %s and reached %s", variant, answer.status(), router.reached)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"JETTY, AS_SHIPPED", "JETTY, LENIENT", "TOMCAT, AS_SHIPPED", "TOMCAT, LENIENT"})
    void protectedHandler_underAnySpellingWithTooLittleScope_neverRuns(Container container, Paths paths)
            throws Exception {
        String key = "X-API-Key: " + keys.readerToken();
        try (ServletServer server = start(container, paths, "")) {
            for (String variant : PathVariants.of("/admin/secret/x")) {
                router.reached.clear();
                RawHttp.Answer answer = RawHttp.get(server.port(), variant, key);
                assertThat(router.reachedBelow("/admin/secret"))
                        .as("%s answered %s and reached %s", variant, answer.status(), router.reached)
                        .isFalse();
            }
        }
    }

    /** What the filter itself must refuse, also where the container would let it through. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void path_withTwoReadings_isBadRequestEvenWhereEverybodyMayCome(Container container) throws Exception {
        List<String> doubtful = List.of(
                "/public;x=1/a",
                "/public/a;",
                "/public/a;jsessionid=1",
                "/public/%2e%2e/admin",
                "/public/%2E%2E/admin",
                "/public/.%2e/admin",
                "/public/../public/a",
                "/public/./a",
                "/public/..",
                "/public/.",
                "/public/..;/admin",
                "/public/a%2fb",
                "/public/a%2Fb",
                "/public/a%5cb",
                "/public/a%5Cb",
                "/public/a\\b",
                "/public/a%25b",
                "/public/a%252fb",
                "/public/a%3bb",
                "/public/a%3Bb",
                "/public//a",
                "//public/a",
                "/public/a%00",
                "/public/a%0a",
                "/public/a%0D%0Ab",
                "/public/a%1f",
                "/public/a%7f",
                "/public/a%c2%85",
                "/public/a%c0%af",
                "/public/a%e0%80%af",
                "/public/a%ff",
                "/public/a%",
                "/public/a%2",
                "/public/a%zz",
                "/public/a%u002f",
                "/public/\u00e9",
                "/public/a\u0001",
                "/public/a\u007f",
                "public/a",
                "*");
        try (ServletServer server = start(container, Paths.LENIENT, "")) {
            for (String path : doubtful) {
                assertThat(RawHttp.get(server.port(), path).status()).as(path).isEqualTo(400);
            }
        }
        assertThat(router.reached).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void path_withOneReading_isLetThrough(Container container) throws Exception {
        List<String> plain = List.of(
                "/public",
                "/public/",
                "/public/a",
                "/public/a.b",
                "/public/.well-known",
                "/public/...",
                "/public/..a",
                "/public/a..",
                "/public/a%20b",
                "/public/%61",
                "/public/%C3%A9",
                "/public/%E2%82%AC",
                "/public/%F0%9F%98%80",
                "/public/a+b",
                "/public/a:b@c",
                "/public/a=b&c",
                "/public/a?x=%2e%2e/;//%5c%00",
                "http://127.0.0.1/public/a");
        try (ServletServer server = start(container, Paths.LENIENT, "")) {
            for (String path : plain) {
                assertThat(RawHttp.get(server.port(), path).status()).as(path).isEqualTo(200);
            }
        }
    }
}
