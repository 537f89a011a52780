package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.servlet.internal.Credentials;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.Secrets;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in the query string, where logs and histories would keep them. */
class QueryParameterTest {
    private final FilterKeys keys = new FilterKeys();
    private final Probe probe = new Probe();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private ServletServer start(Container container, ApiKeyFilterBuilder filter) throws Exception {
        return ServletServer.in(container)
                .filter(filter.requireKey("*", "/**").build(), "/*")
                .servlet(probe, "/*")
                .start();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void validKey_inTheQuery_isNoCredentialAndNotLogged(Container container) throws Exception {
        String token = keys.readerToken();
        try (LogCapture log = LogCapture.start();
                ServletServer server = start(container, ApiKeyFilter.builder(keys.service))) {
            for (String name :
                    List.of("api_key", "apikey", "key", "token", "access_token", "X-API-Key", "Authorization")) {
                HttpResponse<String> answer = Http.get(server.uri("/x?a=b&" + name + "=" + token));
                assertThat(answer.statusCode()).as(name).isEqualTo(401);
                assertThat(answer.headers().allValues("WWW-Authenticate")).containsExactly("Bearer");
                assertThat(new Secrets(List.of(token)).foundIn(answer.headers() + answer.body()))
                        .isEmpty();
            }
            assertThat(log.ours()).as("refusals that were logged").isNotEmpty();
            assertThat(log.lines())
                    .allSatisfy(line -> assertThat(new Secrets(List.of(token)).foundIn(line.text()))
                            .as(line.text())
                            .isEmpty());
        }
        assertThat(probe.runs()).isZero();
        assertThat(keys.verifications()).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void validKey_inTheParameterThatIsSwitchedOn_isLetIn(Container container) throws Exception {
        String token = keys.readerToken();
        try (ServletServer server =
                start(container, ApiKeyFilter.builder(keys.service).acceptQueryParameter("api_key"))) {
            for (String query : List.of(
                    "api_key=" + token,
                    "a=b&api_key=" + token,
                    "api_key=" + token + "&&c",
                    "api_key=" + token.replace("_", "%5F").replace(".", "%2e"),
                    "api%5fkey=" + token,
                    "%61pi_key=" + percentEncoded(token),
                    "&api_key=" + token + "&")) {
                HttpResponse<String> answer = Http.get(server.uri("/x?" + query));
                assertThat(answer.statusCode()).as(query).isEqualTo(200);
                assertThat(answer.headers().allValues("Cache-Control")).containsExactly("private");
            }
            for (String query : List.of(
                    "API_KEY=" + token,
                    "xapi_key=" + token,
                    "api_keyx=" + token,
                    "api%255fkey=" + token,
                    "api_key=" + token.replace("_", "%255F"),
                    "api_key=" + token + "%00",
                    "api_key=" + token.replace("_", "%C1%9F"),
                    "api_key",
                    "api_key=",
                    "a=api_key=" + token)) {
                assertThat(Http.get(server.uri("/x?" + query)).statusCode())
                        .as(query)
                        .isEqualTo(401);
            }
        }
    }

    private static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        text.chars().forEach(c -> encoded.append('%').append(Integer.toHexString(c)));
        return encoded.toString();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void severalCredentials_oneOfThemInTheQuery_areBadRequest(Container container) throws Exception {
        String token = keys.readerToken();
        try (ServletServer server =
                start(container, ApiKeyFilter.builder(keys.service).acceptQueryParameter("api_key"))) {
            String twice = "/x?api_key=" + token + "&api_key=" + token;
            assertThat(Http.get(server.uri(twice)).statusCode()).isEqualTo(400);
            assertThat(Http.get(server.uri("/x?api_key=&api_key=" + token)).statusCode())
                    .isEqualTo(400);
            assertThat(Http.get(server.uri("/x?api%5Fkey=&api_key=" + token)).statusCode())
                    .isEqualTo(400);
            assertThat(Http.get(server.uri("/x?api_key=" + token + "%2C" + token))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(Http.get(server.uri("/x?api_key=" + token + "," + token)).statusCode())
                    .isEqualTo(400);
            for (String[] header : List.of(
                    new String[] {"X-API-Key", token},
                    new String[] {"Authorization", "Bearer " + token},
                    new String[] {"Authorization", "Basic YWxpY2U6cHc="})) {
                assertThat(Http.get(server.uri("/x?api_key=" + token), header).statusCode())
                        .isEqualTo(400);
            }
        }
        assertThat(probe.runs()).isZero();
    }

    /** Asking the container for a parameter would read the form away from under the application. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void form_behindTheFilter_isStillThereForTheApplication(Container container) throws Exception {
        HttpServlet reader = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                response.getWriter().print(body);
            }
        };
        ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
                .acceptQueryParameter("api_key")
                .requireKey("*", "/**")
                .build();
        try (ServletServer server = ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(reader, "/*")
                .start()) {
            String form = "api_key=" + keys.writerToken() + "&x=1";
            String[] type = {"Content-Type", "application/x-www-form-urlencoded"};
            assertThat(Http.call("POST", server.uri("/x?api_key=" + keys.readerToken()), form, type)
                            .body())
                    .isEqualTo(form);
            assertThat(Http.call("POST", server.uri("/x"), form, type).statusCode())
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a&b", "a=b", "a%20b", "\u0131d"})
    void parameter_thatCouldNotStandInAQuery_isRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKeyFilter.builder(keys.service).acceptQueryParameter(name))
                .withMessageContaining(name);
    }

    @Test
    void credentials_asText_holdNoToken() {
        assertThat(new Credentials.One(keys.readerToken())).hasToString("One[***]");
    }
}
