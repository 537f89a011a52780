package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
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

    /** Not by the checked client: the document has no pages, and knows paths as servers decode them. */
    private static HttpResponse<String> unchecked(ManagementWorld world, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(world.server.uri(ManagementWorld.MOUNT + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .headers("X-HTTP-Method-Override", "GET", "X-HTTP-Method", "GET")
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
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
                assertThat(response.body()).isNotEmpty();
                HttpResponse<String> head = world.call("HEAD", "/page/" + file, "");
                assertThat(head.statusCode()).isEqualTo(200);
                assertThat(head.body()).isEmpty();
                assertThat(head.headers().allValues("ETag"))
                        .isEqualTo(response.headers().allValues("ETag"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void file_thatTheBrowserHas_isNotSentAgain(Container container) throws Exception {
        try (ManagementWorld world = world(container, ManagedFamily.PERSONAL)) {
            String tag = world.call("GET", "/page/api-keys.js", "")
                    .headers()
                    .firstValue("ETag")
                    .orElseThrow();
            for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
                HttpResponse<String> response = world.call("GET", "/page/api-keys.js", "", "If-None-Match", known);
                assertThat(response.statusCode()).as(known).isEqualTo(304);
                assertThat(response.body()).isEmpty();
                assertThat(response.headers().firstValue("ETag")).hasValue(tag);
                assertThat(response.headers().firstValue("Content-Security-Policy"))
                        .isPresent();
            }
            for (String other : List.of("\"x\"", tag.replace("\"", ""), "")) {
                assertThat(world.call("GET", "/page/api-keys.js", "", "If-None-Match", other)
                                .statusCode())
                        .as(other)
                        .isEqualTo(200);
            }
        }
    }

    /** Whatever a container makes of the path: one of the files, or no file. */
    @ParameterizedTest
    @EnumSource
    void paths_writtenInOtherWays_openNothingElse(Container container) throws Exception {
        try (ManagementWorld world = world(container, ManagedFamily.PERSONAL)) {
            Set<String> files = Set.of(
                    world.call("GET", "/page/", "").body(),
                    world.call("GET", "/page/api-keys.js", "").body(),
                    world.call("GET", "/page/api-keys.css", "").body());
            for (String path : List.of(
                    "/page/..",
                    "/page/%2e%2e",
                    "/page/../page/",
                    "/page/./api-keys.js",
                    "/page//api-keys.js",
                    "/page/..%2fPageFile.class",
                    "/page/%2e%2e%2fopenapi.yaml",
                    "/page/..%5copenapi.yaml",
                    "/page/../PageFile.class",
                    "/page/../../../../etc/passwd",
                    "/page;x=y/api-keys.js",
                    "/page/api-keys.js;.html",
                    "/page/api-keys.js%00.html",
                    "/page%2fapi-keys.js")) {
                HttpResponse<String> response = unchecked(world, "GET", path);
                assertThat(response.statusCode()).as(path).isIn(200, 302, 400, 401, 404, 405);
                assertThat(response.statusCode() != 200 || files.contains(response.body()))
                        .as(path)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void files_byOtherMethods_areNotThere(Container container) throws Exception {
        try (ManagementWorld world = world(container, ManagedFamily.PERSONAL)) {
            for (String file : List.of("/page", "/page/", "/page/api-keys.js", "/page/api-keys.css")) {
                for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
                    HttpResponse<String> response = unchecked(world, method, file);
                    assertThat(response.statusCode()).as(method + " " + file).isEqualTo(405);
                    assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
                }
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
    void otherFiles_areNotThere(Container container) throws Exception {
        try (ManagementWorld world = world(container, ManagedFamily.PERSONAL)) {
            for (String other : List.of("index.html", "API-KEYS.JS", "x/api-keys.js", "openapi.yaml", "api-keys.js/")) {
                assertThat(world.call("GET", "/page/" + other, "").statusCode())
                        .as(other)
                        .isEqualTo(404);
            }
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
