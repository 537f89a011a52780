package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.ClientRequest;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.TokenFormat;
import dev.apikeys.Verification;
import dev.apikeys.servlet.internal.Credentials;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.Secrets;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Secrets go through every way in which a request can fail, and must leave no trace in what anybody can read. */
class SecretCanaryTest {
    private final FilterKeys keys = new FilterKeys();

    @AfterEach
    void tearDown() {
        keys.close();
    }

    /** Notes what the request says of itself as a whole, and fails where it is told to. */
    private static final class Application extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient List<String> texts = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws ServletException {
            texts.add(String.valueOf(request.getUserPrincipal()));
            texts.add(String.valueOf(request.getAttribute(ApiKeyFilter.PRINCIPAL_ATTRIBUTE)));
            Collections.list(request.getAttributeNames()).stream()
                    .filter(name -> name.startsWith("dev.apikeys"))
                    .forEach(name -> texts.add(name + request.getAttribute(name)));
            if (request.getServletPath().equals("/failing")) {
                throw new ServletException("as planned");
            }
        }
    }

    /** The tokens of which a part is secret: well formed ones. */
    private static List<String> secretOnes(Collection<String> tokens) {
        return tokens.stream()
                .filter(token -> token.matches("myk_[0-9a-f]{24}\\.[0-9a-f]{48}0*"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void secrets_onEveryWayOfFailing_appearNowhere(Container container) throws Exception {
        Map<String, String> refused = keys.refusedTokens();
        List<String> tokens = new ArrayList<>(refused.values());
        tokens.add(keys.readerToken());
        tokens.add(keys.writerToken());
        Secrets secrets = new Secrets(secretOnes(tokens));
        Application application = new Application();
        ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
                .permitAll("*", "/open")
                .require("*", "/manage", "manage:systems")
                .requireKey("*", "/**")
                .build();
        List<String> answers = new ArrayList<>();
        try (LogCapture log = LogCapture.start();
                ServletServer server = ServletServer.in(container)
                        .filter(filter, "/*")
                        .servlet(application, "/*", "/failing")
                        .start()) {
            for (String token : tokens) {
                answers.addAll(everyWayOf(server.port(), token));
            }
            assertThat(log.ours()).hasSizeGreaterThan(50);
            assertThat(log.lines())
                    .allSatisfy(line -> assertThat(secrets.foundIn(line.text()))
                            .as(line.text())
                            .isEmpty());
        }
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(secrets.foundIn(answer)).as(answer).isEmpty());
        assertThat(application.texts).isNotEmpty();
        assertThat(application.texts)
                .allSatisfy(text -> assertThat(secrets.foundIn(text)).as(text).isEmpty());
    }

    private static List<String> everyWayOf(int port, String token) {
        List<RawHttp.Answer> answers = List.of(
                RawHttp.get(port, "/x", "X-API-Key: " + token),
                RawHttp.get(port, "/x", "Authorization: Bearer " + token),
                RawHttp.get(port, "/x", "Authorization: Basic " + token),
                RawHttp.get(port, "/x", "Authorization: Bearer " + token, "X-API-Key: " + token),
                RawHttp.get(port, "/x", "X-API-Key: " + token + "," + token),
                RawHttp.get(port, "/manage", "X-API-Key: " + token),
                RawHttp.get(port, "/failing", "X-API-Key: " + token),
                RawHttp.get(port, "/open", "X-API-Key: " + token),
                RawHttp.get(port, "/x?api_key=" + token),
                RawHttp.get(port, "/x;token=" + token, "X-API-Key: " + token),
                RawHttp.get(port, "/x/" + token),
                RawHttp.request(port, "DELETE", "/manage", "X-API-Key: " + token));
        return answers.stream().map(RawHttp.Answer::toString).toList();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void secrets_inWhatAStoreThrows_appearNowhere(Container container) throws Exception {
        FaultyStore faulty = new FaultyStore();
        try (KeyService service = KeyService.builder(faulty).build()) {
            String token = FilterKeys.issue(
                            service, KeySpec.forUser("alice", "org_1").mode(Mode.READ))
                    .token()
                    .reveal();
            Secrets secrets = new Secrets(List.of(token));
            ApiKeyFilter filter =
                    ApiKeyFilter.builder(service).requireKey("*", "/**").build();
            try (LogCapture log = LogCapture.start();
                    ServletServer server = ServletServer.in(container)
                            .filter(filter, "/*")
                            .servlet(new Probe(), "/*")
                            .start()) {
                for (Throwable failure : List.of(
                        new StoreUnavailableException(token, new IllegalStateException(token)),
                        new IllegalStateException(token, new IllegalStateException(token)),
                        new AssertionError(token))) {
                    faulty.failBefore(StoreCall.FIND_CREDENTIAL, failure);
                    RawHttp.Answer answer = RawHttp.get(server.port(), "/x", "X-API-Key: " + token);
                    assertThat(answer.status()).isIn(500, 503);
                    assertThat(secrets.foundIn(answer.toString())).isEmpty();
                }
                assertThat(log.ours()).isNotEmpty();
                assertThat(log.lines())
                        .allSatisfy(line -> assertThat(secrets.foundIn(line.text()))
                                .as(line.text())
                                .isEmpty());
            }
        }
    }

    @Test
    void secrets_asText_areLeftOutOfEveryValue() {
        String token = keys.readerToken();
        ApiKeyFilterBuilder builder = ApiKeyFilter.builder(keys.service).requireKey("*", "/**");
        Verification accepted = keys.service.verify(token, ClientRequest.NONE);
        Verification rejected = keys.service.verify(FilterKeys.withOtherEnd(token));
        List<Object> values = List.of(
                keys.reader,
                keys.reader.key(),
                keys.reader.token(),
                keys.service,
                accepted,
                accepted.orElseThrow(),
                rejected,
                builder,
                builder.build(),
                new Credentials.One(token),
                TokenFormat.DEFAULT);
        Secrets secrets = new Secrets(List.of(token));
        assertThat(secrets.foundIn("before " + token + " after"))
                .as("the search itself")
                .hasSize(48 - 8 + 1);
        assertThat(values)
                .allSatisfy(
                        value -> assertThat(secrets.foundIn(value.toString())).isEmpty());
    }
}
