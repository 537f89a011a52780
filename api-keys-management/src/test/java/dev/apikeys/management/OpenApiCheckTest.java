package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.management.OpenApiCheck.Answer;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the check of all answers against the OpenAPI document finds what is wrong with one. */
class OpenApiCheckTest {
    private static final String KEYS = "{\"code\":200,\"message\":\"api keys retrieved successfully\","
            + "\"data\":{\"api_keys\":[{\"id\":\"f47ac10b-58cc-4372-a567-0e02b2c3d479\",\"user_id\":\"jf584cz36kce\","
            + "\"organization_id\":\"org_a1b2c3\",\"name\":\"CRM production\","
            + "\"key_public\":\"a1b2c3d4e5f60718293a4b5c\",\"mode\":\"read\",\"expires_at\":\"2026-05-04T09:42:00Z\","
            + "\"last_used_at\":null,\"last_used_ip\":null,\"revoked_at\":null,"
            + "\"created_at\":\"2026-02-03T09:42:00.125Z\",\"status\":\"active\",\"allowed_from\":[]}]}}";
    private static final String FAILED = "{\"code\":503,\"message\":\"service unavailable\",\"data\":null}";
    private static final String NOT_ALLOWED = "{\"code\":405,\"message\":\"method not allowed\",\"data\":null}";

    private static Answer answer(String method, String path, int status, String body, String... headers) {
        Map<String, List<String>> all = new HashMap<>(Map.of(
                "cache-control", List.of("no-store"),
                "content-type", List.of("application/json"),
                "vary", List.of("Authorization, X-API-Key, Cookie, Origin"),
                "x-content-type-options", List.of("nosniff")));
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i + 1].isEmpty()) {
                all.remove(headers[i]);
            } else {
                all.put(headers[i], List.of(headers[i + 1]));
            }
        }
        return new Answer(method, path, status, all, body);
    }

    private static Answer list(String body, String... headers) {
        return answer("GET", "/me/api-keys", 200, body, headers);
    }

    static Stream<Answer> right() {
        return Stream.of(
                list(KEYS),
                answer("HEAD", "/me/api-keys", 200, ""),
                answer("GET", "/me/api-keys/", 503, FAILED, "retry-after", "1"),
                answer("PUT", "/me/api-keys", 405, NOT_ALLOWED, "allow", "GET, HEAD, POST"),
                answer("DELETE", "/me/api-keys/audit", 405, NOT_ALLOWED, "allow", "GET, HEAD"),
                answer("GET", "/me/api-keys/a/b", 404, "{\"code\":404,\"message\":\"not found\",\"data\":null}"));
    }

    @ParameterizedTest
    @MethodSource("right")
    void answer_asTheDocumentSays_passes(Answer answer) {
        assertThat(OpenApiCheck.problems(answer)).isEmpty();
        OpenApiCheck.check(answer);
    }

    static Stream<Answer> wrong() {
        return Stream.of(
                list(KEYS.replace("\"mode\":\"read\"", "\"mode\":\"read\",\"secret_hash\":\"x\"")),
                list(KEYS.replace("\"mode\":\"read\"", "\"mode\":\"admin\"")),
                list(KEYS.replace("\"mode\":\"read\",", "")),
                list(KEYS.replace("\"status\":\"active\",", "")),
                list(KEYS.replace("\"status\":\"active\"", "\"status\":\"fine\"")),
                list(KEYS.replace("\"name\":\"CRM production\"", "\"name\":null")),
                list(KEYS.replace("00.125Z", "00.125+01:00")),
                list(KEYS.replace("2026-02-03T09:42:00.125Z", "yesterdayZ")),
                list(KEYS.replace("\"code\":200", "\"code\":201")),
                list(KEYS.replace("{\"api_keys\":[", "[").replace("]}}", "]}")),
                list("{}"),
                list(""),
                list("not JSON"),
                list(KEYS, "content-type", "text/html"),
                list(KEYS, "cache-control", ""),
                list(KEYS, "x-content-type-options", ""),
                answer("GET", "/me/api-keys", 201, KEYS),
                answer("HEAD", "/me/api-keys", 201, ""),
                answer("GET", "/me/api-keys", 503, FAILED),
                answer("GET", "/me/api-keys", 500, FAILED, "retry-after", "1"),
                answer("GET", "/me/api-keys", 405, NOT_ALLOWED, "allow", "GET, HEAD, POST"),
                answer("PUT", "/me/api-keys", 405, NOT_ALLOWED, "allow", "GET, POST"),
                answer("PUT", "/me/api-keys", 503, FAILED, "retry-after", "1"),
                answer("GET", "/me/api-keys/a/b", 200, KEYS),
                answer("GET", "/me/api-keys/a/b", 404, FAILED));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void answer_thatDiffersFromTheDocument_fails(Answer answer) {
        assertThat(OpenApiCheck.problems(answer)).isNotEmpty();
        assertThatThrownBy(() -> OpenApiCheck.check(answer)).isInstanceOf(AssertionError.class);
    }

    /** As the servlet answers, but with a field too many. */
    private static final class Liar extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setHeader("Vary", "Authorization, X-API-Key, Cookie, Origin");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setContentType("application/json");
            response.getWriter().print(KEYS.replace("\"mode\"", "\"secret_hash\":\"x\",\"mode\""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"JDK", "socket"})
    void deliberatelyWrongBody_overRealHttp_failsTheTestThatGotIt(String client) throws Exception {
        try (ServletServer server = ServletServer.in(ServletServer.Container.JETTY)
                .servlet(new Liar(), "/me/api-keys/*")
                .start()) {
            assertThatThrownBy(() -> {
                        if (client.equals("JDK")) {
                            Http.get(server.uri("/me/api-keys"));
                        } else {
                            RawHttp.get(server.port(), "/me/api-keys?x=1");
                        }
                    })
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("secret_hash");
        }
    }

    @Test
    void call_carriedOutAgainstTheDocument_fails() {
        Answer created = answer("POST", "/me/api-keys", 201, "");
        String allowed = "{\"name\":\"a\",\"mode\":\"read\",\"password\":\"p\",\"expires_in_days\":null,\"x\":1}";

        OpenApiCheck.checkAccepted(allowed, created);
        OpenApiCheck.checkAccepted("{}", answer("POST", "/me/api-keys", 400, ""));
        for (String wrong : List.of("{}", "[]", allowed.replace("read", "admin"), allowed.replace("null", "\"90\""))) {
            assertThatThrownBy(() -> OpenApiCheck.checkAccepted(wrong, created))
                    .as(wrong)
                    .isInstanceOf(AssertionError.class);
        }
    }

    /** Of other servlets and other mounts the document says nothing. */
    @Test
    void answer_ofSomebodyElse_isNotLookedAt() {
        OpenApiCheck.check(list("no JSON at all", "vary", "Authorization, X-API-Key"));
        OpenApiCheck.check(answer("GET", "/elsewhere", 299, ""));
        OpenApiCheck.check(answer("GET", "/me/api-keys-of-others", 299, ""));
    }
}
