package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of the page: who gets them, with which headers, and that there are no others. */
class PageFileTest {
    private static ManagementWorld world(Container container, ManagedFamily family) throws Exception {
        return ManagementWorld.in(container)
                .serving(family)
                .settings(ManagementServlet.Builder::page)
                .start();
    }

    @ParameterizedTest
    @MethodSource("dev.apikeys.management.ManagedFamily#everywhere")
    void files_withoutSession_areServedInASafeFrame(Container container, ManagedFamily family) throws Exception {
        try (ManagementWorld world = world(container, family)) {
            for (String file : List.of("", "api-keys.js", "api-keys.css")) {
                HttpResponse<String> response = world.call("GET", "/page/" + file, "");
                assertThat(response.statusCode()).as(file).isEqualTo(200);
                assertThat(response.headers().firstValue("Content-Security-Policy"))
                        .hasValue("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                                + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
                assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
                assertThat(response.headers().firstValue("X-Frame-Options")).hasValue("DENY");
                assertThat(response.headers().firstValue("X-Content-Type-Options"))
                        .hasValue("nosniff");
                assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
                assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
                String tag = response.headers().firstValue("ETag").orElseThrow();
                assertThat(world.call("GET", "/page/" + file, "", "If-None-Match", tag)
                                .statusCode())
                        .isEqualTo(304);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void page_withoutSlash_isSentToTheOneWithIt(Container container) throws Exception {
        try (ManagementWorld world = world(container, ManagedFamily.PERSONAL)) {
            HttpResponse<String> response = world.call("GET", "/page", "");
            assertThat(response.statusCode()).isEqualTo(302);
            assertThat(response.headers().firstValue("Location")).hasValue("page/");
        }
    }

    @ParameterizedTest
    @EnumSource
    void otherFilesAndMethods_areNotThere(Container container) throws Exception {
        try (ManagementWorld world = world(container, ManagedFamily.PERSONAL)) {
            for (String other : List.of("index.htm", "API-KEYS.JS", "x/api-keys.js", "openapi.yaml", "..", "%2e%2e")) {
                assertThat(world.call("GET", "/page/" + other, "").statusCode())
                        .as(other)
                        .isIn(400, 401, 404);
            }
            assertThat(world.call("POST", "/page/", "").statusCode()).isEqualTo(405);
        }
    }

    @ParameterizedTest
    @EnumSource
    void page_thatTheHostDidNotSwitchOn_isNotThere(Container container) throws Exception {
        try (ManagementWorld world = ManagementWorld.in(container).start()) {
            assertThat(Http.get(world.server.uri(ManagementWorld.MOUNT + "/page/"))
                            .statusCode())
                    .isEqualTo(404);
        }
    }
}
