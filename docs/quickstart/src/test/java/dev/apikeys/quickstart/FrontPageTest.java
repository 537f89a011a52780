package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The front page as it is sent: who sees what, and who can log in from where. */
class FrontPageTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final HttpClient http = HttpClient.newHttpClient();
    private Quickstart quickstart;

    @BeforeEach
    void start() throws Exception {
        Settings settings = Settings.inDirectory(Path.of("never-used")).onPort(0);
        quickstart = Quickstart.start(settings.database("jdbc:h2:mem:" + UUID.randomUUID()));
    }

    @AfterEach
    void stop() {
        quickstart.close();
    }

    private HttpResponse<String> send(String method, String path, String form, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("Accept", "text/html,*/*;q=0.8"));
        if (!form.isEmpty()) {
            all.addAll(List.of("Content-Type", FORM));
        }
        all.addAll(List.of(headers));
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + quickstart.port() + path))
                        .method(method, BodyPublishers.ofString(form))
                        .headers(all.toArray(String[]::new))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> login(String name, String password, String... headers) throws Exception {
        return send("POST", "/login", "username=" + name + "&password=" + password, headers);
    }

    private static String cookie(HttpResponse<String> loggedIn) {
        return loggedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    private String pageOf(String name, String path) throws Exception {
        HttpResponse<String> loggedIn = login(name, name + "-password");
        assertThat(loggedIn.statusCode()).isEqualTo(303);
        assertThat(loggedIn.headers().firstValue("Location")).hasValue(".");
        return send("GET", path, "", "Cookie", cookie(loggedIn)).body();
    }

    @Test
    void frontPage_withoutSession_isTheFormForBrowsers_andTextForOthers() throws Exception {
        HttpResponse<String> form = send("GET", "/", "");

        assertThat(form.statusCode()).isEqualTo(200);
        assertThat(form.body())
                .contains("<form method=\"post\" action=\"login\">")
                .doesNotContain("<api-keys", "<script", " style=", " onclick=");
        assertThat(form.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(form.headers().map())
                .containsEntry("cache-control", List.of("no-store"))
                .containsEntry("referrer-policy", List.of("no-referrer"))
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("vary", List.of("Accept, Cookie"));
        HttpResponse<String> text = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + quickstart.port() + "/"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(text.body()).startsWith("The demo listens on http://127.0.0.1:" + quickstart.port());
    }

    @Test
    void frontPage_ofEachRole_hasTheElementsThatItMayUse() throws Exception {
        Map<String, List<String>> views = Map.of(
                "bob", List.of("yours", "workspaces"),
                "alice", List.of("yours", "workspaces", "organization"),
                "root", List.of("yours", "workspaces", "organization", "everybody"));
        for (String name : views.keySet()) {
            String page = pageOf(name, "/");
            assertThat(page).contains("<api-keys base=\"/me/api-keys\">", "src=\"me/api-keys/page/api-keys.js\"");
            for (String view : List.of("yours", "workspaces", "organization", "everybody")) {
                assertThat(page.contains("?show=" + view))
                        .as(name + " " + view)
                        .isEqualTo(views.get(name).contains(view));
            }
        }
        assertThat(pageOf("root", "/?show=everybody")).contains("<api-keys base=\"/api/admin/api-keys\">");
        assertThat(pageOf("alice", "/?show=everybody")).contains("<api-keys base=\"/me/api-keys\">");
        assertThat(pageOf("alice", "/?show=%3Cscript%3E")).doesNotContain("<script>");
    }

    @Test
    void login_byTheForm_withAWrongPassword_saysSoOnTheForm() throws Exception {
        HttpResponse<String> refused = login("%3Cimg%20src%3Dx%3E", "alice-password");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body())
                .contains("<p role=\"alert\">Not logged in: wrong username or password", "action=\"login\"")
                .doesNotContain("<img");
        assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(login("alice", "").statusCode()).isEqualTo(401);
        assertThat(send("POST", "/login", "username=alice").statusCode()).isEqualTo(400);
    }

    /** Otherwise a page of somebody else could log its visitors in as a user of its choice, who would see what they do. */
    @Test
    void login_fromAnotherSite_isRefused() throws Exception {
        for (String site : List.of("cross-site", "same-site")) {
            HttpResponse<String> refused = login("alice", "alice-password", "Sec-Fetch-Site", site);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
        }
        assertThat(login("alice", "alice-password", "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(303);
    }

    @Test
    void logout_fromAnotherSite_endsNoSession() throws Exception {
        String session = cookie(login("alice", "alice-password"));

        send("POST", "/logout", "", "Cookie", session, "Sec-Fetch-Site", "cross-site");
        assertThat(send("GET", "/", "", "Cookie", session).body()).contains("<api-keys");
        send("POST", "/logout", "", "Cookie", session, "Sec-Fetch-Site", "same-origin");
        assertThat(send("GET", "/", "", "Cookie", session).body()).doesNotContain("<api-keys");
    }

    @Test
    void filesOfTheFrontPage_haveTheirTypes() throws Exception {
        assertThat(send("GET", "/front.css", "").headers().firstValue("Content-Type"))
                .hasValue("text/css;charset=utf-8");
        assertThat(send("GET", "/front.js", "").headers().firstValue("Content-Type"))
                .hasValue("text/javascript;charset=utf-8");
        assertThat(send("GET", "/me/api-keys/page/api-keys.js", "").statusCode())
                .isEqualTo(200);
    }
}
