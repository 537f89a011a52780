package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests a rule means, and what is no rule. */
class RulesTest {
    private final FilterKeys keys = new FilterKeys();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private static final List<String> PATHS = List.of(
            "/",
            "/a",
            "/a/",
            "/ab",
            "/a.b",
            "/A",
            "/b",
            "/a/b",
            "/a/b/",
            "/a/c",
            "/a/bc",
            "/a/b/c",
            "/a/b/c/",
            "/a/x/c",
            "/a/b/c/d",
            "/a/b/d");

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a, /a /a/",
        "/a/b, /a/b /a/b/",
        "/*, /a /a/ /ab /a.b /A /b",
        "/a/*, /a/b /a/b/ /a/c /a/bc",
        "/a/{id}, /a/b /a/b/ /a/c /a/bc",
        "/a/*/c, /a/b/c /a/b/c/ /a/x/c",
        "/a/{id}/**, /a/b /a/b/ /a/c /a/bc /a/b/c /a/b/c/ /a/x/c /a/b/c/d /a/b/d",
        "/a/**, /a /a/ /a/b /a/b/ /a/c /a/bc /a/b/c /a/b/c/ /a/x/c /a/b/c/d /a/b/d",
        "/**, / /a /a/ /ab /a.b /A /b /a/b /a/b/ /a/c /a/bc /a/b/c /a/b/c/ /a/x/c /a/b/c/d /a/b/d"
    })
    void pattern_meansWholeSegments(String pattern, String meant) throws Exception {
        ApiKeyFilter filter =
                ApiKeyFilter.builder(keys.service).requireKey("*", pattern).build();
        List<String> letIn = new ArrayList<>();
        try (ServletServer server = ServletServer.in(Container.JETTY)
                .filter(filter, "/*")
                .servlet(new Probe(), "/*")
                .start()) {
            for (String path : PATHS) {
                int status = Http.get(server.uri(path), "X-API-Key", keys.readerToken())
                        .statusCode();
                assertThat(status).as(path).isIn(200, 403);
                if (status == 200) {
                    letIn.add(path);
                }
            }
        }
        assertThat(letIn).containsExactly(meant.split(" "));
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void rules_areTriedInOrder(Container container) throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
                .permitAll("GET", "/a/open")
                .requireKey("GET", "/a/key")
                .require("*", "/a/**", "manage:a")
                .permitAll("*", "/**")
                .build();
        try (ServletServer server = ServletServer.in(container)
                .contextPath("/app")
                .filter(filter, "/*")
                .servlet(new Probe(), "/a/*", "/exact")
                .start()) {
            String[] key = {"X-API-Key", keys.readerToken()};
            assertThat(Http.get(server.uri("/app/a/open")).statusCode()).isEqualTo(200);
            assertThat(Http.call("POST", server.uri("/app/a/open"), "", key).statusCode())
                    .isEqualTo(403);
            assertThat(Http.get(server.uri("/app/a/open/")).statusCode())
                    .as("an open path with a slash at its end is another one")
                    .isEqualTo(401);
            assertThat(Http.get(server.uri("/app/a/key")).statusCode()).isEqualTo(401);
            assertThat(Http.get(server.uri("/app/a/key/"), key).statusCode()).isEqualTo(200);
            assertThat(Http.get(server.uri("/app/a"), key).statusCode()).isEqualTo(403);
            assertThat(Http.get(server.uri("/app/a/x"), key).statusCode()).isEqualTo(403);
            assertThat(Http.get(server.uri("/app/a/x"), "X-API-Key", keys.writerToken())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Http.get(server.uri("/app/exact")).statusCode()).isEqualTo(200);
        }
    }

    /** A wildcard asks for all that it stands for. */
    @Test
    void scope_withWildcard_isHeldByKeysThatHaveAllOfIt() throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
                .require("*", "/all", "read:*")
                .require("*", "/more", "*:systems")
                .build();
        try (ServletServer server = ServletServer.in(Container.JETTY)
                .filter(filter, "/*")
                .servlet(new Probe(), "/*")
                .start()) {
            String[] key = {"X-API-Key", keys.readerToken()};
            assertThat(Http.get(server.uri("/all"), key).statusCode()).isEqualTo(200);
            assertThat(Http.get(server.uri("/more"), key).headers().allValues("WWW-Authenticate"))
                    .containsExactly("Bearer error=\"insufficient_scope\", scope=\"*:systems\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "a", "a/b", "/a/", "//a", "/a//b", "/**/a", "/a**", "/a*", "/*a", "/***", "/{}", "/{a", "/a}",
                "/{a}b", "/{a-b}", "/a;b", "/a%20b", "/a\\b", "/a?b", "/a#b", "/.", "/..", "/a/../b", "/a\nb"
            })
    void pattern_thatIsNone_isRefusedByName(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKeyFilter.builder(keys.service).permitAll("GET", pattern))
                .withMessageStartingWith("not a path pattern")
                .withMessageEndingWith(": " + pattern);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "get", "GET POST", "GET,POST", "**", "G\u0130T", "HEAD"})
    void method_thatIsNone_isRefused(String method) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKeyFilter.builder(keys.service).requireKey(method, "/a"))
                .withMessageContaining(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "read", "read:", ":a", "read:a:b", "read:a b", "read:\"a\"", "read:\r\n"})
    void scope_thatIsNone_isRefused(String scope) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKeyFilter.builder(keys.service).require("GET", "/a", scope));
    }

    @ParameterizedTest
    @CsvSource({
        "*, /**, GET, /a",
        "*, /a/**, GET, /a",
        "GET, /a/**, GET, /a/b/**",
        "GET, /a/*, GET, /a/b",
        "GET, /a/{x}, GET, /a/{y}",
        "GET, /a, GET, /a",
        "*, /a/*/c, POST, /a/b/c"
    })
    void rule_thatAnEarlierOneHides_isRefused(String method, String pattern, String laterMethod, String laterPattern) {
        ApiKeyFilterBuilder builder = ApiKeyFilter.builder(keys.service).permitAll(method, pattern);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.requireKey(laterMethod, laterPattern))
                .withMessage("the rule " + laterMethod + " " + laterPattern + " is never reached, because " + method
                        + " " + pattern + " comes first");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /**, *, /a",
        "GET, /**, POST, /a",
        "*, /a/*, GET, /a/**",
        "*, /a/b, GET, /a/*",
        "*, /a, GET, /a/b",
        "*, /a/b/**, GET, /a",
        "*, /a, GET, /a/**",
        "*, /, GET, /**"
    })
    void rule_thatIsReachedAtTimes_isTaken(String method, String pattern, String laterMethod, String laterPattern) {
        ApiKeyFilterBuilder builder = ApiKeyFilter.builder(keys.service).permitAll(method, pattern);
        assertThat(builder.requireKey(laterMethod, laterPattern).build()).isNotNull();
    }

    @Test
    void filter_withoutRules_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ApiKeyFilter.builder(keys.service).build());
    }
}
