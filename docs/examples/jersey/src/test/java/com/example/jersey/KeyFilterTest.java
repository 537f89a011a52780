package com.example.jersey;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.testkit.TestKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.glassfish.jersey.jdkhttp.JdkHttpServerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.filter.RolesAllowedDynamicFeature;
import org.junit.jupiter.api.Test;

class KeyFilterTest {
    @Test
    void scopes_areRoles() throws Exception {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            String token = keys.issue(
                            KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ))
                    .token()
                    .reveal();
            // tag::server[]
            ResourceConfig application = new ResourceConfig(SystemsResource.class, RolesAllowedDynamicFeature.class)
                    .register(new KeyFilter(keys));
            // end::server[]
            HttpServer server = JdkHttpServerFactory.createHttpServer(URI.create("http://localhost:0/"), application);
            String url = "http://localhost:" + server.getAddress().getPort() + "/systems";
            try {
                assertThat(send("GET", url, token).body()).isEqualTo("systems of alice");
                assertThat(send("DELETE", url, token).statusCode()).isEqualTo(403);
                assertThat(send("GET", url, "nonsense").statusCode()).isEqualTo(401);
            } finally {
                server.stop(0);
            }
        }
    }

    @Test
    void outage_is503_whoeverIsAway() throws Exception {
        try (TestKeys keys = new TestKeys()) {
            String token = keys.token("read:systems");
            String unseen = keys.token("read:systems");
            HttpServer server = JdkHttpServerFactory.createHttpServer(
                    URI.create("http://localhost:0/"),
                    new ResourceConfig(SystemsResource.class).register(new KeyFilter(keys.keys())));
            String url = "http://localhost:" + server.getAddress().getPort() + "/systems";
            try {
                keys.owners().failWith(new IllegalStateException("the directory is away"));
                HttpResponse<String> noOwners = send("GET", url, token);
                keys.owners().failWith(null);
                keys.store().cutOff();
                HttpResponse<String> noStore = send("GET", url, unseen);

                for (HttpResponse<String> answer : List.of(noOwners, noStore)) {
                    assertThat(answer.statusCode()).isEqualTo(503);
                    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
                }
            } finally {
                server.stop(0);
            }
        }
    }

    private static HttpResponse<String> send(String method, String url, String token) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .header("X-API-Key", token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
