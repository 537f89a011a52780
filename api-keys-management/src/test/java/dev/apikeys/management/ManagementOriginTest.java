package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.management.AllCalls.Snapshot;
import dev.apikeys.management.AllCalls.Target;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** No page of another site changes anything in the name of whom it lures (cross-site request forgery). */
class ManagementOriginTest {
    private static final List<String> JSON = List.of("Content-Type", "application/json");

    private static int status(ManagementWorld world, ManagedFamily family, Target target, List<String> headers) {
        List<String> all = new ArrayList<>(List.of("Cookie", "session=" + family.insider));
        all.addAll(headers);
        return world.call(
                        target.method(),
                        target.path(),
                        AllCalls.body(target.route(), world),
                        all.toArray(String[]::new))
                .statusCode();
    }

    private static List<String> json(String... more) {
        List<String> headers = new ArrayList<>(JSON);
        headers.addAll(List.of(more));
        return headers;
    }

    /** The targets that change something, each about a key of alice that is there. */
    private static List<Target> changes(ManagementWorld world) {
        UUID key = world.issue("alice", "org_1", "alice's").key().id();
        return world.routes().stream()
                .filter(Route::changesState)
                .map(route -> AllCalls.about(key, route, world))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void changes_fromAnotherOrigin_writeNothing(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            List<Target> changes = changes(world);
            String own = world.server.uri("").toString();
            Snapshot before = Snapshot.of(world);
            for (Target change : changes) {
                for (String origin : List.of(
                        "https://evil.example",
                        "null",
                        own.replace("http:", "https:"),
                        own.replace("127.0.0.1", "localhost"),
                        own.replaceFirst(":[0-9]+$", ""),
                        own + ".evil.example",
                        own + " https://evil.example",
                        own + "/")) {
                    assertThat(status(world, family, change, json("Origin", origin)))
                            .as(origin)
                            .isEqualTo(403);
                }
                assertThat(status(world, family, change, json("Origin", own, "Origin", "https://evil.example")))
                        .isEqualTo(403);
                assertThat(status(world, family, change, json("Sec-Fetch-Site", "cross-site")))
                        .isEqualTo(403);
                assertThat(status(world, family, change, json("Origin", own, "Sec-Fetch-Site", "cross-site")))
                        .isEqualTo(403);
            }
            assertThat(Snapshot.of(world)).isEqualTo(before);
        }
    }

    /** What a form, and a script that asks no permission first, can send. */
    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void changes_inAnotherContentType_writeNothing(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            List<Target> changes = changes(world);
            Snapshot before = Snapshot.of(world);
            for (Target change : changes) {
                for (String type : List.of(
                        "application/x-www-form-urlencoded",
                        "text/plain",
                        "text/plain; application/json",
                        "multipart/form-data; boundary=x",
                        "application/jsonp",
                        "application/json, text/plain",
                        "application/json; charset=utf-16",
                        "")) {
                    assertThat(status(world, family, change, List.of("Content-Type", type)))
                            .as(type)
                            .isEqualTo(415);
                }
                assertThat(status(world, family, change, json("Content-Type", "text/plain")))
                        .isEqualTo(415);
                if (change.route().source() == Route.Source.BODY) {
                    assertThat(status(world, family, change, List.of())).isEqualTo(415);
                }
            }
            assertThat(Snapshot.of(world)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void changes_fromTheOwnOriginOrFromNoPage_areMade(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .policy(ManagementWorld.manyKeys())
                .start()) {
            String own = world.server.uri("").toString();
            for (List<String> headers : List.of(
                    JSON,
                    json("Origin", own),
                    json("Origin", own, "Sec-Fetch-Site", "same-origin"),
                    json("Sec-Fetch-Site", "none"),
                    List.of("Content-Type", "Application/JSON;charset=UTF-8"),
                    List.of("Content-Type", "application/json; charset=utf8"),
                    List.of("Content-Type", "application/json ; profile=x"),
                    List.of("Content-Type", "application/json; charset=\"utf-8\""))) {
                for (Target change : changes(world)) {
                    Snapshot before = Snapshot.of(world);
                    assertThat(status(world, family, change, headers))
                            .as(headers.toString())
                            .isIn(200, 201, 204);
                    assertThat(Snapshot.of(world).equals(before))
                            .as(change.route().toString())
                            .isNotEqualTo(AllCalls.writes(change.route()));
                }
            }
        }
    }

    /** A browser asks permission before a DELETE to another origin, so it needs no type for the body it hasn't got. */
    @ParameterizedTest
    @EnumSource
    void revoke_withoutBodyAndContentType_revokes(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            UUID key = world.issue("alice", "org_1", "alice's").key().id();

            assertThat(world.as(ManagedFamily.PERSONAL.insider, "DELETE", "/" + key, "")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void changes_fromANamedOrigin_areMadeFromThereAndFromTheOwnOne(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container)
                .serving(family)
                .policy(ManagementWorld.manyKeys())
                .settings(servlet -> servlet.allowedOrigins("https://App.example.com", "http://localhost:3000"))
                .start()) {
            for (Target change : changes(world)) {
                String own = world.server.uri("").toString();
                Snapshot before = Snapshot.of(world);
                assertThat(status(world, family, change, json("Origin", "https://app.example.com:8443")))
                        .isEqualTo(403);
                assertThat(status(world, family, change, json("Origin", own, "Sec-Fetch-Site", "cross-site")))
                        .isEqualTo(403);
                assertThat(status(world, family, change, json("Sec-Fetch-Site", "cross-site")))
                        .isEqualTo(403);
                assertThat(Snapshot.of(world)).isEqualTo(before);

                // The host says that this other site is its own; browsers call the request cross-site all the same.
                assertThat(status(
                                world,
                                family,
                                change,
                                json("Origin", "https://app.example.com", "Sec-Fetch-Site", "cross-site")))
                        .isIn(200, 201, 204);
            }
            for (Target change : changes(world)) {
                String own = world.server.uri("").toString();
                assertThat(status(world, family, change, json("Origin", own, "Sec-Fetch-Site", "same-origin")))
                        .isIn(200, 201, 204);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void readingRoutes_byGetAndHead_changeNothing(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world =
                ManagementWorld.in(container).serving(family).start()) {
            UUID key = world.issue("alice", "org_1", "alice's").key().id();
            Snapshot before = Snapshot.of(world);
            for (Route<?> route : world.routes()) {
                Target target = AllCalls.about(key, route, world);
                for (String method : List.of("GET", "HEAD", "OPTIONS")) {
                    int status = world.as(
                                    family.insider,
                                    method,
                                    target.path(),
                                    "",
                                    "X-HTTP-Method-Override",
                                    target.method(),
                                    "X-HTTP-Method",
                                    target.method())
                            .statusCode();
                    assertThat(status).isIn(200, 405);
                }
            }
            assertThat(Snapshot.of(world)).isEqualTo(before);
        }
    }

    @Test
    void allowedOrigins_thatAreNone_areRefusedByName() {
        for (String origin : List.of(
                "*",
                "null",
                "",
                "app.example.com",
                "https://",
                "https://app.example.com/",
                "https://app.example.com/path",
                "https://app.example.com:443",
                "http://app.example.com:80",
                "https://user@app.example.com",
                "https://*.example.com",
                "https://a b")) {
            assertThatThrownBy(() -> OriginCheck.sameOrigin().and(origin))
                    .as(origin)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(origin);
        }
        assertThatThrownBy(() -> OriginCheck.sameOrigin().and()).isInstanceOf(IllegalArgumentException.class);
    }
}
