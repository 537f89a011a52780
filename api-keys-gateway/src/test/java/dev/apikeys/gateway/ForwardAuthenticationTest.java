package dev.apikeys.gateway;

import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeySpec;
import dev.apikeys.LeasePolicy;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.ApiKeyFilterBuilder;
import dev.apikeys.servlet.Bucket4jRateLimit;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.Cors;
import dev.apikeys.servlet.RateQuota;
import dev.apikeys.testkit.TestKeys;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gateways that ask whether the request of a client may go on. */
class ForwardAuthenticationTest {
    private final TestKeys service = new TestKeys(settings -> settings.lease(
            LeasePolicy.DEFAULT.timing(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(10))));
    private final String reader = service.token("read:systems");

    @AfterEach
    void close() {
        service.close();
    }

    private ApiKeyFilterBuilder rules() {
        return ApiKeyFilter.builder(service.keys())
                .clientAddress(ClientAddress.behindProxies("127.0.0.1"))
                .permitAll("GET", "/health")
                .require("GET", "/systems/**", "read:systems")
                .require("DELETE", "/systems/**", "manage:systems");
    }

    private Verifying start(Container container, ApiKeyFilter filter, Gateway gateway) throws Exception {
        VerificationServlet servlet = VerificationServlet.builder(service.keys())
                .gateways("127.0.0.1")
                .introspection(Callers.withScope(Verifying.SCOPE))
                .revocation()
                .forwardAuthentication(filter, gateway)
                .build();
        return Verifying.at(container, servlet, "");
    }

    private Verifying start(Gateway gateway) throws Exception {
        return start(Container.JETTY, rules().build(), gateway);
    }

    /** As the gateway sends it. */
    private static RawHttp.Answer ask(Verifying server, Gateway gateway, String method, String uri, String... lines) {
        return switch (gateway) {
            case NGINX -> server.auth(with(lines, "X-Original-Method: " + method, "X-Original-URI: " + uri));
            case CADDY, TRAEFIK, HAPROXY ->
                server.auth(with(lines, "X-Forwarded-Method: " + method, "X-Forwarded-Uri: " + uri));
            case ENVOY -> RawHttp.request(server.port(), method, "/keys/auth" + uri, lines);
        };
    }

    private static String[] with(String[] lines, String... more) {
        return Stream.concat(Stream.of(lines), Stream.of(more)).toArray(String[]::new);
    }

    private static String key(String token) {
        return "X-API-Key: " + token;
    }

    @ParameterizedTest
    @EnumSource
    void gateway_isAnsweredByTheRulesOfTheFilter(Gateway gateway) throws Exception {
        for (Container container : Container.values()) {
            try (Verifying server = start(container, rules().build(), gateway)) {
                RawHttp.Answer good = ask(server, gateway, "GET", "/systems/7?q=1", key(reader));
                assertThat(good.status()).isEqualTo(200);
                assertThat(good.header("X-Api-Key-Subject")).containsExactly("alice");
                assertThat(good.header("X-Api-Key-Organization")).containsExactly("org_1");
                assertThat(good.header("X-Api-Key-Scopes")).containsExactly("read:systems");
                assertThat(good.header("X-Api-Key-Id").get(0)).hasSize(36);
                assertThat(good.header("Content-Length")).containsExactly("0");

                RawHttp.Answer none = ask(server, gateway, "GET", "/systems/7");
                assertThat(none.status()).isEqualTo(401);
                assertThat(none.header("WWW-Authenticate")).containsExactly("Bearer");
                RawHttp.Answer bad = ask(server, gateway, "GET", "/systems/7", key(FilterKeys.unknownToken()));
                assertThat(bad.status()).isEqualTo(401);
                assertThat(bad.header("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
                RawHttp.Answer scope = ask(server, gateway, "DELETE", "/systems/7", key(reader));
                assertThat(scope.status()).isEqualTo(403);
                assertThat(scope.header("WWW-Authenticate"))
                        .containsExactly("Bearer error=\"insufficient_scope\", scope=\"manage:systems\"");
                assertThat(ask(server, gateway, "GET", "/elsewhere", key(reader))
                                .status())
                        .isEqualTo(403);
                assertThat(ask(server, gateway, "GET", "/systems/../x", key(reader))
                                .status())
                        .isEqualTo(400);
                assertThat(ask(server, gateway, "GET", "/systems", key(reader), key(reader))
                                .status())
                        .isEqualTo(400);
            }
        }
    }

    /** A gateway that copies them replaces what a client has sent. */
    @Test
    void identityHeaders_areThereAlsoForNobody() throws Exception {
        try (Verifying server = start(Gateway.NGINX)) {
            RawHttp.Answer answer = ask(server, Gateway.NGINX, "GET", "/health", "X-Api-Key-Subject: mallory");

            assertThat(answer.status()).isEqualTo(200);
            for (String header : List.of("Id", "Subject", "Organization", "Scopes")) {
                assertThat(answer.header("X-Api-Key-" + header)).as(header).containsExactly("");
            }
            assertThat(answer.header("Cache-Control")).containsExactly("no-store");
        }
    }

    @Test
    void identityHeaders_holdAnyIdOfTheHost() throws Exception {
        IssuedKey key = service.keys()
                .issue(KeySpec.forUser("Zoë, 100%", "a é").named("CRM").scopes("read:systems"));
        try (Verifying server = start(Gateway.NGINX)) {
            RawHttp.Answer answer = ask(
                    server, Gateway.NGINX, "GET", "/systems", key(key.token().reveal()));

            assertThat(answer.header("X-Api-Key-Subject")).containsExactly("Zo%C3%AB,%20100%25");
            assertThat(answer.header("X-Api-Key-Organization")).containsExactly("a%20%C3%A9");
        }
    }

    @Test
    void answer_mayBeKeptForWhatIsLeftOfTheBound_unlessRequestsAreCounted() throws Exception {
        try (Verifying server = start(Gateway.NGINX)) {
            service.store().cutOff();
            // From memory, and confirmed until the clock goes on.
            service.store().heal();
            assertThat(ask(server, Gateway.NGINX, "GET", "/systems", key(reader))
                            .status())
                    .isEqualTo(200);
            service.store().cutOff();
            assertThat(ask(server, Gateway.NGINX, "GET", "/systems", key(reader))
                            .header("Cache-Control"))
                    .containsExactly("max-age=9");
            service.clock().advance(Duration.ofSeconds(5));
            assertThat(ask(server, Gateway.NGINX, "GET", "/systems", key(reader))
                            .header("Cache-Control"))
                    .containsExactly("max-age=4");
            assertThat(ask(server, Gateway.NGINX, "GET", "/systems").header("Cache-Control"))
                    .containsExactly("no-store");
        }
        service.store().heal();
        ApiKeyFilter counted = rules().rateLimit(Bucket4jRateLimit.local(RateQuota.perMinute(2)))
                .build();
        try (Verifying server = start(Container.JETTY, counted, Gateway.NGINX)) {
            for (int i = 0; i < 2; i++) {
                RawHttp.Answer answer = ask(server, Gateway.NGINX, "GET", "/systems", key(reader));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Cache-Control")).containsExactly("no-store");
            }
            RawHttp.Answer refused = ask(server, Gateway.NGINX, "GET", "/systems", key(reader));
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).hasSize(1);
        }
    }

    @Test
    void outage_is503() throws Exception {
        try (Verifying server = start(Gateway.CADDY)) {
            service.store().cutOff();
            RawHttp.Answer answer = ask(server, Gateway.CADDY, "GET", "/systems", key(reader));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).containsExactly("1");
        }
    }

    @Test
    void stranger_mayNotAsk() throws Exception {
        VerificationServlet servlet = VerificationServlet.builder(service.keys())
                .gateways("10.0.0.0/8")
                .forwardAuthentication(rules().build(), Gateway.NGINX)
                .build();
        try (Verifying server = Verifying.at(Container.JETTY, servlet, "")) {
            assertThat(ask(server, Gateway.NGINX, "GET", "/health").status()).isEqualTo(403);
            assertThat(ask(server, Gateway.NGINX, "GET", "/systems", key(reader), "X-Forwarded-For: 10.0.0.1")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void addressOfTheClient_isThatWhichTheGatewayTells() throws Exception {
        IssuedKey limited = service.keys().issue(spec().scopes("read:systems").allowedFrom("203.0.113.0/24"));
        String token = key(limited.token().reveal());
        try (Verifying server = start(Gateway.NGINX)) {
            assertThat(ask(server, Gateway.NGINX, "GET", "/systems", token, "X-Forwarded-For: 203.0.113.9")
                            .status())
                    .isEqualTo(200);
            assertThat(ask(
                                    server,
                                    Gateway.NGINX,
                                    "GET",
                                    "/systems",
                                    token,
                                    "X-Forwarded-For: 203.0.113.9, 198.51.100.7")
                            .status())
                    .isEqualTo(401);
        }
    }

    /** nginx and Caddy take every 2xx for permission. */
    @Test
    void preflightThatTheFilterAnswers_isNoPermission() throws Exception {
        ApiKeyFilter withCors =
                rules().cors(Cors.allow("https://app.example.com")).build();
        try (Verifying server = start(Container.JETTY, withCors, Gateway.CADDY)) {
            RawHttp.Answer answer = ask(
                    server,
                    Gateway.CADDY,
                    "OPTIONS",
                    "/systems",
                    "Origin: https://app.example.com",
                    "Access-Control-Request-Method: GET");
            assertThat(answer.status()).isEqualTo(403);
        }
    }

    /** Envoy puts the client's path behind that of the endpoint. */
    @Test
    void envoysPath_reachesNoOtherEndpoint() throws Exception {
        for (Container container : Container.values()) {
            try (Verifying server = start(container, rules().build(), Gateway.ENVOY)) {
                String body = "\r\nContent-Type: " + Verifying.FORM + "\r\nContent-Length: 7\r\n\r\ntoken=x";
                for (String path : List.of(
                        "/../revoke",
                        "/%2e%2e/revoke",
                        "/..;/revoke",
                        "/x/../../revoke",
                        "/./../revoke",
                        "//../revoke")) {
                    RawHttp.Answer answer = RawHttp.send(
                            server.port(),
                            "POST /keys/auth" + path + " HTTP/1.1\r\nHost: a\r\nConnection: close" + body);
                    assertThat(answer.status()).as(path).isEqualTo(400);
                }
            }
        }
    }

    @Test
    void pathBelow_isForEnvoyAlone() throws Exception {
        try (Verifying server = start(Gateway.NGINX)) {
            assertThat(RawHttp.get(server.port(), "/keys/auth/health").status()).isEqualTo(404);
            assertThat(RawHttp.request(server.port(), "PUT", "/keys/auth").status())
                    .isEqualTo(405);
        }
    }

    @Test
    void servlet_servesSomething_andKnowsItsGateways() {
        assertThatThrownBy(() -> VerificationServlet.builder(service.keys()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("serves");
        assertThatThrownBy(() -> VerificationServlet.builder(service.keys())
                        .forwardAuthentication(rules().build(), Gateway.NGINX)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gateways");
        assertThatThrownBy(() -> VerificationServlet.builder(service.keys()).gateways())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
