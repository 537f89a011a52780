package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyOptions.SelfRevocation;
import dev.apikeys.StoreUnavailableException;
import dev.apikeys.spi.OwnerDirectory;
import dev.apikeys.spi.StepUp;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testservers.LogCapture;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.SQLTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every route of every family answers where little is usual; that the envelopes are right is held against OpenAPI. */
class ManagementRareStatusTest {
    private static final String NEVER_ISSUED =
            "myk_a1b2c3d4e5f60718293a4b5c.0011223344556677889900aabbccddeeff00112233445566";

    private final AtomicBoolean identityFails = new AtomicBoolean();

    private ManagementWorld world(Container container, ManagedFamily family) throws Exception {
        return ManagementWorld.in(container)
                .serving(family)
                .policy(ManagementWorld.manyKeys())
                .directory(owner -> {
                    if (identityFails.get()) {
                        throw new IllegalStateException("no route to the directory");
                    }
                    return OwnerDirectory.everyoneActive().stateOf(owner);
                })
                .start();
    }

    /** All routes, those for keys included. */
    private static List<Route<?>> routes(ManagementWorld world, ManagedFamily family) {
        return family.family(world).codec().routes();
    }

    private static IssuedKey issue(ManagementWorld world, ManagedFamily family) {
        return world.keys.issue(
                family.spec("alice", "org_1").named("a").with(KeyOptions.DEFAULT.with(SelfRevocation.ALLOWED)));
    }

    /** A call by a caller who may make it, with more headers. */
    private static HttpResponse<String> call(
            ManagementWorld world, ManagedFamily family, Route<?> route, IssuedKey key, String body, String... more) {
        String path = AllCalls.about(key.key().id(), route, world).path();
        Stream<String> caller = route.access() == Route.Access.KEY
                ? Stream.of("X-API-Key", key.token().reveal())
                : Stream.of("Cookie", "session=" + family.insider);
        return world.call(
                route.method(),
                path,
                body,
                Stream.concat(caller, Arrays.stream(more)).toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void everyRoute_severalCredentialsOrABodyThatIsNone_isRefused(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = world(container, family)) {
            for (Route<?> route : routes(world, family)) {
                IssuedKey key = issue(world, family);
                String[] several = {"Authorization", "Bearer a", "X-API-Key", "b"};
                assertThat(world.call(
                                        route.method(),
                                        AllCalls.about(key.key().id(), route, world)
                                                .path(),
                                        "",
                                        several)
                                .statusCode())
                        .isEqualTo(400);
                if (route.changesState()) {
                    assertThat(tooLong(container, world, family, route, key).status())
                            .isEqualTo(413);
                    assertThat(call(world, family, route, key, "x", "Content-Type", "text/plain")
                                    .statusCode())
                            .isEqualTo(415);
                }
            }
        }
    }

    /** Jetty answers at once, and a client that is still sending may miss it; Tomcat waits for what was announced. */
    private static RawHttp.Answer tooLong(
            Container container, ManagementWorld world, ManagedFamily family, Route<?> route, IssuedKey key) {
        int length = RequestBody.MAX_LENGTH + 1;
        String caller = route.access() == Route.Access.KEY
                ? "X-API-Key: " + key.token().reveal()
                : "Cookie: session=" + family.insider;
        String path = AllCalls.about(key.key().id(), route, world).path();
        return RawHttp.send(
                world.server.port(),
                route.method() + " " + family.mount + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                        + caller + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n"
                        + (container == Container.TOMCAT ? " ".repeat(length) : ""));
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void everyChange_whileOthersChangeTheKeyEachTime_isAConflict(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = world(container, family)) {
            for (Route<?> route : routes(world, family)) {
                IssuedKey key = issue(world, family);
                if (!AllCalls.writes(route) || route.path().isEmpty()) {
                    continue;
                }
                AllCalls.prepare(key.key().id(), route, world);
                String body = AllCalls.body(route, world);
                String[] type = body.isEmpty() ? new String[0] : new String[] {"Content-Type", "application/json"};
                world.store.answer(StoreCall.APPLY, Optional.empty());
                assertThat(call(world, family, route, key, body, type).statusCode())
                        .as(route.toString())
                        .isEqualTo(409);
                world.store.heal();
            }
        }
    }

    /** With a key, which only the store and the directory can tell about, whatever the route. */
    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void everyRoute_calledWithAKeyOfWhichNobodyCanTell_saysWhoFailed(Container container, ManagedFamily family)
            throws Exception {
        boolean tellsThemApart = family == ManagedFamily.WORKSPACE;
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = world(container, family)) {
            for (Route<?> route : routes(world, family)) {
                IssuedKey key = issue(world, family);
                String path = AllCalls.about(key.key().id(), route, world).path();

                world.store.failBefore(StoreCall.FIND_CREDENTIAL, new StoreUnavailableException("away"));
                assertThat(status(world, route, path, NEVER_ISSUED)).isEqualTo(503);
                world.store.failBefore(
                        StoreCall.FIND_CREDENTIAL,
                        StoreUnavailableException.timedOut("slow", new SQLTimeoutException()));
                assertThat(status(world, route, path, NEVER_ISSUED)).isEqualTo(tellsThemApart ? 504 : 503);
                world.store.heal();

                identityFails.set(true);
                world.keys.ownerChanged(key.key().owner());
                assertThat(status(world, route, path, key.token().reveal())).isEqualTo(tellsThemApart ? 502 : 503);
                identityFails.set(false);
                assertThat(log.ours()).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void revocationByTheKeyItself_storeBreaks_isAnInternalError(Container container) throws Exception {
        try (LogCapture log = LogCapture.start();
                ManagementWorld world = world(container, ManagedFamily.WORKSPACE)) {
            IssuedKey key = issue(world, ManagedFamily.WORKSPACE);
            world.store.failBefore(StoreCall.APPLY, new IllegalStateException("broken"));
            assertThat(world.call(
                                    "DELETE",
                                    "/self",
                                    "",
                                    "X-API-Key",
                                    key.token().reveal())
                            .statusCode())
                    .isEqualTo(500);
            assertThat(log.ours()).isNotEmpty();
        }
    }

    private static int status(ManagementWorld world, Route<?> route, String path, String token) {
        return world.call(route.method(), path, "", "X-API-Key", token).statusCode();
    }

    @ParameterizedTest
    @EnumSource
    void hostsCode_thatThrowsACheckedException_isABadGatewayOrTooSlow(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(ManagedFamily.TENANT)
                .settings(
                        servlet -> servlet.stepUp((user, typed) -> undeclared(new IOException("as Kotlin throws it"))))
                .start()) {
            assertThat(world.as("alice@org_1", "POST", "", "{\"name\":\"a\",\"password\":\"p\"}")
                            .statusCode())
                    .isEqualTo(502);
            assertThat(world.storedKeys()).isEmpty();
        }
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(ManagedFamily.WORKSPACE)
                .catalogue((caller, owner) -> undeclared(new TimeoutException("as Kotlin throws it")))
                .start()) {
            assertThat(world.as("alice@org_1", "POST", "", "{\"name\":\"a\"}").statusCode())
                    .isEqualTo(504);
            assertThat(world.storedKeys()).isEmpty();
        }
    }

    /** Throws what Kotlin, Scala and Groovy let anybody throw. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    private static <T> T undeclared(Exception failure) {
        return ManagementRareStatusTest.<T, RuntimeException>thrown(failure);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, E extends Exception> T thrown(Exception failure) throws E {
        throw (E) failure;
    }

    @ParameterizedTest
    @EnumSource
    void tenantKey_passwordThatCannotBeChecked_isABadGateway(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(ManagedFamily.TENANT)
                .settings(servlet -> servlet.stepUp((user, typed) -> StepUp.Result.UNAVAILABLE))
                .start()) {
            assertThat(world.as("alice@org_1", "POST", "", "{\"name\":\"a\",\"password\":\"p\"}")
                            .statusCode())
                    .isEqualTo(502);
            assertThat(world.storedKeys()).isEmpty();
        }
    }
}
