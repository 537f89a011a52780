package dev.apikeys.gateway;

import static dev.apikeys.testkit.TestKeys.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.AuditEvent;
import dev.apikeys.AuditFilter;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeySpec;
import dev.apikeys.KeyUpdate;
import dev.apikeys.LeasePolicy;
import dev.apikeys.PageRequest;
import dev.apikeys.servlet.Bucket4jRateLimit;
import dev.apikeys.servlet.RateQuota;
import dev.apikeys.testkit.TestKeys;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer.Container;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token is good for (RFC 7662). */
class IntrospectionTest {
    private static final String INACTIVE = "{\"active\":false}";

    private final TestKeys service = new TestKeys(settings -> settings.lease(
            LeasePolicy.DEFAULT.timing(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(10))));

    @AfterEach
    void close() {
        service.close();
    }

    private VerificationServlet.Builder servlet() {
        return VerificationServlet.builder(service.keys()).introspection(Callers.withScope(Verifying.SCOPE));
    }

    private Verifying start(VerificationServlet.Builder servlet) throws Exception {
        return start(Container.JETTY, servlet);
    }

    private Verifying start(Container container, VerificationServlet.Builder servlet) throws Exception {
        return Verifying.at(container, servlet.build(), Verifying.caller(service));
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void activeToken_hasTheMembersOfTheStandard_andOneExtension(Container container) throws Exception {
        IssuedKey key = service.keys()
                .issue(spec().named("CRM \"1\"")
                        .scopes("read:systems", "read:users")
                        .expiresIn(Duration.ofDays(1)));
        try (Verifying server = start(container, servlet())) {
            HttpResponse<String> answer = server.introspect(key);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/json");
            assertThat(answer.body())
                    .isEqualTo("{\"active\":true,\"scope\":\"read:systems read:users\",\"client_id\":\""
                            + key.key().id() + "\",\"username\":\"alice\",\"token_type\":\"Bearer\",\"exp\":"
                            + (key.key().createdAt().getEpochSecond() + 86_400) + ",\"iat\":"
                            + key.key().createdAt().getEpochSecond() + ",\"sub\":\"alice\",\"api_key\":{\"name\":"
                            + "\"CRM \\\"1\\\"\",\"kind\":\"personal\",\"organization\":\"org_1\"}}");
        }
    }

    /** Answers that were written once are not those of a key or an owner that changed. */
    @Test
    void changes_areSeenAtOnce() throws Exception {
        IssuedKey key = service.keys().issue(spec().scopes("read:systems", "read:users"));
        try (Verifying server = start(servlet())) {
            String before = server.introspect(key).body();
            assertThat(server.introspect(key).body()).isEqualTo(before);
            assertThat(server.batch(key.token().reveal()).body()).isEqualTo("{\"results\":[" + before + "]}");

            service.keys().update(TestKeys.ref(key), KeyUpdate.nothing().named("ERP"), TestKeys.ACTOR);
            assertThat(server.introspect(key).body()).isEqualTo(before.replace("\"CRM\"", "\"ERP\""));
            service.owners().allow(TestKeys.ALICE, "read:users");
            service.keys().ownerChanged(TestKeys.ALICE);
            assertThat(server.introspect(key).body()).contains("\"scope\":\"read:users\"");
            service.owners().suspend(TestKeys.ALICE);
            service.keys().ownerChanged(TestKeys.ALICE);
            assertThat(server.introspect(key).body()).isEqualTo(INACTIVE);
        }
    }

    @Test
    void keyOfAnOrganization_hasNoUserName() throws Exception {
        IssuedKey key = service.keys()
                .issue(KeySpec.forOrganization("org_1").named("CI").scopes("read:systems"));
        try (Verifying server = start(servlet())) {
            assertThat(server.introspect(key).body())
                    .contains("\"sub\":\"org_1\"")
                    .doesNotContain("username");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void inactiveTokens_haveEqualBytes_whateverTheCause(Container container) throws Exception {
        try (FilterKeys keys = new FilterKeys()) {
            String caller = FilterKeys.issue(
                            keys.service, KeySpec.forUser("service", "org_1").scopes(Verifying.SCOPE))
                    .token()
                    .reveal();
            Map<String, String> tokens = new LinkedHashMap<>(keys.refusedTokens());
            VerificationServlet servlet = VerificationServlet.builder(keys.service)
                    .introspection(Callers.withScope(Verifying.SCOPE))
                    .build();
            try (Verifying server = Verifying.at(container, servlet, caller)) {
                assertThat(server.introspectRaw(keys.readerToken()).body()).contains("\"active\":true");
                String expected =
                        server.introspectRaw(FilterKeys.unknownToken()).golden();

                assertThat(expected)
                        .startsWith("HTTP/1.1 200")
                        .contains("cache-control: no-store")
                        .endsWith(INACTIVE);
                assertThat(tokens).hasSizeGreaterThan(10);
                tokens.forEach(
                        (cause, token) -> assertThat(server.introspectRaw(token).golden())
                                .as(cause)
                                .isEqualTo(expected));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "null,     401, 'Bearer'",
                "unknown,  401, 'Bearer error=\"invalid_token\"'",
                "other,    403, 'Bearer error=\"insufficient_scope\", scope=\"introspect:keys\"'",
                "good,     200, null",
                "X-API-Key,200, null",
                "Basic,    200, null",
                "password, 401, 'Bearer'"
            })
    void caller_authenticates(String credential, int status, String challenge) throws Exception {
        String good = Verifying.caller(service);
        String[] headers = switch (String.valueOf(credential)) {
            case "unknown" -> new String[] {"Authorization", "Bearer " + FilterKeys.unknownToken()};
            case "other" -> new String[] {"Authorization", "Bearer " + service.token("read:systems")};
            case "good" -> new String[] {"Authorization", "Bearer " + good};
            case "X-API-Key" -> new String[] {"X-API-Key", good};
            case "Basic" -> new String[] {"Authorization", basic(good + ":unused")};
            case "password" -> new String[] {"Authorization", basic("service:" + "x".repeat(20))};
            default -> new String[0];
        };
        try (Verifying server = Verifying.at(Container.JETTY, servlet().build(), "")) {
            HttpResponse<String> answer = server.introspect("anything", headers);

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(null))
                    .isEqualTo(challenge);
            assertThat(server.post("/keys/introspect/batch", "{\"tokens\":[\"x\"]}", "application/json", headers)
                            .statusCode())
                    .isEqualTo(status);
        }
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void callers_areWhomTheHostSays_orWhoHasACertificate() throws Exception {
        VerificationServlet byHost = VerificationServlet.builder(service.keys())
                .introspection(Callers.by(request -> "yes".equals(request.getHeader("X-Mesh"))))
                .build();
        VerificationServlet byCertificate = VerificationServlet.builder(service.keys())
                .introspection(Callers.withCertificate())
                .build();
        try (Verifying server = Verifying.at(Container.JETTY, byHost, "")) {
            assertThat(server.introspect("x").statusCode()).isEqualTo(403);
            assertThat(server.introspect("x", "X-Mesh", "yes").body()).isEqualTo(INACTIVE);
        }
        try (Verifying server = Verifying.at(Container.JETTY, byCertificate, "")) {
            assertThat(server.introspect("x").statusCode()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "'',                          application/x-www-form-urlencoded, 400",
                "'token=',                    application/x-www-form-urlencoded, 400",
                "'token',                     application/x-www-form-urlencoded, 400",
                "'token=a&token=b',           application/x-www-form-urlencoded, 400",
                "'token=a&%74oken=b',         application/x-www-form-urlencoded, 400",
                "'token=%zz',                 application/x-www-form-urlencoded, 400",
                "'{\"token\":\"a\"}',         application/json, 415",
                "'token=a',                   text/plain, 415",
                "'token=a',                   application/x-www-form-urlencoded;charset=UTF-8, 200",
                "'token=a',                   application/x-www-form-urlencoded;charset=nonsense, 200",
                "'token_type_hint=x&token=a', application/x-www-form-urlencoded, 200"
            })
    void form_hasExactlyOneToken(String body, String type, int status) throws Exception {
        try (Verifying server = start(servlet())) {
            assertThat(server.post("/keys/introspect", body, type).statusCode()).isEqualTo(status);
            assertThat(server.post("/keys/introspect?token=a", body, type).statusCode())
                    .isEqualTo(status);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void unusualRequests_areRefusedByTheirStatus(Container container) throws Exception {
        try (Verifying server = start(container, servlet())) {
            String tooLong = "token=" + "a".repeat(64 * 1024);
            assertThat(server.post("/keys/introspect", tooLong, Verifying.FORM).statusCode())
                    .isEqualTo(413);
            assertThat(server.post("/keys/introspect/batch", tooLong, "application/json")
                            .statusCode())
                    .isEqualTo(413);
            HttpResponse<String> get =
                    Http.get(URI.create("http://127.0.0.1:" + server.port() + "/keys/introspect?token=a"));
            assertThat(get.statusCode()).isEqualTo(405);
            assertThat(get.headers().firstValue("Allow")).contains("POST");
            for (String path : new String[] {"/keys/", "/keys/introspect/", "/keys/auth", "/keys/revoke", "/keys/x"}) {
                assertThat(server.post(path, "token=a", Verifying.FORM).statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void limitedKey_isActiveOnlyForAnAddressThatAGatewayTells() throws Exception {
        IssuedKey limited = service.keys().issue(spec().allowedFrom("203.0.113.0/24"));
        try (Verifying server = start(servlet().gateways("127.0.0.1"))) {
            assertThat(server.introspect(limited).body()).isEqualTo(INACTIVE);
            assertThat(server.introspect(limited, "X-Forwarded-For", "198.51.100.1")
                            .body())
                    .isEqualTo(INACTIVE);
            assertThat(server.introspect(limited, "X-Forwarded-For", "203.0.113.9")
                            .body())
                    .contains("\"active\":true");
        }
        try (Verifying server = start(servlet().gateways("10.0.0.0/8"))) {
            assertThat(server.introspect(limited, "X-Forwarded-For", "203.0.113.9")
                            .body())
                    .isEqualTo(INACTIVE);
        }
    }

    /** The gateway's own address is not that of its client. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For:",
                "X-Forwarded-For:unknown",
                "X-Forwarded-For:127.0.0.9, unix:",
                "Forwarded:for=_hidden",
                "Forwarded:proto=https"
            })
    void limitedKey_isInactive_whereAGatewayTellsNoAddress(String line) throws Exception {
        IssuedKey limited = service.keys().issue(spec().allowedFrom("127.0.0.0/8"));
        try (Verifying server = start(servlet().gateways("127.0.0.1"))) {
            assertThat(server.introspect(limited, line.split(":", 2)).body()).isEqualTo(INACTIVE);
            assertThat(server.introspect(limited, "X-Forwarded-For", "127.0.0.1")
                            .body())
                    .contains("\"active\":true");
        }
    }

    @Test
    void rateLimit_counts_andForbidsCaches() throws Exception {
        IssuedKey key = service.issue();
        try (Verifying server = start(servlet().rateLimit(Bucket4jRateLimit.local(RateQuota.perMinute(2))))) {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer = server.introspect(key);
                assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
                assertThat(answer.headers().firstValue("RateLimit")).isPresent();
            }
            HttpResponse<String> refused = server.introspect(key);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(server.batch(key.token().reveal(), "x").body())
                    .matches("\\{\"results\":\\[\\{\"status\":429,\"retry_after\":\\d+},\\{\"active\":false}]}");
        }
        service.keys().flush();
        assertThat(service.keys()
                        .audit(AuditFilter.everything().event(AuditEvent.RATE_LIMITED), PageRequest.first(10))
                        .items())
                .isNotEmpty();
    }

    /** A cache between both must not give one caller's answer to another, or one address's. */
    @Test
    void answerThatMayBeKept_namesWhatItDependsOn() throws Exception {
        IssuedKey key = service.issue();
        try (Verifying server = start(servlet())) {
            for (HttpResponse<String> answer :
                    List.of(server.introspect(key), server.batch(key.token().reveal()))) {
                assertThat(answer.headers().firstValue("Cache-Control").orElseThrow())
                        .startsWith("max-age=");
                assertThat(answer.headers().allValues("Vary")).containsExactly("Authorization, X-API-Key");
            }
        }
        try (Verifying server = start(servlet().gateways("127.0.0.1"))) {
            assertThat(server.introspect(key).headers().allValues("Vary"))
                    .containsExactly("Authorization, X-API-Key, X-Forwarded-For, Forwarded");
        }
    }

    @Test
    void outage_isNoInactiveToken() throws Exception {
        IssuedKey known = service.issue();
        IssuedKey unseen = service.issue();
        try (Verifying server = start(servlet())) {
            server.introspect(known);
            service.store().cutOff();

            HttpResponse<String> answer = server.introspect(unseen);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(server.batch(known.token().reveal(), unseen.token().reveal())
                            .body())
                    .startsWith("{\"results\":[{\"active\":true,")
                    .endsWith(",{\"status\":503,\"retry_after\":1}]}");
        }
    }

    @Test
    void batch_answersInOrder_upTo100() throws Exception {
        String good = service.issue().token().reveal();
        String[] hundred = new String[100];
        Arrays.fill(hundred, "x");
        hundred[99] = good;
        try (Verifying server = start(servlet())) {
            HttpResponse<String> answer = server.batch(hundred);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).startsWith("{\"results\":[" + (INACTIVE + ",").repeat(99) + "{\"active\":true,");
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");

            String[] more = Arrays.copyOf(hundred, 101);
            more[100] = "x";
            assertThat(server.batch(more).statusCode()).isEqualTo(400);
            assertThat(server.batch().statusCode()).isEqualTo(400);
            for (String body : new String[] {
                "",
                "[]",
                "{}",
                "{\"tokens\":\"x\"}",
                "{\"tokens\":[1]}",
                "{\"tokens\":[\"x\"],\"tokens\":[\"y\"]}",
                "{\"tokens\":[\"x\"]} {}",
                "{\"tokens\":[[\"x\"]]}",
                "{\"tokens\":[\"x\",null]}"
            }) {
                assertThat(server.post("/keys/introspect/batch", body, "application/json")
                                .statusCode())
                        .as(body)
                        .isEqualTo(400);
            }
            assertThat(server.post(
                                    "/keys/introspect/batch",
                                    "{\"more\":{\"a\":[1]},\"tokens\":[\"x\"]}",
                                    "application/json")
                            .body())
                    .isEqualTo("{\"results\":[" + INACTIVE + "]}");
        }
    }

    @Test
    void failure_deniesAndTellsNothing() throws Exception {
        VerificationServlet broken = VerificationServlet.builder(service.keys())
                .introspection(Callers.by(request -> {
                    throw new IllegalStateException("myk_secret of the host");
                }))
                .build();
        try (Verifying server = Verifying.at(Container.JETTY, broken, "")) {
            RawHttp.Answer answer = server.introspectRaw("x");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("myk_secret").contains("internal_error");
            assertThat(answer.header("X-Correlation-Id")).hasSize(1);
        }
    }
}
