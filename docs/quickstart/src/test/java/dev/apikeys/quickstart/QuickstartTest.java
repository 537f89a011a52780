package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apikeys.quickstart.Client.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new user tries, over real HTTP. */
class QuickstartTest {
    private Quickstart quickstart;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        quickstart = Quickstart.start(settings().database("jdbc:h2:mem:" + UUID.randomUUID()));
        client = Client.of(quickstart);
    }

    @AfterEach
    void stop() {
        quickstart.close();
    }

    private static Settings settings() {
        return Settings.inDirectory(Path.of("never-used")).onPort(0).writingUsageEvery(Duration.ofMillis(100));
    }

    @Test
    void key_mintedInASession_opensTheApiUntilItIsRevoked() {
        Client session = client.session("alice");

        JsonNode minted = session.mint("alice", "read").body().path("data");
        Client key = client.bearer(minted.path("token").asText());

        assertThat(session.get("/me/api-keys").body().at("/data/api_keys/0/id")).isEqualTo(minted.path("id"));
        assertThat(key.get("/api/systems").status()).isEqualTo(200);

        assertThat(session.delete("/me/api-keys/" + minted.path("id").asText()).status())
                .isEqualTo(200);
        assertThat(key.get("/api/systems").status()).isEqualTo(401);
    }

    @Test
    void key_inTheOtherHeader_isAcceptedAsWell() {
        assertThat(client.with("X-API-Key", client.token("alice", "read"))
                        .get("/api/systems")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void readKey_thatWantsToWrite_isToldWhichScopeIsMissing() {
        Answer refused = client.bearer(client.token("alice", "read")).post("/api/systems", "{\"name\":\"B\"}");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer error=\"insufficient_scope\", scope=\"manage:systems\"");
    }

    @Test
    void key_usedTooOften_isToldWhenToComeAgain() {
        Client key = client.bearer(client.token("alice", "read"));
        Answer answer = key.get("/api/systems");
        assertThat(answer.headers().firstValue("RateLimit-Policy")).hasValue("\"per-key\";q=100;w=2");
        assertThat(answer.headers().firstValue("RateLimit")).hasValue("\"per-key\";r=99;t=1");

        for (int i = 0; i < 10_000 && answer.status() == 200; i++) {
            answer = key.get("/api/systems");
        }

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(client.bearer(client.token("bob", "read"))
                        .get("/api/systems")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void writeKey_whoseOwnerMayOnlyRead_mayOnlyRead() {
        Client key = client.bearer(client.token("bob", "write"));

        assertThat(key.get("/api/systems").status()).isEqualTo(200);
        assertThat(key.post("/api/systems", "{\"name\":\"B\"}").status()).isEqualTo(403);
    }

    @Test
    void destroying_isForSessionsAndNeverForKeys() {
        Client key = client.bearer(client.token("alice", "write"));
        String id =
                key.post("/api/systems", "{\"name\":\"B\"}").body().path("id").asText();

        assertThat(key.delete("/api/systems/" + id).status()).isEqualTo(403);
        assertThat(client.session("bob").delete("/api/systems/" + id).status()).isEqualTo(403);
        assertThat(client.session("alice").delete("/api/systems/" + id).status())
                .isEqualTo(204);
    }

    @Test
    void organizations_seeTheirOwnSystemsAndKeysOnly() {
        Client alice = client.session("alice");
        Client carol = client.session("carol");
        String id = alice.mint("alice", "read").body().at("/data/id").asText();
        alice.post("/api/systems", "{\"name\":\"Of a\"}");

        assertThat(carol.get("/api/systems").body().path("systems")).hasSize(1);
        assertThat(carol.get("/me/api-keys").body().at("/data/api_keys")).isEmpty();
        assertThat(carol.delete("/me/api-keys/" + id).status()).isEqualTo(404);
    }

    @Test
    void sixthKey_isOneTooMany() {
        Client session = client.session("alice");
        for (int i = 0; i < 5; i++) {
            assertThat(session.mint("alice", "read").status()).isEqualTo(201);
        }

        Answer refused = session.mint("alice", "read");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().at("/data/errors/0/message").asText()).isEqualTo("max_keys_reached");
    }

    @Test
    void lastUse_isShownAfterTheNextWrite() {
        Client session = client.session("alice");
        String token = session.mint("alice", "read").body().at("/data/token").asText();

        assertThat(session.get("/me/api-keys")
                        .body()
                        .at("/data/api_keys/0/last_used_at")
                        .isNull())
                .isTrue();
        client.bearer(token).get("/api/systems");

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode key = session.get("/me/api-keys").body().at("/data/api_keys/0");
            assertThat(key.path("last_used_at").asText()).endsWith("Z");
            assertThat(key.path("last_used_ip").asText()).isEqualTo("127.0.0.1");
        });
    }

    @Test
    void keysOfASuspendedUser_stopAtOnceAndComeBack() {
        Client key = client.bearer(client.token("alice", "read"));
        Client session = client.session("alice");
        Client root = client.session("root");
        assertThat(key.get("/api/systems").status()).isEqualTo(200);

        assertThat(root.post("/demo/users/alice/suspend", "{}").status()).isEqualTo(200);
        assertThat(key.get("/api/systems").status()).isEqualTo(401);
        assertThat(session.get("/api/systems").status()).isEqualTo(401);
        assertThat(session.get("/me/api-keys").status()).isEqualTo(401);
        assertThat(client.login("alice", "alice-password").status()).isEqualTo(401);

        assertThat(root.post("/demo/users/alice/resume", "{}").status()).isEqualTo(200);
        assertThat(key.get("/api/systems").status()).isEqualTo(200);
    }

    @Test
    void suspending_isForTheAdministratorsSession() {
        String path = "/demo/users/bob/suspend";

        assertThat(client.post(path, "{}").status()).isEqualTo(401);
        assertThat(client.session("alice").post(path, "{}").status()).isEqualTo(403);
        assertThat(client.bearer(client.token("root", "write")).post(path, "{}").status())
                .isEqualTo(403);
        assertThat(client.session("root")
                        .post("/demo/users/nobody/suspend", "{}")
                        .status())
                .isEqualTo(404);
        assertThat(client.session("root").post("/demo/users/root/suspend", "{}").status())
                .isEqualTo(409);
    }

    @Test
    void whoami_showsWhatKeyAndSessionMayDoNow() {
        JsonNode key =
                client.bearer(client.token("alice", "read")).get("/api/whoami").body();
        JsonNode session = client.session("alice").get("/api/whoami").body();

        assertThat(key.path("credential").asText()).isEqualTo("key");
        assertThat(key.path("scopes")).map(JsonNode::asText).containsExactly("read:systems", "read:users");
        assertThat(session.path("credential").asText()).isEqualTo("session");
        assertThat(session.path("scopes"))
                .map(JsonNode::asText)
                .containsExactly("destroy:systems", "manage:systems", "manage:users", "read:systems", "read:users");
        assertThat(session.path("organization").asText()).isEqualTo("org_a");
    }

    @Test
    void sessionCookie_countsForOurOwnPagesOnly() {
        String cookie = client.login("alice", "alice-password")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        Client browser = client.with("Cookie", cookie.substring(0, cookie.indexOf(';')));

        assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict");
        assertThat(browser.get("/api/whoami").status()).isEqualTo(200);
        assertThat(browser.with("Sec-Fetch-Site", "same-origin")
                        .get("/api/whoami")
                        .status())
                .isEqualTo(200);
        assertThat(browser.with("Sec-Fetch-Site", "same-site")
                        .get("/api/whoami")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void login_withAWrongPassword_isRefused() {
        Answer refused = client.login("alice", "bob-password");

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body().path("error").asText()).isNotEmpty();
        assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(client.login("nobody", "nobody-password").status()).isEqualTo(401);
        assertThat(client.post("/login", "[]").status()).isEqualTo(400);
    }

    @Test
    void key_neverManagesKeys() {
        Client key = client.bearer(client.token("alice", "write"));

        assertThat(key.get("/me/api-keys").status()).isEqualTo(403);
        Answer refused = key.mint("alice", "read");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body().path("message").asText()).isEqualTo("insufficient permissions");
    }

    @Test
    void everythingElse_isShut() {
        Client key = client.bearer(client.token("root", "write"));
        Client session = client.session("root");

        assertThat(client.get("/api/systems").status()).isEqualTo(401);
        assertThat(client.bearer("guessed").get("/api/systems").status()).isEqualTo(401);
        for (String path : new String[] {"/api/other", "/api/systems/1/parts", "/api/whoami/x"}) {
            assertThat(key.get(path).status()).isEqualTo(403);
            assertThat(session.get(path).status()).isEqualTo(403);
        }
    }

    @Test
    void keys_outliveARestart(@TempDir Path directory) throws Exception {
        Settings settings = settings().database(Settings.inDirectory(directory).jdbcUrl());
        String token;
        try (Quickstart first = Quickstart.start(settings)) {
            token = Client.of(first).token("alice", "read");
        }
        try (Quickstart second = Quickstart.start(settings)) {
            assertThat(Client.of(second).bearer(token).get("/api/systems").status())
                    .isEqualTo(200);
        }
    }
}
