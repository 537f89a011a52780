package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Scopes;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.servlet.internal.TokenCheck;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.Secrets;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever fails while a request is decided about, it denies, and the answer tells nothing of it. */
@Tag("tr-skip") // A fault knows no locale.
class FilterFaultTest {
    private static final String BODY_500 = "{\"error\":\"internal_error\",\"message\":\"internal server error\"}";
    private static final String BODY_503 = "{\"error\":\"unavailable\",\"message\":\"try again in a moment\"}";
    private static final String SECRET_TEXT = "SELECT secret_hash FROM api_key WHERE token = ";

    private final LogCapture log = LogCapture.start();
    private final FaultyStore faulty = new FaultyStore();
    private final AtomicReference<Throwable> directoryFailure = new AtomicReference<>();
    private final Probe probe = new Probe();

    private final KeyService keys = KeyService.builder(faulty)
            .ownerDirectory(owner -> {
                sneakyThrow(directoryFailure.get());
                return OwnerDirectory.State.active(Scopes.ALL);
            })
            .ownerStateMaxAge(Duration.ZERO)
            .build();

    private final ApiKeyFilter filter =
            ApiKeyFilter.builder(keys).requireKey("*", "/**").build();

    @AfterEach
    void tearDown() {
        faulty.heal();
        keys.close();
        log.close();
    }

    /** What may be thrown, and the status that it must lead to. */
    private static Map<Throwable, Integer> failures(String token) {
        String message = SECRET_TEXT + token;
        Map<Throwable, Integer> failures = new LinkedHashMap<>();
        failures.put(new StoreUnavailableException(message), 503);
        failures.put(new IllegalStateException(message, new SQLException(message)), 503);
        failures.put(new NullPointerException(message), 503);
        failures.put(new SQLException(message), 503);
        failures.put(new AssertionError(message), 500);
        failures.put(new StackOverflowError(message), 500);
        failures.put(new NoClassDefFoundError(message), 500);
        return failures;
    }

    /** Also what the signature doesn't let through, as careless adapters do. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneakyThrow(Throwable failure) throws T {
        if (failure != null) {
            throw (T) failure;
        }
    }

    private String freshToken() {
        IssuedKey issued =
                FilterKeys.issue(keys, KeySpec.forOrganization("org_1").mode(Mode.READ));
        return issued.token().reveal();
    }

    private void failLoads(boolean before, Throwable failure) {
        if (before) {
            faulty.failBefore(StoreCall.FIND_CREDENTIAL, failure);
        } else {
            faulty.failAfter(StoreCall.FIND_CREDENTIAL, failure);
        }
    }

    private ServletServer start(Container container) throws Exception {
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(probe, "/*")
                .start();
    }

    private static void assertDenied(HttpResponse<String> answer, int status, String what) {
        assertThat(answer.statusCode()).as(what).isEqualTo(status);
        assertThat(answer.body()).as(what).isEqualTo(status == 503 ? BODY_503 : BODY_500);
        assertThat(answer.headers().allValues("Retry-After")).isEqualTo(status == 503 ? List.of("1") : List.of());
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.headers().allValues("WWW-Authenticate")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void store_thatFailsInAnyWay_admitsNobody(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            for (boolean before : List.of(true, false)) {
                String token = freshToken();
                int runs = probe.runs();
                failures(token).forEach((failure, status) -> {
                    failLoads(before, failure);
                    String what = before + " " + failure.getClass().getName();
                    assertDenied(Http.get(server.uri("/x"), "X-API-Key", token), status, what);
                });
                faulty.heal();
                faulty.answer(StoreCall.FIND_CREDENTIAL, null);
                assertThat(Http.get(server.uri("/x"), "X-API-Key", token).statusCode())
                        .isIn(500, 503);
                assertThat(probe.runs()).isEqualTo(runs);
                faulty.heal();
                assertThat(Http.get(server.uri("/x"), "X-API-Key", token).statusCode())
                        .as("after the store came back")
                        .isEqualTo(200);
                failLoads(before, new StoreUnavailableException("gone"));
                assertThat(Http.get(server.uri("/x"), "X-API-Key", FilterKeys.withOtherEnd(token))
                                .statusCode())
                        .as("a cached key with another secret")
                        .isEqualTo(401);
                faulty.heal();
            }
        }
    }

    /** Nothing else of the store takes part in a decision, so its failures change none. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void storeMethods_thatFailBesideADecision_changeNothing(Container container) throws Exception {
        String token = freshToken();
        try (ServletServer server = start(container)) {
            for (StoreCall call : EnumSet.complementOf(EnumSet.of(StoreCall.FIND_CREDENTIAL))) {
                for (Throwable failure : failures(token).keySet()) {
                    faulty.heal();
                    faulty.failBefore(call, failure);
                    assertThat(Http.get(server.uri("/x"), "X-API-Key", token).statusCode())
                            .isEqualTo(200);
                    assertThat(Http.get(server.uri("/x"), "X-API-Key", FilterKeys.withOtherEnd(token))
                                    .statusCode())
                            .isEqualTo(401);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void ownerDirectory_thatFailsInAnyWay_admitsNobody(Container container) throws Exception {
        String token = freshToken();
        try (ServletServer server = start(container)) {
            failures(token).forEach((failure, status) -> {
                directoryFailure.set(failure);
                HttpResponse<String> answer = Http.get(server.uri("/x"), "X-API-Key", token);
                assertDenied(answer, status, failure.getClass().getName());
            });
            assertThat(probe.runs()).isZero();
            directoryFailure.set(null);
            assertThat(Http.get(server.uri("/x"), "X-API-Key", token).statusCode())
                    .isEqualTo(200);
        }
    }

    /** The container itself may fail: at each call that the filter makes of the request, one after the other. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void request_thatFailsAtAnyCall_isDenied(Container container) throws Exception {
        String token = freshToken();
        AtomicInteger callsLeft = new AtomicInteger();
        // The filter is called from here and not by the container, which calls the request as well.
        Filter calling =
                (request, response, chain) -> filter.doFilter(failing(request, callsLeft), response, (in, out) -> {
                    callsLeft.set(Integer.MAX_VALUE);
                    chain.doFilter(request, out);
                });
        try (ServletServer server = ServletServer.in(container)
                .filter(calling, "/*")
                .servlet(probe, "/*")
                .start()) {
            int step = 0;
            HttpResponse<String> answer;
            do {
                callsLeft.set(step++);
                answer = Http.get(server.uri("/x"), "X-API-Key", token);
                if (answer.statusCode() != 200) {
                    assertDenied(answer, 500, "step " + step);
                    assertThat(probe.runs()).isZero();
                }
            } while (answer.statusCode() != 200);
            assertThat(step).as("calls that could fail").isGreaterThan(8);
        }
    }

    private static HttpServletRequest failing(Object request, AtomicInteger callsLeft) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                FilterFaultTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> {
                    if (callsLeft.getAndDecrement() == 0) {
                        throw new IllegalStateException("as planned");
                    }
                    try {
                        return method.invoke(request, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /** What failed once is not tried again by the next dispatch of the same request. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void fault_holdsForTheWholeRequest(Container container) throws Exception {
        HttpServlet including = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                request.getRequestDispatcher("/x").include(request, response);
                directoryFailure.set(null);
                request.getRequestDispatcher("/x").include(request, response);
                response.getWriter().print("end");
            }
        };
        String token = freshToken();
        ApiKeyFilter open = ApiKeyFilter.builder(keys)
                .permitAll("*", "/open")
                .requireKey("*", "/**")
                .build();
        try (ServletServer server = ServletServer.in(container)
                .filter(open, "/*")
                .servlet(including, "/open")
                .servlet(probe, "/x")
                .start()) {
            for (Throwable failure : failures(token).keySet()) {
                directoryFailure.set(failure);
                assertThat(Http.get(server.uri("/open"), "X-API-Key", token).body())
                        .isEqualTo("end");
            }
            assertThat(probe.runs()).isZero();
            assertThat(Http.get(server.uri("/open"), "X-API-Key", token).body())
                    .isEqualTo("reached as org_1reached as org_1end");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void fault_isLoggedOnceUnderTheIdThatTheClientGets(Container container) throws Exception {
        String token = freshToken();
        try (ServletServer server = start(container)) {
            faulty.failBefore(StoreCall.FIND_CREDENTIAL, new AssertionError(SECRET_TEXT + token));
            HttpResponse<String> answer = Http.get(server.uri("/x"), "X-API-Key", token);
            String id = answer.headers().firstValue("X-Correlation-Id").orElseThrow();
            assertThat(log.lines())
                    .filteredOn(line -> line.level().isGreaterOrEqual(Level.WARN))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.level()).isEqualTo(Level.ERROR);
                        assertThat(line.logger()).isEqualTo(TokenCheck.class.getName());
                        assertThat(line.text()).contains(id, "java.lang.AssertionError at ");
                    });
            assertThat(String.join(
                            "", log.lines().stream().map(LogCapture.Line::text).toList()))
                    .doesNotContain(SECRET_TEXT)
                    .satisfies(text -> assertThat(new Secrets(List.of(token)).foundIn(text))
                            .isEmpty());
            assertThat(Arrays.asList(answer.body(), answer.headers().toString()))
                    .noneMatch(text -> text.contains("AssertionError") || text.contains("SELECT"));
        }
    }
}
