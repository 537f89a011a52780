package com.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.gateway.VerificationServlet;
import dev.apikeys.servlet.ApiKeyFilter;
import dev.apikeys.servlet.ApiKeyFilterBuilder;
import dev.apikeys.servlet.ClientAddress;
import dev.apikeys.servlet.RateLimit;
import dev.apikeys.servlet.RateQuota;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testservers.PathVariants;
import dev.apikeys.testservers.RawHttp;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The configurations of this example in gateways that run. */
class RealGatewayTest {
    private final FaultyStore store = new FaultyStore();
    private final KeyService keys =
            KeyService.builder(store).lease(VerificationServer.lease()).build();
    private final String reader = issue("alice", "read:systems");
    private ServletServer verification;
    private Backend backend;
    private RunningGateway gateway;

    @AfterEach
    void close() throws Exception {
        store.heal();
        for (AutoCloseable closeable : new AutoCloseable[] {gateway, verification, backend, keys}) {
            if (closeable != null) {
                closeable.close();
            }
        }
    }

    private String issue(String user, String scope) {
        return issue(KeySpec.forUser(user, "org_1"), scope).token().reveal();
    }

    private IssuedKey issue(KeySpec spec, String scope) {
        return keys.issue(spec.named(scope).scopes(scope));
    }

    private void start(Product product, VerificationServlet servlet) throws Exception {
        verification =
                ServletServer.in(Container.JETTY).servlet(servlet, "/keys/*").start();
        backend = new Backend();
        gateway = RunningGateway.start(product, verification.port(), backend.port());
    }

    private void start(Product product, ApiKeyFilterBuilder rules) throws Exception {
        start(
                product,
                VerificationServlet.builder(keys)
                        .gateways("127.0.0.1")
                        .forwardAuthentication(
                                rules.clientAddress(ClientAddress.behindProxies("127.0.0.1"))
                                        .build(),
                                product.gateway())
                        .build());
    }

    private RawHttp.Answer get(String target, String... lines) {
        return RawHttp.get(gateway.port(), target, lines);
    }

    private static String key(String token) {
        return "X-API-Key: " + token;
    }

    @ParameterizedTest
    @EnumSource
    void gateway_letsInByTheRules_andSaysWhoItIs(Product product) throws Exception {
        start(product, VerificationServer.servlet(keys, product.gateway()));

        for (String credential : List.of(key(reader), "Authorization: Bearer " + reader)) {
            RawHttp.Answer good = get("/systems/7?q=1", credential);
            assertThat(good.status()).isEqualTo(200);
            assertThat(good.body()).contains("reached");
            List<String> heads = backend.take();
            assertThat(heads).hasSize(1);
            assertThat(heads.get(0)).startsWith("GET /systems/7?q=1 HTTP/1.");
            assertThat(Backend.header(heads.get(0), "X-Api-Key-Subject")).isEqualTo("alice");
            assertThat(Backend.header(heads.get(0), "X-Api-Key-Organization")).isEqualTo("org_1");
            assertThat(Backend.header(heads.get(0), "X-Api-Key-Scopes")).isEqualTo("read:systems");
            assertThat(Backend.header(heads.get(0), "X-Api-Key-Id")).hasSize(36);
            assertThat(heads.get(0)).as("the service needs no key").doesNotContain(reader);
        }

        RawHttp.Answer none = get("/systems/7");
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).containsExactly("Bearer");
        RawHttp.Answer wrong = get("/systems/7", key(reader + "0"));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.header("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
        RawHttp.Answer scope = RawHttp.request(gateway.port(), "DELETE", "/systems/7", key(reader));
        assertThat(scope.status()).isEqualTo(403);
        assertThat(scope.header("WWW-Authenticate"))
                .containsExactly("Bearer error=\"insufficient_scope\", scope=\"manage:systems\"");
        assertThat(get("/elsewhere", key(reader)).status()).isEqualTo(403);
        assertThat(get("/systems", key(reader), key(reader)).status()).isEqualTo(400);
        assertThat(get("/systems", key(reader), "Authorization: Bearer " + reader)
                        .status())
                .isEqualTo(400);
        assertThat(backend.take()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void otherAnswers_arriveWithWhenToTryAgain(Product product) throws Exception {
        String limited = issue("limited", "read:systems");
        RateQuota quota = RateQuota.perSecond(1);
        start(
                product,
                ApiKeyFilter.builder(keys)
                        .require("GET", "/systems/**", "read:systems")
                        .rateLimit(principal -> principal.getName().equals("limited")
                                ? new RateLimit.Decision.Refused(quota, Duration.ofSeconds(7))
                                : new RateLimit.Decision.Allowed(quota, 1, Duration.ZERO)));

        RawHttp.Answer tooMany = get("/systems", key(limited));
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.header("Retry-After")).containsExactly("7");

        store.cutOff();
        RawHttp.Answer away = get("/systems", key(reader));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.header("Retry-After")).containsExactly("1");
        assertThat(backend.take()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsLetIn_whereNobodyCanBeAsked(Product product) throws Exception {
        backend = new Backend();
        gateway = RunningGateway.start(product, RunningGateway.freePort(), backend.port());

        assertThat(get("/systems", key(reader)).status()).isIn(502, 503);
        assertThat(get("/health").status()).isIn(502, 503);
        assertThat(backend.take()).isEmpty();
    }

    /** HAProxy goes on with a request when its script breaks off, for example because its memory is used up. */
    @Test
    void scriptThatFails_letsNobodyIn() throws Exception {
        verification = ServletServer.in(Container.JETTY)
                .servlet(VerificationServer.servlet(keys, Product.HAPROXY.gateway()), "/keys/*")
                .start();
        backend = new Backend();
        gateway = RunningGateway.start(
                Product.HAPROXY,
                verification.port(),
                backend.port(),
                text -> text.replace("core.httpclient()", "error(\"not enough memory\")"));

        for (String target : List.of("/systems", "/health")) {
            RawHttp.Answer answer = get(target, key(reader));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).containsExactly("1");
        }
        assertThat(backend.take()).isEmpty();
    }

    /** Together with Host and Connection as many lines as HAProxy takes. */
    @ParameterizedTest
    @EnumSource
    void asManyCredentialsAsFit_areRefused_andTheGatewayGoesOn(Product product) throws Exception {
        start(product, VerificationServer.servlet(keys, product.gateway()));
        String[] many = Collections.nCopies(99, key("a")).toArray(String[]::new);

        assertThat(get("/systems", many).status()).isEqualTo(400);
        assertThat(get("/systems", key(reader)).status()).isEqualTo(200);
        assertThat(backend.take()).hasSize(1);
    }

    /** Trying again, as after 503, would not help. */
    @ParameterizedTest
    @EnumSource
    void headThatTheVerificationServerDoesNotTake_isTooLarge(Product product) throws Exception {
        start(product, VerificationServer.servlet(keys, product.gateway()));

        RawHttp.Answer answer = get("/systems?" + "a".repeat(8_000), key(reader), "Cookie: " + "a".repeat(4_000));
        assertThat(answer.status()).isEqualTo(431);
        assertThat(answer.header("Retry-After")).isEmpty();
        assertThat(backend.take()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void identityThatTheClientClaims_neverArrives(Product product) throws Exception {
        start(product, VerificationServer.servlet(keys, product.gateway()));
        String[] forged = {
            "X-Api-Key-Id: 1", "X-Api-Key-Subject: mallory", "x-api-key-subject: mallory",
            "X-Api-Key-Organization: mallory", "X-Api-Key-Scopes: mallory", "X-API-KEY-SCOPES: mallory"
        };

        assertThat(get("/health", forged).status()).isEqualTo(200);
        String[] withKey = Arrays.copyOf(forged, forged.length + 1);
        withKey[forged.length] = key(reader);
        assertThat(get("/systems", withKey).status()).isEqualTo(200);

        List<String> heads = backend.take();
        assertThat(heads).hasSize(2).allSatisfy(head -> assertThat(head).doesNotContain("mallory"));
        assertThat(heads.get(0).toLowerCase(Locale.ROOT)).doesNotContain("x-api-key-id: 1");
        assertThat(Backend.header(heads.get(1), "X-Api-Key-Subject")).isEqualTo("alice");
    }

    /** Many servers take an underscore for a hyphen, and what a client names in Connection ends at the gateway. */
    @ParameterizedTest
    @EnumSource
    void identityThatTheKeyHas_isNeitherTakenAwayNorJoined(Product product) throws Exception {
        start(product, VerificationServer.servlet(keys, product.gateway()));
        String[] forged = {
            "Connection: X-Api-Key-Subject, X-Api-Key-Scopes, X-Api-Key-Organization",
            "X_Api_Key_Subject: mallory",
            "x_api_key_scopes: mallory",
            "X-Api_Key-Organization: mallory",
            "X-Api-Key_Subject: mallory",
            "X_API-KEY-ID: mallory"
        };
        String[] withKey = Arrays.copyOf(forged, forged.length + 1);
        withKey[forged.length] = key(reader);

        assertThat(get("/health", forged).status()).isEqualTo(200);
        assertThat(get("/systems/7", withKey).status()).isEqualTo(200);

        List<String> heads = backend.take();
        assertThat(heads).hasSize(2).allSatisfy(head -> assertThat(head).doesNotContain("mallory"));
        assertThat(Backend.header(heads.get(1), "X-Api-Key-Subject")).isEqualTo("alice");
        assertThat(Backend.header(heads.get(1), "X-Api-Key-Scopes")).isEqualTo("read:systems");
        assertThat(Backend.header(heads.get(1), "X-Api-Key-Organization")).isEqualTo("org_1");
    }

    /** What came behind it would be asked about by nobody. */
    @ParameterizedTest
    @EnumSource
    void upgradeOfTheConnection_isNotPassedOn(Product product) throws Exception {
        start(product, VerificationServer.servlet(keys, product.gateway()));
        String[] protocols = {"h2c", "websocket", "anything"};
        for (String protocol : protocols) {
            get(
                    "/health",
                    "Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: " + protocol,
                    "HTTP2-Settings: AAMAAABkAAQAAP__",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13");
        }

        List<String> heads = backend.take();
        assertThat(heads).hasSize(protocols.length).allSatisfy(head -> {
            assertThat(Backend.header(head, "Upgrade")).isNull();
            assertThat(head.toLowerCase(Locale.ROOT)).doesNotContain("connection: upgrade");
        });
    }

    @ParameterizedTest
    @EnumSource
    void keptAnswer_isForOneCredentialAlone(Product product) throws Exception {
        start(product, VerificationServer.servlet(keys, product.gateway()));
        String other = issue("bob", "read:systems");
        String without = issue("carol", "read:users");
        for (int again = 0; again < 3; again++) {
            assertThat(get("/systems", key(reader)).status()).isEqualTo(200);
            assertThat(get("/systems", key(other)).status()).isEqualTo(200);
            assertThat(get("/systems", key(without)).status()).isEqualTo(403);
            assertThat(get("/systems").status()).isEqualTo(401);
            assertThat(get("/systems", key(reader + "0")).status()).isEqualTo(401);
            assertThat(get("/systems", key(reader), key(other)).status()).isEqualTo(400);
            assertThat(get("/systems", key(reader), key(reader)).status()).isEqualTo(400);
            assertThat(get("/systems", key(reader), "Authorization: Bearer " + other)
                            .status())
                    .isEqualTo(400);
            assertThat(RawHttp.request(gateway.port(), "DELETE", "/systems", key(reader))
                            .status())
                    .isEqualTo(403);
            assertThat(backend.take().stream().map(head -> Backend.header(head, "X-Api-Key-Subject")))
                    .containsExactly("alice", "bob");
        }
    }

    @ParameterizedTest
    @EnumSource
    void gateway_writesNoTokenToItsDisk(Product product) throws Exception {
        start(product, VerificationServer.servlet(keys, product.gateway()));
        assertThat(get("/systems", key(reader)).status()).isEqualTo(200);
        assertThat(get("/systems", "Authorization: Bearer " + reader).status()).isEqualTo(200);
        assertThat(get("/systems/../x", key(reader)).status()).isGreaterThanOrEqualTo(400);

        String secret = reader.substring(reader.indexOf('.') + 1);
        int answers = 0;
        try (Stream<Path> files = Files.walk(gateway.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                answers += file.startsWith(gateway.folder().resolve("answers")) ? 1 : 0;
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(secret);
            }
        }
        assertThat(answers > 0).as("nginx has kept answers").isEqualTo(product == Product.NGINX);
    }

    /** HAProxy reads HTTP/2 on a port without TLS, too; the other two want a setting for it. */
    @Test
    void clientOfHttp2_isLetInByTheSameRules() throws Exception {
        start(Product.HAPROXY, VerificationServer.servlet(keys, Product.HAPROXY.gateway()));
        int port = gateway.port();

        assertThat(PriorKnowledge.send(port, "GET", "/systems/7?q=1", "x-api-key", reader))
                .isEqualTo(200);
        List<String> heads = backend.take();
        assertThat(heads).hasSize(1);
        assertThat(heads.get(0)).startsWith("GET /systems/7?q=1 HTTP/1.");
        assertThat(Backend.header(heads.get(0), "X-Api-Key-Subject")).isEqualTo("alice");

        assertThat(PriorKnowledge.send(port, "GET", "/health")).isEqualTo(200);
        assertThat(PriorKnowledge.send(port, "GET", "/systems/7")).isEqualTo(401);
        assertThat(PriorKnowledge.send(port, "DELETE", "/systems/7", "x-api-key", reader))
                .isEqualTo(403);
        assertThat(PriorKnowledge.send(port, "GET", "/systems/../x", "x-api-key", reader))
                .isEqualTo(400);
        assertThat(backend.take()).hasSize(1);
    }

    /** Neither the path that was sent nor the one that arrived is one that the key may not have, whoever reads it. */
    @ParameterizedTest
    @EnumSource
    void protectedPath_underAnySpelling_isNotReached(Product product) throws Exception {
        start(
                product,
                ApiKeyFilter.builder(keys)
                        .permitAll("*", "/public/**")
                        .require("*", "/admin/secret/**", "manage:secret")
                        .requireKey("*", "/admin/**"));
        Set<String> variants = PathVariants.of("/admin/secret/x");
        assertThat(variants).hasSizeGreaterThan(500);
        int reached = 0;
        for (String variant : variants) {
            get(
                    variant,
                    key(reader),
                    "X-Original-URI: /public/a",
                    "X-Original-Method: GET",
                    "X-Forwarded-Uri: /public/a",
                    "X-Forwarded-Method: GET",
                    "X-Forwarded-Prefix: /public",
                    "X-Original-URL: /public/a",
                    "X-Rewrite-URL: /public/a");
            for (String head : backend.take()) {
                reached++;
                String target = head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/"));
                for (String path : new String[] {variant, target}) {
                    assertThat(PathVariants.readings(path.split("\\?", 2)[0]))
                            .as("%s reached the service as %s", variant, target)
                            .noneMatch(read -> read.equals("/admin/secret") || read.startsWith("/admin/secret/"));
                }
            }
        }
        assertThat(get("/admin/x", key(reader)).status()).isEqualTo(200);
        System.out.printf("%s: %d spellings, %d of them reached another path%n", product, variants.size(), reached);
    }
}
