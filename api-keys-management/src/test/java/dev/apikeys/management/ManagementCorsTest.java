package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.management.AllCalls.Snapshot;
import dev.apikeys.management.AllCalls.Target;
import dev.apikeys.servlet.Cors;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of another origin that manage keys by script, in a session that is a cookie. */
class ManagementCorsTest {
    private static final String APP = "https://app.example.com";
    private static final String ORIGIN = "Origin: " + APP;

    private static ManagementWorld start(Container container, ManagedFamily family) throws Exception {
        return ManagementWorld.in(container)
                .serving(family)
                .policy(ManagementWorld.manyKeys())
                .settings(servlet -> servlet.cors(Cors.allow(APP).withCookies()))
                .start();
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void preflight_ofAnAllowedOrigin_isGrantedWithoutASession(Container container, ManagedFamily family)
            throws Exception {
        try (ManagementWorld world = start(container, family)) {
            UUID key = world.issue("alice", "org_1", "alice's").key().id();
            Snapshot before = Snapshot.of(world);
            for (Route<?> route : world.routes()) {
                Target target = AllCalls.about(key, route, world);
                String path = family.mount + target.path();
                String method = "Access-Control-Request-Method: " + target.method();
                RawHttp.Answer granted = RawHttp.request(
                        world.server.port(),
                        "OPTIONS",
                        path,
                        ORIGIN,
                        method,
                        "Access-Control-Request-Headers: content-type");
                assertThat(granted.status()).isEqualTo(204);
                assertThat(granted.header("Access-Control-Allow-Origin")).containsExactly(APP);
                assertThat(granted.header("Access-Control-Allow-Methods")).containsExactly(target.method());
                assertThat(granted.header("Access-Control-Allow-Headers")).containsExactly("content-type");
                assertThat(granted.header("Access-Control-Allow-Credentials")).containsExactly("true");

                RawHttp.Answer refused =
                        RawHttp.request(world.server.port(), "OPTIONS", path, "Origin: https://evil.example", method);
                assertThat(refused.status()).isEqualTo(403);
                assertThat(refused.header("Access-Control-Allow-Origin")).isEmpty();
            }
            assertThat(Snapshot.of(world)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void calls_ofAnAllowedOrigin_areMadeAndMarked(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = start(container, family)) {
            for (Route<?> route : world.routes()) {
                UUID key = world.issue("alice", "org_1", "alice's").key().id();
                Target target = AllCalls.about(key, route, world);
                String[] headers = {"Origin", APP, "Sec-Fetch-Site", "cross-site"};
                var answer =
                        world.as(family.insider, target.method(), target.path(), AllCalls.body(route, world), headers);
                assertThat(answer.statusCode()).isIn(200, 201, 204);
                assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
                        .containsExactly(APP);
                assertThat(answer.headers().allValues("Vary"))
                        .containsExactly("Authorization, X-API-Key, Cookie, Origin");
                assertThat(String.join(",", answer.headers().allValues("Access-Control-Expose-Headers")))
                        .contains("X-Total-Count", "X-Total-Is-Estimate");
                var anonymous = world.as("", target.method(), target.path(), AllCalls.body(route, world), headers);
                assertThat(anonymous.statusCode()).isEqualTo(401);
                assertThat(anonymous.headers().allValues("Access-Control-Allow-Origin"))
                        .containsExactly(APP);
                var foreign = world.as(
                        family.insider,
                        target.method(),
                        target.path(),
                        AllCalls.body(route, world),
                        "Origin",
                        "https://evil.example");
                assertThat(foreign.statusCode()).isIn(route.changesState() ? 403 : 200, 404);
                assertThat(foreign.headers().allValues("Access-Control-Allow-Origin"))
                        .isEmpty();
            }
        }
    }
}
