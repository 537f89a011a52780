package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.apikeys.Actor;
import dev.apikeys.AuditEntry;
import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.ClientRequest;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.PageRequest;
import dev.apikeys.Rejection;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testservers.Dispatching;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** 50 requests per second and key, 100 at once, in real containers, by a clock that stands still. */
class RateLimitTest {
    private static final RateQuota QUOTA = RateQuota.perSecond(50).burst(100);
    private static final String POLICY = "\"per-key\";q=100;w=2";
    private static final String TOO_OFTEN_429 = """
            HTTP/1.1 429
            cache-control: no-store
            content-length: 72
            content-type: application/json
            ratelimit-policy: "per-key";q=100;w=2
            ratelimit: "per-key";r=0;t=1
            retry-after: 1
            vary: Authorization, X-API-Key
            x-content-type-options: nosniff

            {"error":"rate_limited","message":"too many requests with this API key"}""";

    private final SettableClock clock = new SettableClock();
    private final TestMeter time = new TestMeter();
    private final KeyService keys =
            KeyService.builder(new InMemoryApiKeyStore()).clock(clock).build();
    private final IssuedKey alice = issue("alice");
    private final IssuedKey bob = issue("bob");
    private final Probe probe = new Probe();
    private RateLimit limit = Bucket4jRateLimit.local(QUOTA, time);

    @AfterEach
    void tearDown() {
        keys.close();
    }

    private IssuedKey issue(String user) {
        return FilterKeys.issue(keys, KeySpec.forUser(user, "org_1").mode(Mode.READ));
    }

    private ServletServer start(Container container) throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys)
                .permitAll("*", "/public/**")
                .require("*", "/read/**", "read:systems")
                .require("*", "/manage/**", "manage:systems")
                .rateLimit(limit)
                .build();
        return ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(new Dispatching(), "/public/go", "/read/go")
                .servlet(probe, "/public/x", "/read/x", "/manage/x", "/nowhere")
                .errorPage(418, "/read/x")
                .start();
    }

    private static HttpResponse<String> get(ServletServer server, String path, IssuedKey key) {
        return Http.get(server.uri(path), "X-API-Key", key.token().reveal());
    }

    /** The statuses of so many requests. */
    private static List<Integer> statuses(int requests, ServletServer server, String path, IssuedKey key) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            statuses.add(get(server, path, key).statusCode());
        }
        return statuses;
    }

    private static List<Integer> times(int count, int status) {
        return Stream.generate(() -> status).limit(count).toList();
    }

    private static void assertLeft(HttpHeaders headers, String left) {
        assertThat(headers.allValues("RateLimit-Policy")).containsExactly(POLICY);
        assertThat(headers.allValues("RateLimit")).containsExactly("\"per-key\";" + left);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void burst_isLetThrough_andTheRateAfterIt(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            assertThat(statuses(100, server, "/read/x", alice)).isEqualTo(times(100, 200));
            assertThat(statuses(10, server, "/read/x", alice)).isEqualTo(times(10, 429));
            time.advance(Duration.ofMillis(20));
            assertThat(statuses(2, server, "/read/x", alice)).containsExactly(200, 429);
            time.advance(Duration.ofSeconds(1));
            assertThat(statuses(50, server, "/read/x", alice)).isEqualTo(times(50, 200));
            assertThat(get(server, "/read/x", alice).statusCode()).isEqualTo(429);
            assertThat(probe.runs()).isEqualTo(151);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void answers_tellTheQuota(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            assertLeft(get(server, "/read/x", alice).headers(), "r=99;t=1");
            statuses(49, server, "/read/x", alice);
            assertLeft(get(server, "/read/x", alice).headers(), "r=49;t=2");
            statuses(48, server, "/read/x", alice);
            assertLeft(get(server, "/read/x", alice).headers(), "r=0;t=2");

            String credential = "X-API-Key: " + alice.token().reveal();
            assertThat(RawHttp.get(server.port(), "/read/x", credential).golden())
                    .isEqualTo(TOO_OFTEN_429);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void retryAfter_isWholeSecondsUntilTheNextRequest(Container container) throws Exception {
        limit = Bucket4jRateLimit.local(RateQuota.perMinute(7).burst(1), time);
        try (ServletServer server = start(container)) {
            HttpHeaders allowed = get(server, "/read/x", alice).headers();
            assertThat(allowed.allValues("RateLimit-Policy")).containsExactly("\"per-key\";q=1;w=9");
            assertThat(allowed.allValues("RateLimit")).containsExactly("\"per-key\";r=0;t=9");
            time.advance(Duration.ofMillis(2_500));
            HttpResponse<String> refused = get(server, "/read/x", alice);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().allValues("Retry-After")).containsExactly("7");
            assertThat(refused.headers().allValues("RateLimit")).containsExactly("\"per-key\";r=0;t=7");
            time.advance(Duration.ofSeconds(7));
            assertThat(get(server, "/read/x", alice).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void keys_doNotInfluenceEachOther_andRotationResetsNothing(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            assertThat(statuses(100, server, "/read/x", alice)).isEqualTo(times(100, 200));
            assertThat(get(server, "/read/x", alice).statusCode()).isEqualTo(429);
            assertLeft(get(server, "/read/x", bob).headers(), "r=99;t=1");

            IssuedKey rotated = keys.rotate(KeyRef.of(alice.key().id()), Actor.of("alice"));
            assertThat(get(server, "/read/x", rotated).statusCode()).isEqualTo(429);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void requests_thatNoKeyLetIn_countForNobody(Container container) throws Exception {
        String wrong = FilterKeys.withOtherEnd(alice.token().reveal());
        try (ServletServer server = start(container)) {
            for (int i = 0; i < 150; i++) {
                HttpResponse<String> refused = Http.get(server.uri("/read/x"), "X-API-Key", wrong);
                assertThat(refused.statusCode()).isEqualTo(401);
                assertThat(refused.headers().firstValue("RateLimit")).isEmpty();
            }
            assertThat(Http.get(server.uri("/read/x")).statusCode()).isEqualTo(401);
            assertThat(statuses(150, server, "/public/x", alice)).isEqualTo(times(150, 200));
            assertThat(get(server, "/public/x", alice).headers().firstValue("RateLimit"))
                    .isEmpty();
            assertLeft(get(server, "/read/x", alice).headers(), "r=99;t=1");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void requests_beyondTheKeysScopes_countToo(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            HttpResponse<String> forbidden = get(server, "/manage/x", alice);
            assertThat(forbidden.statusCode()).isEqualTo(403);
            assertThat(forbidden.headers().firstValue("WWW-Authenticate"))
                    .hasValue("Bearer error=\"insufficient_scope\", scope=\"manage:systems\"");
            assertLeft(forbidden.headers(), "r=99;t=1");
            assertLeft(get(server, "/nowhere", alice).headers(), "r=98;t=1");
            assertThat(statuses(98, server, "/manage/x", alice)).isEqualTo(times(98, 403));
            assertThat(get(server, "/manage/x", alice).statusCode()).isEqualTo(429);
            assertThat(get(server, "/read/x", alice).statusCode()).isEqualTo(429);
        }
        assertThat(probe.runs()).isZero();
    }

    static Stream<Arguments> dispatches() {
        return Stream.of(Container.values())
                .flatMap(container -> Stream.of("forward", "include", "async", "async-wrapped", "error", "async async")
                        .flatMap(ways ->
                                // An error page is no target: for a request that was let in without a key, none is
                                // read.
                                Stream.of("/read/go", "/public/go")
                                        .filter(from -> !ways.equals("error") || from.equals("/read/go"))
                                        .map(from -> Arguments.of(container, ways, from))));
    }

    @ParameterizedTest
    @MethodSource("dispatches")
    void dispatches_insideTheContainer_countOnceTogether(Container container, String ways, String from)
            throws Exception {
        String path = Dispatching.path(from, "/read/x", ways.split(" "));
        try (ServletServer server = start(container)) {
            HttpHeaders headers = get(server, path, alice).headers();
            if (!ways.equals("include")) {
                assertLeft(headers, "r=99;t=1");
            }
            assertLeft(get(server, "/read/x", alice).headers(), "r=98;t=1");
            statuses(98, server, "/read/x", alice);
            int runs = probe.runs();

            HttpResponse<String> refused = get(server, path, alice);

            assertThat(probe.runs()).isEqualTo(runs);
            boolean begun = from.equals("/public/go") && ways.equals("include");
            assertThat(refused.statusCode()).isEqualTo(begun ? 200 : 429);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void threads_neverGetMoreThanTheBurst(Container container) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try (ServletServer server = start(container)) {
            List<Future<List<Integer>>> running = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                running.add(threads.submit(() -> statuses(5, server, "/read/x", alice)));
            }
            int passed = 0;
            for (Future<List<Integer>> one : running) {
                assertThat(one.get()).containsAnyOf(200, 429).isSubsetOf(200, 429);
                passed +=
                        (int) one.get().stream().filter(status -> status == 200).count();
            }
            assertThat(passed).isEqualTo(100);
            assertThat(probe.runs()).isEqualTo(100);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void refusals_areCountedAll_andAuditedAFewTimesAMinute(Container container) throws Exception {
        try (ServletServer server = start(container)) {
            assertThat(statuses(300, server, "/read/x", alice))
                    .endsWith(times(200, 429).toArray(Integer[]::new));
            assertThat(keys.stats().rejected()).containsEntry(Rejection.RATE_LIMITED, 200L);
            assertThat(audited()).hasSize(5).allSatisfy(entry -> {
                assertThat(entry.keyId()).isEqualTo(alice.key().id());
                assertThat(entry.request()).isEqualTo(new ClientRequest("127.0.0.1", "GET", "/read/x"));
            });

            clock.advance(Duration.ofMinutes(1));
            assertThat(statuses(50, server, "/read/x", alice)).isEqualTo(times(50, 429));
            assertThat(audited()).hasSize(10);
        }
    }

    private List<AuditEntry> audited() {
        keys.flush();
        return keys.audit(AuditFilter.everything().event(AuditEvent.RATE_LIMITED), PageRequest.first(100))
                .items();
    }

    /** Off by default. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void filter_withoutLimit_limitsNothingAndTellsNothing(Container container) throws Exception {
        ApiKeyFilter filter = ApiKeyFilter.builder(keys).requireKey("*", "/**").build();
        try (ServletServer server = ServletServer.in(container)
                .filter(filter, "/*")
                .servlet(probe, "/*")
                .start()) {
            assertThat(statuses(300, server, "/x", alice)).isEqualTo(times(300, 200));
            assertThat(get(server, "/x", alice).headers().map()).doesNotContainKeys("ratelimit", "ratelimit-policy");
        }
    }

    /** No number of a structured field is longer (RFC 9651 section 3.3.1). */
    @ParameterizedTest
    @EnumSource(Container.class)
    void numbers_thatNoFieldHolds_areTheGreatestThatOneHolds(Container container) throws Exception {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        String most = "999999999999999";
        limit = principal -> new RateLimit.Decision.Allowed(QUOTA, Long.MAX_VALUE, forever);
        try (ServletServer server = start(container)) {
            assertLeft(get(server, "/read/x", alice).headers(), "r=" + most + ";t=" + most);
        }
        limit = principal -> new RateLimit.Decision.Refused(QUOTA, forever);
        try (ServletServer server = start(container)) {
            HttpResponse<String> refused = get(server, "/read/x", alice);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().allValues("Retry-After")).containsExactly(most);
            assertLeft(refused.headers(), "r=0;t=" + most);
        }
    }

    /** A decision that fails denies, this one as every other. */
    @ParameterizedTest
    @EnumSource(Container.class)
    void limit_thatThrows_denies(Container container) throws Exception {
        for (Throwable failure : List.of(new IllegalStateException("x"), new NoClassDefFoundError("x"))) {
            limit = principal -> {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            };
            try (LogCapture log = LogCapture.start();
                    ServletServer server = start(container)) {
                assertThat(get(server, "/read/x", alice).statusCode()).isEqualTo(500);
                assertThat(log.ours())
                        .filteredOn(line -> line.level().isGreaterOrEqual(Level.WARN))
                        .hasSize(1);
            }
        }
        assertThat(probe.runs()).isZero();
    }
}
