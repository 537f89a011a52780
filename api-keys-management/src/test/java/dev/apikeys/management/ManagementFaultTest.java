package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.StoreUnavailableException;
import dev.apikeys.management.AllCalls.Target;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.ServletServer.Container;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** When something breaks, the answer says so and nothing else, and the log says where but no secret. */
@Tag("tr-skip") // A fault knows no locale.
class ManagementFaultTest {
    private static final String INTERNALS = "SELECT secret_hash FROM api_key WHERE id = ?";

    /** What may be granted is the host's to say, and the rest is settled when the servlet is built. */
    private static final Set<String> WITHOUT_STORE = Set.of("/scopes", "/settings", "/mcp/explain");

    static List<Throwable> failures() {
        return List.of(
                new StoreUnavailableException(INTERNALS, new SQLException(INTERNALS)),
                new IllegalStateException(INTERNALS),
                new NullPointerException(INTERNALS),
                new UncheckedIOException(INTERNALS, new java.io.IOException(INTERNALS)),
                new SQLException(INTERNALS),
                new StackOverflowError(INTERNALS),
                new AssertionError(INTERNALS));
    }

    private static List<StoreCall> storeCalls() {
        return Arrays.stream(StoreCall.values())
                .filter(call -> !call.comesByItself())
                .toList();
    }

    private static void fail(FaultyStore store, StoreCall call, boolean before, Throwable failure) {
        if (before) {
            store.failBefore(call, failure);
        } else {
            store.failAfter(call, failure);
        }
    }

    private static HttpResponse<String> call(
            ManagementWorld world, ManagedFamily family, Target target, String... headers) {
        return world.as(family.insider, target.method(), target.path(), AllCalls.body(target.route(), world), headers);
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void everyRoute_storeFailsInAnyWay_answersTheSameFewBytes(Container container, ManagedFamily family)
            throws Exception {
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = ManagementWorld.in(container)
                        .serving(family)
                        .policy(ManagementWorld.manyKeys())
                        .start()) {
            for (Route<?> route : world.routes()) {
                List<String> met = new ArrayList<>();
                for (StoreCall call : storeCalls()) {
                    for (Throwable failure : failures()) {
                        for (boolean before : List.of(true, false)) {
                            UUID key = world.issue("alice", "org_1", "alice's")
                                    .key()
                                    .id();
                            fail(world.store, call, before, failure);
                            int logged = log.ours().size();
                            HttpResponse<String> answer = call(world, family, AllCalls.about(key, route, world));
                            world.store.heal();
                            if (answer.statusCode() < 400) {
                                continue;
                            }
                            met.add(call.name());
                            assertFault(family, answer, failure instanceof StoreUnavailableException);
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
                // Every other route asks the store.
                assertThat(met)
                        .as(route.toString())
                        .hasSizeGreaterThanOrEqualTo(
                                WITHOUT_STORE.contains(route.path())
                                        ? 0
                                        : failures().size() * 2);
            }
        }
    }

    private static void assertFault(ManagedFamily family, HttpResponse<String> answer, boolean unavailable) {
        assertThat(answer.body()).isEqualTo(family.fault(unavailable ? 503 : 500));
        assertThat(answer.statusCode()).isEqualTo(unavailable ? 503 : 500);
        assertThat(answer.headers().allValues("Retry-After")).isEqualTo(unavailable ? List.of("1") : List.of());
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.headers().toString()).doesNotContain("SELECT", "Exception", "Error");
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void everyRoute_resolverFails_isNotCarriedOut(Container container, ManagedFamily family) throws Exception {
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
                    ManagementWorld world = ManagementWorld.in(container)
                            .serving(family)
                            .sessions(broken)
                            .start()) {
                UUID key = world.issue("alice", "org_1", "alice's").key().id();
                AllCalls.Snapshot before = AllCalls.Snapshot.of(world);
                for (Route<?> route : world.routes()) {
                    assertFault(family, call(world, family, AllCalls.about(key, route, world)), false);
                }
                assertThat(AllCalls.Snapshot.of(world)).isEqualTo(before);
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

            assertFault(ManagedFamily.PERSONAL, call(world, ManagedFamily.PERSONAL, new Target(create, "")), true);
            assertThat(world.storedKeys()).isEmpty();
            assertThat(log.ours())
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).doesNotContain("SELECT"));
        }
    }
}
