package dev.apikeys.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.PathVariants;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests with which a client tries to be let in where the filter would not let it in. */
@Tag("tr-skip") // Paths are compared as they are.
class SmugglingTest {
    private static final String SECRET = "/admin/secret/x";

    private final FilterKeys keys = new FilterKeys();
    private final ApiKeyFilter filter = ApiKeyFilter.builder(keys.service)
            .clientAddress(ClientAddress.behindProxies("127.0.0.1"))
            .permitAll("*", "/public/**")
            .require("*", "/admin/secret/**", "manage:secret")
            .requireKey("*", "/admin/**")
            .build();

    @AfterEach
    void close() {
        keys.close();
    }

    private Verifying start(Gateway gateway) throws Exception {
        return Verifying.at(
                Container.JETTY,
                VerificationServlet.builder(keys.service)
                        .gateways("127.0.0.1")
                        .forwardAuthentication(filter, gateway)
                        .build(),
                "");
    }

    private String key() {
        return "X-API-Key: " + keys.readerToken();
    }

    /** Whatever the service behind the gateway makes of the path, it is none that the key may not have. */
    @ParameterizedTest
    @EnumSource(names = {"NGINX", "CADDY", "ENVOY"})
    void protectedPath_underAnySpelling_isNotLetIn(Gateway gateway) throws Exception {
        Set<String> variants = PathVariants.of(SECRET);
        assertThat(variants).hasSizeGreaterThan(500);
        int letIn = 0;
        try (Verifying server = start(gateway)) {
            for (String variant : variants) {
                if (variant.startsWith("http") && gateway == Gateway.ENVOY) {
                    continue;
                }
                int status = ask(server, gateway, variant).status();
                assertThat(status).as(variant).isIn(0, 200, 400, 401, 403, 404, 431);
                if (status == 200) {
                    letIn++;
                    assertThat(PathVariants.readings(variant.split("\\?", 2)[0]))
                            .as("%s was let in", variant)
                            .noneMatch(read -> read.equals("/admin/secret") || read.startsWith("/admin/secret/"));
                }
            }
        }
        // Otherwise nothing was decided at all.
        assertThat(letIn).isPositive();
    }

    private RawHttp.Answer ask(Verifying server, Gateway gateway, String uri) {
        return switch (gateway) {
            case NGINX -> server.auth(key(), "X-Original-Method: GET", "X-Original-URI: " + uri);
            case ENVOY -> RawHttp.get(server.port(), "/keys/auth" + uri, key());
            default -> server.auth(key(), "X-Forwarded-Method: GET", "X-Forwarded-Uri: " + uri);
        };
    }

    /** Two readers of these could choose differently. */
    @Test
    void targetThatIsNotExactlyOne_isRefused() throws Exception {
        List<List<String>> told = List.of(
                List.of(),
                List.of("X-Original-URI: /public/a"),
                List.of("X-Original-Method: GET"),
                List.of("X-Original-Method: GET", "X-Original-URI:"),
                List.of("X-Original-Method:", "X-Original-URI: /public/a"),
                List.of("X-Original-Method: GET", "X-Original-URI: /public/a", "X-Original-URI: /admin/secret/x"),
                List.of("X-Original-Method: GET", "X-Original-Method: PUT", "X-Original-URI: /public/a"),
                List.of("X-Original-Method: GET", "X-Original-URI: /public/a, /admin/secret/x"),
                List.of("X-Original-Method: GET, PUT", "X-Original-URI: /public/a"),
                List.of("X-Original-Method: GET /x", "X-Original-URI: /public/a"),
                List.of("X-Original-Method: GET", "X-Original-URI: http://127.0.0.1/public/a"),
                List.of("X-Original-Method: GET", "X-Original-URI: //127.0.0.1/public/a"),
                List.of("X-Original-Method: GET", "X-Original-URI: public/a"),
                List.of("X-Original-Method: GET", "X-Original-URI: *"),
                List.of("X-Original-Method: GET", "X-Original-URI: /public/a HTTP/1.1"),
                List.of("X-Original-Method: GET", "X-Original-URI: /public/a#/../../admin/secret/x"),
                List.of("X-Original-Method: GET", "X-Original-URI: /public/\tx"),
                List.of("X-Original-Method: GET", "X-Original-URI: /public/\u00e9"),
                List.of("X-Forwarded-Method: GET", "X-Forwarded-Uri: /public/a"),
                List.of("X_Original_Method: GET", "X_Original_URI: /public/a"));
        try (Verifying server = start(Gateway.NGINX)) {
            for (List<String> lines : told) {
                assertThat(server.auth(lines.toArray(String[]::new)).status())
                        .as("%s", lines)
                        .isEqualTo(400);
            }
        }
    }

    /** What other gateways would write, a client has written here. */
    @ParameterizedTest
    @EnumSource(names = {"NGINX", "CADDY", "ENVOY"})
    void headersOfOtherGateways_meanNothing(Gateway gateway) throws Exception {
        List<String> forged = List.of(
                "X-Rewrite-URL: /public/a",
                "X-Original-URL: /public/a",
                "X-Forwarded-Path: /public/a",
                "X-Forwarded-Prefix: /public",
                "X-Forwarded-Host: public",
                "X-Forwarded-Proto: /public/a",
                "X-HTTP-Method-Override: GET",
                "X-Envoy-Original-Path: /public/a",
                "X-Auth-Request-Redirect: /public/a",
                gateway == Gateway.NGINX ? "X-Forwarded-Uri: /public/a" : "X-Original-URI: /public/a",
                gateway == Gateway.NGINX ? "X-Forwarded-Method: GET" : "X-Original-Method: GET");
        List<String> lines = new ArrayList<>(forged);
        String path = "/keys/auth";
        switch (gateway) {
            case NGINX -> lines.addAll(List.of("X-Original-Method: PUT", "X-Original-URI: " + SECRET));
            case CADDY -> lines.addAll(List.of("X-Forwarded-Method: PUT", "X-Forwarded-Uri: " + SECRET));
            default -> path += SECRET;
        }
        try (Verifying server = start(gateway)) {
            assertThat(RawHttp.get(server.port(), path, lines.toArray(String[]::new))
                            .status())
                    .isEqualTo(401);
            lines.add(key());
            assertThat(RawHttp.get(server.port(), path, lines.toArray(String[]::new))
                            .status())
                    .isEqualTo(403);
        }
    }
}
