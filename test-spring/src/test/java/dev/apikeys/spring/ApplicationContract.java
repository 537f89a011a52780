package dev.apikeys.spring;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** What holds for a whole application, whatever the version of Spring Boot, the server and the database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApplicationContract {
    private final Class<?> server;
    private final Databases database;
    private ConfigurableApplicationContext application;
    private KeyService keys;
    private Client client;

    ApplicationContract(Class<?> server, Databases database) {
        this.server = server;
        this.database = database;
    }

    @BeforeAll
    void start() {
        SpringApplication spring = new SpringApplication(Application.class, server);
        spring.setDefaultProperties(Map.ofEntries(
                entry("server.port", "0"),
                entry("spring.main.banner-mode", "off"),
                entry("spring.flyway.enabled", "false"),
                entry("spring.datasource.url", database.url()),
                entry("spring.datasource.username", database.user()),
                entry("spring.sql.init.mode", "always"),
                entry("spring.sql.init.schema-locations", "classpath:org/springframework/session/jdbc/schema-%s.sql".formatted(database.name().toLowerCase(Locale.ROOT))),
                entry("apikeys.scopes", "read:systems,manage:systems"),
                entry("apikeys.management.personal.path", "/me/api-keys"),
                entry("apikeys.management.admin.path", "/api/admin/api-keys"),
                entry("apikeys.keys.max-active-personal", "1000")));
        application = spring.run();
        keys = application.getBean(KeyService.class);
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private Client client() {
        if (client == null) {
            client = new Client(application.getEnvironment().getProperty("local.server.port"));
        }
        return client;
    }

    private Client newClient() {
        return new Client(application.getEnvironment().getProperty("local.server.port"));
    }

    private IssuedKey issue(Mode mode) {
        return keys.issue(KeySpec.forUser("alice", "org_1")
                .named("CRM " + UUID.randomUUID())
                .mode(mode));
    }

    private static String bearer(IssuedKey key) {
        return "Bearer " + key.token().reveal();
    }

    @Test
    void key_isAccepted_byBothHeaders() throws Exception {
        IssuedKey key = issue(Mode.READ);

        HttpResponse<String> bearer = client().get("/systems", "Authorization", bearer(key));
        HttpResponse<String> header =
                client().get("/systems", "X-API-Key", key.token().reveal());

        assertThat(bearer.statusCode()).isEqualTo(200);
        assertThat(bearer.body()).contains("alice", key.key().name());
        assertThat(bearer.headers().allValues("Vary")).anyMatch(value -> value.contains("Authorization"));
        assertThat(header.statusCode()).isEqualTo(200);
    }

    @Test
    void badKey_isRefused_byTheChallengeOfTheContract() throws Exception {
        IssuedKey key = issue(Mode.READ);
        String wrong = key.token().reveal().substring(0, 30) + "0".repeat(47);

        HttpResponse<String> refused = client().get("/systems", "Authorization", "Bearer " + wrong);

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer error=\"invalid_token\"");
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void severalCredentials_areRefused() throws Exception {
        String token = issue(Mode.READ).token().reveal();

        assertThat(client()
                        .get("/systems", "Authorization", "Bearer " + token, "X-API-Key", token)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void noCredential_isChallenged_andABrowserIsSentToTheLoginPage() throws Exception {
        HttpResponse<String> program = client().get("/systems", "Accept", "application/json");
        HttpResponse<String> browser = client().get("/systems", "Accept", "text/html");

        assertThat(program.statusCode()).isEqualTo(401);
        assertThat(program.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(browser.statusCode()).isEqualTo(302);
        assertThat(browser.headers().firstValue("Location").orElseThrow()).endsWith("/login");
    }

    @Test
    void missingScope_isNamed_whateverTheRule() throws Exception {
        IssuedKey key = issue(Mode.READ);

        HttpResponse<String> byRule = client().get("/admin/systems", "Authorization", bearer(key));
        HttpResponse<String> byMethod = client().post("/systems", "", "Authorization", bearer(key));

        assertThat(byRule.statusCode()).isEqualTo(403);
        assertThat(byRule.headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer error=\"insufficient_scope\", scope=\"manage:everything\"");
        assertThat(byMethod.statusCode()).isEqualTo(403);
        assertThat(byMethod.headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer error=\"insufficient_scope\", scope=\"manage:systems\"");
    }

    @Test
    void wildcard_countsInEveryRule_andNoCsrfTokenIsNeeded() throws Exception {
        IssuedKey key = issue(Mode.WRITE);

        assertThat(client().get("/admin/systems", "Authorization", bearer(key)).statusCode())
                .isEqualTo(200);
        assertThat(client().post("/systems", "", "Authorization", bearer(key)).statusCode())
                .isEqualTo(201);
    }

    @Test
    void csrfToken_isNeededByEachRequestWithoutAKey_alsoBehindOneWithAKey() throws Exception {
        IssuedKey key = issue(Mode.WRITE);
        Client alice = newClient();
        alice.login("alice", "correct horse");

        HttpResponse<String> byKey = alice.post("/systems", "", "Authorization", bearer(key));
        HttpResponse<String> bySession = alice.post("/systems", "");
        HttpResponse<String> byBadKey = alice.post("/systems", "", "Authorization", bearer(key) + "0");
        HttpResponse<String> byAnotherToken = alice.post("/systems", "", "Authorization", "Bearer nonsense");

        assertThat(byKey.statusCode()).isEqualTo(201);
        assertThat(bySession.statusCode()).isEqualTo(403);
        assertThat(byBadKey.statusCode()).isEqualTo(401);
        assertThat(byAnotherToken.statusCode()).isEqualTo(403);
    }

    @Test
    void errorPage_isTheApplications() throws Exception {
        IssuedKey key = issue(Mode.READ);

        HttpResponse<String> failed = client().get("/fail", "Authorization", bearer(key), "Accept", "application/json");
        HttpResponse<String> missing =
                client().get("/systems/nowhere", "Authorization", bearer(key), "Accept", "application/json");

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).contains("\"path\":\"/fail\"", "Internal Server Error");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("\"path\":\"/systems/nowhere\"", "Not Found");
    }

    @Test
    void asyncAndStreaming_keepTheKey_alsoNextToTheSessionOfSomebodyElse() throws Exception {
        IssuedKey key = issue(Mode.READ);
        Client root = newClient();
        root.login("root", "correct horse");

        assertThat(root.get("/whoami").body()).endsWith("root");
        assertThat(root.get("/whoami", "Authorization", bearer(key)).body()).isEqualTo("ApiKeyAuthentication alice");
        assertThat(root.get("/async", "Authorization", bearer(key)).body()).isEqualTo("alice");
        assertThat(root.get("/stream", "Authorization", bearer(key)).body()).hasLineCount(1_000);
        assertThat(root.get("/whoami").body()).endsWith("root");
    }

    @Test
    void keyRevoked_inTheMiddleOfASession_endsAtOnce() throws Exception {
        IssuedKey key = issue(Mode.READ);
        Client alice = newClient();
        alice.login("alice", "correct horse");
        assertThat(alice.get("/systems", "Authorization", bearer(key)).statusCode())
                .isEqualTo(200);

        keys.revoke(KeyRef.of(key.key().id()), Actor.of("test"), "");

        assertThat(alice.get("/systems", "Authorization", bearer(key)).statusCode())
                .isEqualTo(401);
        assertThat(alice.get("/whoami", "Authorization", bearer(key)).statusCode())
                .isEqualTo(401);
        assertThat(alice.get("/whoami").statusCode()).isEqualTo(200);
    }

    @Test
    void storeThatCantBeAsked_isA503() throws Exception {
        IssuedKey cold = issue(Mode.READ);
        JdbcTemplate sql = new JdbcTemplate(application.getBean(DataSource.class));
        sql.execute("ALTER TABLE api_key_credential RENAME TO api_key_credential_away");
        try {
            HttpResponse<String> answer = client().get("/systems", "Authorization", bearer(cold));

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        } finally {
            sql.execute("ALTER TABLE api_key_credential_away RENAME TO api_key_credential");
        }
        assertThat(client().get("/systems", "Authorization", bearer(cold)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void thousandRequests_makeNoSessionRowAndNoCookie() throws Exception {
        IssuedKey key = issue(Mode.WRITE);
        Client counted = newClient();
        int before = sessionRows();

        for (int i = 0; i < 250; i++) {
            counted.get("/systems", "Authorization", bearer(key));
            counted.post("/systems", "", "Authorization", bearer(key));
            counted.get("/fail", "Authorization", bearer(key));
            counted.get("/systems", "Authorization", bearer(key) + "x");
        }

        assertThat(counted.cookies().getCookieStore().getCookies()).isEmpty();
        assertThat(sessionRows()).isEqualTo(before);
        counted.login("alice", "correct horse");
        assertThat(sessionRows()).as("rows once somebody logs in").isGreaterThan(before);
    }

    private int sessionRows() {
        Integer rows = new JdbcTemplate(application.getBean(DataSource.class))
                .queryForObject("SELECT count(*) FROM SPRING_SESSION", Integer.class);
        return rows == null ? 0 : rows;
    }

    @Test
    void peopleManageTheirKeys_withTheSessionAndTheCsrfTokenOfTheApplication() throws Exception {
        Client alice = newClient();
        alice.login("alice", "correct horse");
        String body = "{\"name\":\"from the page\",\"mode\":\"read\",\"password\":\"correct horse\"}";

        HttpResponse<String> forged = alice.post("/me/api-keys", body, "Content-Type", "application/json");
        HttpResponse<String> created = alice.post(
                "/me/api-keys", body, "Content-Type", "application/json", "X-CSRF-TOKEN", alice.csrf());
        HttpResponse<String> wrongPassword = alice.post(
                "/me/api-keys",
                body.replace("correct horse", "guess"),
                "Content-Type",
                "application/json",
                "X-CSRF-TOKEN",
                alice.csrf());
        HttpResponse<String> listed = alice.get("/me/api-keys");

        assertThat(forged.statusCode()).isEqualTo(403);
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.body()).contains("\"token\":\"myk_");
        assertThat(wrongPassword.body()).contains("incorrect_password");
        assertThat(listed.body()).contains("from the page");
    }

    @Test
    void strangersAndKeys_manageNothing_andGetJson() throws Exception {
        IssuedKey key = issue(Mode.WRITE);

        HttpResponse<String> stranger = client().get("/me/api-keys", "Accept", "text/html");
        HttpResponse<String> byKey = client().get("/me/api-keys", "Authorization", bearer(key));
        HttpResponse<String> document = client().get("/me/api-keys/openapi.yaml", "Accept", "text/html");

        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.body()).isEqualTo("{\"code\":401,\"message\":\"invalid token\",\"data\":null}");
        assertThat(byKey.statusCode()).isEqualTo(403);
        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(document.body()).startsWith("openapi:");
    }

    /** Clients of a family know one envelope, whoever answers; also to the first request of all. */
    @Test
    void credentials_thatAreRefusedInFrontOfAFamily_getItsEnvelope() throws Exception {
        String token = issue(Mode.READ).token().reveal();

        HttpResponse<String> bad = client().get("/me/api-keys", "X-API-Key", token + "0");
        HttpResponse<String> two = client()
                .get("/api/admin/api-keys", "Authorization", "Bearer " + token, "X-API-Key", token);

        assertThat(bad.statusCode()).isEqualTo(401);
        assertThat(bad.body()).isEqualTo("{\"code\":401,\"message\":\"invalid token\",\"data\":null}");
        assertThat(two.statusCode()).isEqualTo(400);
        assertThat(two.body()).isEqualTo("{\"error\":\"bad_request\",\"message\":\"Malformed request\"}");
    }

    @Test
    void administrators_areThoseWithTheAuthority() throws Exception {
        Client alice = newClient();
        alice.login("alice", "correct horse");
        Client root = newClient();
        root.login("root", "correct horse");

        assertThat(alice.get("/api/admin/api-keys").statusCode()).isEqualTo(403);
        assertThat(root.get("/api/admin/api-keys").statusCode()).isEqualTo(200);
    }
}
