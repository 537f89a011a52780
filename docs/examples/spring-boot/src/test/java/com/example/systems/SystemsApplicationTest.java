package com.example.systems;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.provisioning.UserDetailsManager;

/** What the guide tells its reader to type. */
class SystemsApplicationTest {
    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final HttpClient program = HttpClient.newHttpClient();
    private String base = "";

    @Test
    void person_makesAKey_andAProgramUsesIt() throws Exception {
        try (ConfigurableApplicationContext application =
                SpringApplication.run(SystemsApplication.class, "--port=0", "--spring.main.banner-mode=off")) {
            base = "http://localhost:" + application.getEnvironment().getProperty("local.server.port");
            HttpResponse<String> login = send(
                    browser,
                    request("/login", "Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString("username=alice&password=correct-horse&_csrf=" + csrf())));
            assertThat(login.statusCode()).isEqualTo(302);

            HttpResponse<String> created = send(
                    browser,
                    request("/me/api-keys", "Content-Type", "application/json", "X-CSRF-TOKEN", csrf())
                            .POST(BodyPublishers.ofString(
                                    "{\"name\":\"CRM\",\"mode\":\"read\",\"password\":\"correct-horse\"}")));
            assertThat(created.statusCode()).isEqualTo(201);
            String token = find("\"token\":\"(acme_[^\"]+)\"", created.body());

            HttpResponse<String> listed = send(
                    program,
                    request("/systems", "Authorization", "Bearer " + token).GET());
            assertThat(listed.body()).contains("crm");
            HttpResponse<String> changed = send(
                    program,
                    request("/systems/crm", "Authorization", "Bearer " + token).PUT(BodyPublishers.ofString("down")));
            assertThat(changed.statusCode()).isEqualTo(403);
            assertThat(send(program, request("/systems").GET()).statusCode()).isEqualTo(401);

            assertThat(send(program, request("/actuator/prometheus").GET()).body())
                    .contains("apikeys_verifications_total{reason=\"none\",result=\"accepted\"}");
        }
    }

    @Test
    void personWhoIsDeleted_hasKeysThatOpenNothing() throws Exception {
        try (ConfigurableApplicationContext application =
                SpringApplication.run(SystemsApplication.class, "--port=0", "--spring.main.banner-mode=off")) {
            base = "http://localhost:" + application.getEnvironment().getProperty("local.server.port");
            KeyService keys = application.getBean(KeyService.class);
            String token = token(keys, KeySpec.forUser("alice", "acme"));
            assertThat(status(token)).isEqualTo(200);

            application.getBean(UserDetailsManager.class).deleteUser("alice");
            keys.ownerChanged(Owner.user("alice", "acme"));

            assertThat(status(token)).isEqualTo(401);
            assertThat(status(token(keys, KeySpec.forOrganization("acme")))).isEqualTo(200);
        }
    }

    private static String token(KeyService keys, KeySpec spec) {
        return keys.issue(spec.named("CRM").mode(Mode.READ)).token().reveal();
    }

    private int status(String token) throws Exception {
        return send(
                        program,
                        request("/systems", "Authorization", "Bearer " + token).GET())
                .statusCode();
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private String csrf() throws Exception {
        return find(
                "name=\"_csrf\"[^>]*value=\"([^\"]+)\"",
                send(browser, request("/login").GET()).body());
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String find(String pattern, String text) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }
}
