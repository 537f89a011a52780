package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apikeys.IssuedKey;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.servlet.FaultyStore.Moment;
import dev.apikeys.servlet.ManagementCalls.Target;
import dev.apikeys.servlet.TestServer.Container;
import dev.apikeys.spi.ApiKeyStore;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When something breaks, the answer says so and nothing else, and the log says where but no secret. */
class ManagementFaultTest {
    private static final String ALICE = "alice@org_1";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INTERNALS = "SELECT secret_hash FROM api_key WHERE id = ?";
    private static final String BODY_500 = "{\"code\":500,\"message\":\"internal server error\",\"data\":null}";
    private static final String BODY_503 = "{\"code\":503,\"message\":\"service unavailable\",\"data\":null}";

    private static List<Throwable> failures() {
        return List.of(
                new StoreUnavailableException(INTERNALS, new SQLException(INTERNALS)),
                new IllegalStateException(INTERNALS),
                new NullPointerException(INTERNALS),
                new UncheckedIOException(INTERNALS, new java.io.IOException(INTERNALS)),
                new SQLException(INTERNALS),
                new StackOverflowError(INTERNALS),
                new AssertionError(INTERNALS));
    }

    private static List<String> storeMethods() {
        return Arrays.stream(ApiKeyStore.class.getMethods())
                .map(Method::getName)
                .distinct()
                .toList();
    }

    private static HttpResponse<String> call(ManagementWorld world, Target target, String... headers) {
        return world.as(ALICE, target.method(), target.path(), ManagementCalls.body(target.route(), world), headers);
    }

    @ParameterizedTest
    @EnumSource
    void everyRoute_storeFailsInAnyWay_answersTheSameFewBytes(Container container) throws Exception {
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = ManagementWorld.in(container)
                        .policy(ManagementWorld.manyKeys())
                        .start()) {
            for (Route<?> route : world.routes()) {
                List<String> met = new ArrayList<>();
                for (String method : storeMethods()) {
                    for (Throwable failure : failures()) {
                        for (Moment moment : Moment.values()) {
                            UUID key = world.issue("alice", "org_1", "alice's")
                                    .key()
                                    .id();
                            world.store.failAt(method, moment, failure);
                            int logged = log.ours().size();
                            HttpResponse<String> answer = call(world, ManagementCalls.about(key, route, world));
                            world.store.heal();
                            if (answer.statusCode() < 400) {
                                continue;
                            }
                            met.add(method);
                            assertFault(answer, failure instanceof StoreUnavailableException);
                            assertThat(log.ours().subList(logged, log.ours().size()))
                                    .singleElement()
                                    .satisfies(line -> assertThat(line.text())
                                            .contains(
                                                    answer.headers()
                                                            .firstValue("X-Correlation-Id")
                                                            .orElseThrow(),
                                                    failure.getClass().getName())
                                            .doesNotContain("SELECT"));
                        }
                    }
                }
                assertThat(met)
                        .as(route.toString())
                        .hasSizeGreaterThanOrEqualTo(failures().size() * 2);
            }
        }
    }

    private static void assertFault(HttpResponse<String> answer, boolean unavailable) {
        assertThat(answer.body()).isEqualTo(unavailable ? BODY_503 : BODY_500);
        assertThat(answer.statusCode()).isEqualTo(unavailable ? 503 : 500);
        assertThat(answer.headers().allValues("Retry-After")).isEqualTo(unavailable ? List.of("1") : List.of());
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.headers().toString()).doesNotContain("SELECT", "Exception", "Error");
    }

    @ParameterizedTest
    @EnumSource
    void everyRoute_resolverFails_isNotCarriedOut(Container container) throws Exception {
        for (SessionResolver broken : List.<SessionResolver>of(
                request -> {
                    throw new IllegalStateException(INTERNALS);
                },
                request -> {
                    throw new AssertionError(INTERNALS);
                },
                request -> null,
                request -> Caller.session("a\nb"))) {
            try (LogCapture log = LogCapture.start();
                    ManagementWorld world =
                            ManagementWorld.in(container).sessions(broken).start()) {
                UUID key = world.issue("alice", "org_1", "alice's").key().id();
                ManagementCalls.Snapshot before = ManagementCalls.Snapshot.of(world);
                for (Route<?> route : world.routes()) {
                    assertFault(call(world, ManagementCalls.about(key, route, world)), false);
                }
                assertThat(ManagementCalls.Snapshot.of(world)).isEqualTo(before);
                assertThat(log.ours()).hasSameSizeAs(world.routes());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void create_ownerDirectoryFails_is503AndMintsNothing(Container container) throws Exception {
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = ManagementWorld.in(container)
                        .directory(owner -> {
                            throw new IllegalStateException(INTERNALS);
                        })
                        .start()) {
            Route<?> create = world.routes().stream()
                    .filter(route -> route.method().equals("POST"))
                    .findFirst()
                    .orElseThrow();

            assertFault(call(world, new Target(create, "")), true);
            assertThat(world.storedKeys()).isEmpty();
            assertThat(log.ours())
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).doesNotContain("SELECT"));
        }
    }

    /** At TRACE, through every way to fail. */
    @ParameterizedTest
    @EnumSource
    void passwordAndToken_throughEveryFailure_areInNoLogAndNoAnswer(Container container) throws Exception {
        String canary = "canary-" + UUID.randomUUID();
        List<String> answers = new ArrayList<>();
        String token;
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = ManagementWorld.in(container)
                        .policy(ManagementWorld.manyKeys())
                        .start()) {
            IssuedKey issued = world.issue("alice", "org_1", "alice's");
            token = issued.token().reveal();
            for (String body : List.of(
                    "{\"name\":\"a\",\"mode\":\"read\",\"password\":\"" + canary + "\"}",
                    "{\"name\":\"\",\"mode\":\"x\",\"password\":\"" + canary + "\"}",
                    "{\"name\":\"a\",\"mode\":\"read\",\"password\":[\"" + canary + "\"]}",
                    "{\"name\":\"a\",\"mode\":\"read\",\"password\":{\"" + canary + "\":1}}",
                    "{\"name\":\"a\",\"mode\":\"read\",\"password\":" + canary + "}",
                    "{\"password\":\"" + canary,
                    "{\"password\":\"" + canary + "\",\"password\":\"" + canary + "\"}",
                    "{\"password\":\"" + canary + "\"} " + canary,
                    "{\"" + canary + "\":1,\"" + canary + "\":2}",
                    "{\"password\":\"" + canary + "\\q\"}",
                    canary)) {
                for (String who : List.of(ALICE, "job", "nobody\u0001")) {
                    answers.add(world.as(who.replace("\u0001", ""), "POST", "", body)
                            .body());
                }
                answers.add(world.as(ALICE, "POST", "", body, "Authorization", "Bearer " + token)
                        .body());
                answers.add(world.as(ALICE, "POST", "", body, "Origin", "https://evil.example")
                        .body());
                answers.add(world.as(ALICE, "PUT", "", body).body());
                answers.add(world.as(ALICE, "DELETE", "/" + issued.key().id() + "x", body)
                        .body());
            }
            for (Throwable failure : failures()) {
                world.store.failAt("insert", Moment.BEFORE, failure);
                answers.add(world.as(ALICE, "POST", "", valid()).body());
                world.store.failAt("insert", Moment.AFTER, failure);
                answers.add(world.as(ALICE, "POST", "", valid()).body());
                world.store.failAt("findCredential", Moment.BEFORE, failure);
                answers.add(world.as(ALICE, "GET", "", "", "X-API-Key", FilterKeys.unknownToken())
                        .body());
                world.store.heal();
            }
            answers.add(world.as(ALICE, "GET", "", "", "X-API-Key", FilterKeys.withOtherEnd(token))
                    .body());
            answers.add(world.as(
                            ALICE,
                            "POST",
                            "",
                            valid().replace(ManagementWorld.PASSWORD, ManagementWorld.EXPLOSIVE_PASSWORD))
                    .body());
            answers.add(world.as(ALICE, "GET", "", "").body());
            answers.add(world.as(ALICE, "GET", "/audit", "").body());

            String minted = JSON.readTree(world.as(ALICE, "POST", "", valid()).body())
                    .at("/data/token")
                    .textValue();

            String seen = String.join(
                    "\n", log.lines().stream().map(LogCapture.Line::text).toList());
            assertThat(seen).as("the log was captured").contains("a management call failed");
            Secrets secrets = new Secrets(List.of(
                    token,
                    minted,
                    "." + canary,
                    "." + ManagementWorld.PASSWORD,
                    "." + ManagementWorld.EXPLOSIVE_PASSWORD));
            assertThat(secrets.foundIn(seen)).isEmpty();
            assertThat(secrets.foundIn(String.join("\n", answers))).isEmpty();
        }
    }

    private static String valid() {
        return "{\"name\":\"a\",\"mode\":\"read\",\"password\":\"" + ManagementWorld.PASSWORD + "\"}";
    }

    @ParameterizedTest
    @EnumSource
    void logLines_whateverTheCallerSends_areOneLineEach(Container container) throws Exception {
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = ManagementWorld.in(container).start()) {
            for (String hostile : List.of("\\r\\nERROR forged", "\\u001b[31m", "\\u202e", "\\u2028forged")) {
                String body = valid().replace("\"a\"", "\"" + hostile + "\"");
                world.as(ALICE, "POST", "", body);
                world.as(
                        ALICE,
                        "POST",
                        "",
                        valid().replace(ManagementWorld.PASSWORD, ManagementWorld.EXPLOSIVE_PASSWORD));
            }
            world.store.failAt("list", Moment.BEFORE, new IllegalStateException("\r\nERROR forged \u001b[31m\u2028"));
            world.as(ALICE, "GET", "", "", "User-Agent", "x\u00851b[31m");
            RawHttp.get(
                    world.server.port(),
                    ManagementWorld.MOUNT + "?x=%0d%0aforged",
                    "Cookie: session=" + ALICE,
                    "User-Agent: \u001b[31mforged");
            world.store.failAt("apply", Moment.BEFORE, new IllegalStateException("forged"));
            RawHttp.request(
                    world.server.port(),
                    "DELETE",
                    ManagementWorld.MOUNT + "/%0d%0aforged%1b",
                    "Cookie: session=" + ALICE);

            assertThat(log.ours()).isNotEmpty().allSatisfy(line -> {
                assertThat(line.text().strip().codePoints())
                        .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202E);
                assertThat(line.text()).doesNotContain("forged");
            });
        }
    }
}
